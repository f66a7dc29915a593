package dev.cotangent.jcuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cotangent.kernels.CudaLibraries;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import jcuda.driver.CUresult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the adaptation of JCuda's library for cuBLAS 12 to cuBLAS 13. */
class JcudaTest {
    @Test
    void theVersionIsReplacedEverywhere() throws IOException {
        byte[] before = library();
        byte[] after = Jcuda.adapt(before, "libcublas.so.12", "libcublas.so.13");
        assertEquals(before.length, after.length);
        assertTrue(text(before).contains("\0libcublas.so.12\0"));
        assertFalse(text(after).contains("\0libcublas.so.12\0"));
        assertTrue(text(after).contains("\0libcublas.so.13\0"));
        assertArrayEquals(before, Jcuda.adapt(after, "libcublas.so.13", "libcublas.so.12"));
    }

    /** Checks that cuBLAS 13 or newer, if installed, has every function that JCuda's library for cuBLAS 12 needs. */
    @Test
    @SuppressWarnings("restricted")
    void newerVersionsHaveAllFunctions(@TempDir Path folder) throws Throwable {
        Optional<CudaLibraries.Found> cublas = CudaLibraries.cublas();
        assumeTrue(
                cublas.isPresent() && cublas.get().major() > 12,
                "no cuBLAS 13, so nothing was bound to it; pip install nvidia-cublas and set " + CudaLibraries.PATH);
        String name = "libcublas.so." + cublas.orElseThrow().major();
        CudaLibraries.sibling(cublas.get().path(), name.replace("cublas", "cublasLt"))
                .ifPresent(lt -> System.load(lt.toString()));
        System.load(cublas.get().path().toString());
        Path adapted = folder.resolve("adapted.so");
        Files.write(adapted, Jcuda.adapt(library(), "libcublas.so.12", name));
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor type = FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT);
        MethodHandle dlopen = linker.downcallHandle(linker.defaultLookup().findOrThrow("dlopen"), type);
        try (Arena arena = Arena.ofConfined()) {
            int bindNow = 2;
            MemorySegment loaded = (MemorySegment) dlopen.invokeExact(arena.allocateFrom(adapted.toString()), bindNow);
            assertNotEquals(MemorySegment.NULL, loaded, () -> "something is missing in " + cublas.get());
        }
    }

    private static byte[] library() throws IOException {
        try (InputStream in = CUresult.class.getResourceAsStream("/lib/libJCublas2-12.6.0-linux-x86_64.so")) {
            assertTrue(in != null, "JCuda's natives are on the class path");
            return in.readAllBytes();
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
