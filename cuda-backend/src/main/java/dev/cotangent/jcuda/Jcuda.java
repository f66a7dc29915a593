package dev.cotangent.jcuda;

import dev.cotangent.CotangentException;
import dev.cotangent.internal.Logs;
import dev.cotangent.kernels.CudaLibraries;
import dev.cotangent.kernels.CudaLibraries.Found;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jcuda.driver.CUresult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Loads JCuda's native libraries, once. JCuda extracts them to {@code java.io.tmpdir} and would load an existing file
 * unchecked, so the property names a private folder meanwhile.
 */
@SuppressWarnings("restricted")
final class Jcuda {
    private static final Logger LOG = Logs.of(Jcuda.class);
    private static final String CUBLAS = "libJCublas2-12.6.0-linux-x86_64.so";
    private static final int VERSION_NEEDS = 0x6ffffffe;
    private static @Nullable Boolean cublasLoaded;

    private Jcuda() {}

    /** Loads JCuda; returns whether cuBLAS is available. */
    static synchronized boolean boot() {
        if (cublasLoaded != null) return cublasLoaded;
        Path driver = Path.of(CudaLibraries.driver());
        if (driver.isAbsolute()) System.load(driver.toString());
        Optional<Found> cublas = CudaLibraries.cublas(DriverProbe.probe().major());
        String before = System.getProperty("java.io.tmpdir");
        Path folder = null;
        try {
            folder = Files.createTempDirectory("cotangent-jcuda-");
            System.setProperty("java.io.tmpdir", folder.toString());
            Class.forName("jcuda.driver.JCudaDriver");
            cublasLoaded = cublas.isPresent() && loadCublas(cublas.get(), folder);
            if (cublas.isEmpty())
                LOG.info("no cuBLAS for this driver was found: matrix products run on kernels of our own");
            return cublasLoaded;
        } catch (IOException | ClassNotFoundException | LinkageError e) {
            throw new CotangentException("JCuda cannot be loaded: " + firstLine(e), e);
        } finally {
            if (before != null) System.setProperty("java.io.tmpdir", before);
            if (folder != null) delete(folder);
        }
    }

    private static boolean loadCublas(Found cublas, Path folder) throws IOException {
        try {
            CudaLibraries.sibling(cublas.path(), "libcublasLt.so." + cublas.major())
                    .ifPresent(lt -> System.load(lt.toString()));
            System.load(cublas.path().toString());
            if (cublas.major() != 12 && System.getProperty("os.name", "").equals("Linux")) {
                Files.write(
                        folder.resolve(CUBLAS), adapt(resource(), "libcublas.so.12", "libcublas.so." + cublas.major()));
            }
            Class.forName("jcuda.jcublas.JCublas2");
            return true;
        } catch (LinkageError | ClassNotFoundException e) {
            LOG.warn(
                    "cuBLAS at {} cannot be loaded, matrix products run on kernels of our own: {}",
                    cublas.path(),
                    firstLine(e));
            return false;
        }
    }

    private static byte[] resource() throws IOException {
        try (InputStream in = CUresult.class.getResourceAsStream("/lib/" + CUBLAS)) {
            if (in == null) throw new IOException(CUBLAS + " is not on the class path");
            return in.readAllBytes();
        }
    }

    /**
     * Returns a shared object (64-bit ELF) with a needed library replaced by one whose name has the same length: in its
     * strings, and as the hash in the section of needed versions.
     */
    static byte[] adapt(byte[] object, String from, String to) {
        byte[] elf = object.clone();
        byte[] old = (from + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] name = to.getBytes(StandardCharsets.US_ASCII);
        if (name.length + 1 != old.length)
            throw new IllegalArgumentException(from + " and " + to + " differ in length");
        for (int i = 1; i + old.length <= elf.length; i++) {
            if (elf[i - 1] == 0 && Arrays.equals(elf, i, i + old.length, old, 0, old.length)) {
                System.arraycopy(name, 0, elf, i, name.length);
            }
        }
        ByteBuffer b = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
        int sections = (int) b.getLong(40);
        for (int s = 0; s < b.getShort(60); s++) {
            int section = sections + s * b.getShort(58);
            if (b.getInt(section + 4) != VERSION_NEEDS) continue;
            int need = (int) b.getLong(section + 24);
            for (int n = b.getInt(section + 44); n > 0; n--) {
                int version = need + b.getInt(need + 8);
                for (int v = b.getShort(need + 2); v > 0; v--) {
                    if (b.getInt(version) == hash(from)) b.putInt(version, hash(to));
                    version += b.getInt(version + 12);
                }
                need += b.getInt(need + 12);
            }
        }
        return elf;
    }

    /** Returns the hash of ELF's symbol tables (System V ABI). */
    private static int hash(String name) {
        int h = 0;
        for (byte c : name.getBytes(StandardCharsets.US_ASCII)) {
            h = (h << 4) + c;
            int high = h & 0xF0000000;
            if (high != 0) h ^= high >>> 24;
            h &= ~high;
        }
        return h;
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            for (Path file : all) Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // Windows cannot delete loaded files; the system clears its temporary folder.
            LOG.debug("{} stays: {}", folder, e.getMessage());
        }
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
    }

    /** Throws an error of the driver with its name. */
    static void check(int code, String function) {
        if (code != 0) throw new CotangentException(describe(code, function));
    }

    static String describe(int code, String function) {
        return "CUDA error: " + CUresult.stringFor(code) + " in " + function;
    }
}
