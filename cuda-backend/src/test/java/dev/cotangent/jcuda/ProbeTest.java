package dev.cotangent.jcuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.cuda.Cuda;
import dev.cotangent.internal.Internals;
import dev.cotangent.kernels.CudaLibraries;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the messages about missing or unusable drivers and libraries, and that the CPU works without them. */
class ProbeTest extends OnEmulator {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        100 | the NVIDIA driver finds no device (CUDA_ERROR_NO_DEVICE)
        34  | the CUDA library is a stub (CUDA_ERROR_STUB_LIBRARY)
        803 | the NVIDIA driver's parts are of different versions (CUDA_ERROR_SYSTEM_DRIVER_MISMATCH)
        46  | the device is in use exclusively (CUDA_ERROR_DEVICE_UNAVAILABLE)
        999 | the NVIDIA driver cannot be initialised: cuInit gave error 999
        """)
    void aDriverThatFailsToInitialiseNamesReasonAndRemedy(int code, String output) {
        emulator.fail("cuInit", 0, code);
        DriverProbe.Found found = DriverProbe.probe();
        assertTrue(found.problem().startsWith(output + "; "), found.problem());
        assertEquals(List.of(), found.devices());
        assertEquals("", DriverProbe.probe().problem());
    }

    /** Prints what was found and the result of a matrix product; runs in a child process. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) {
            System.out.println(CudaLibraries.nvrtc().isPresent());
            System.out.println(CudaLibraries.cublas().isPresent());
            System.out.println(Cuda.status());
            Tensor x = Tensors.ones(2, 2);
            if (Cuda.isAvailable()) x = x.cuda();
            System.out.println(x.matmul(x).sum().itemDouble());
        }
    }

    /** Returns the output of a child process that finds only the given libraries of the emulator. */
    private static List<String> runChild(Path folder, String... libraries) throws IOException, InterruptedException {
        for (String library : libraries) {
            Files.copy(emulator.folder().resolve(library), folder.resolve(library));
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Duser.home=" + folder,
                "-Dcotangent.cuda.path=" + folder,
                "-Dcotangent.cuda.kernels=" + folder.resolve("kernels"),
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command);
        for (String variable : List.of("CUDA_HOME", "CUDA_PATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "CONDA_PREFIX")) {
            builder.environment().remove(variable);
        }
        Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output.lines().toList();
    }

    @Test
    void withoutNvrtcTheCpuComputes(@TempDir Path folder) throws Exception {
        List<String> output = runChild(folder, "libcuda.so.1");
        assumeTrue(output.get(0).equals("false"), "this host has an NVRTC of its own, so its absence was not tested");
        String status = output.get(2);
        assertTrue(status.contains("NVRTC, which compiles kernels, was not found in any of ["), status);
        assertTrue(status.contains("pip install nvidia-cuda-nvrtc-cu12"), status);
        assertEquals("8.0", output.get(3));
    }

    @Test
    void withoutCublasOurKernelsMultiply(@TempDir Path folder) throws Exception {
        List<String> output = runChild(folder, "libcuda.so.1", "libnvrtc.so.12");
        assumeTrue(output.get(1).equals("false"), "this host has a cuBLAS of its own, so its absence was not tested");
        String status = output.get(2);
        assertTrue(status.startsWith("Emulated CUDA device 0"), status);
        assertTrue(status.contains("no cuBLAS, so that matrix products run on kernels of our own"), status);
        assertEquals("8.0", output.get(3));
    }

    @Test
    void librariesNewerThanTheDriverAreNotUsed(@TempDir Path folder) throws IOException {
        for (String library : List.of("libnvrtc.so.", "libcublas.so.")) {
            for (int major : new int[] {12, 13}) Files.createFile(folder.resolve(library + major));
        }
        String before = System.setProperty(CudaLibraries.PATH, folder.toString());
        try {
            for (int major : new int[] {12, 13, 14}) {
                emulator.driverVersion(1000 * major + 40);
                DriverProbe.Found driver = DriverProbe.probe();
                assertEquals(
                        Math.min(major, 13),
                        CudaLibraries.nvrtc(driver.major()).orElseThrow().major());
                assertEquals(
                        Math.min(major, 13),
                        CudaLibraries.cublas(driver.major()).orElseThrow().major());
            }
            emulator.driverVersion(12040);
            System.setProperty(CudaLibraries.PATH, emulator.folder() + ":" + folder);
            Files.delete(folder.resolve("libnvrtc.so.12"));
            String status = new CudaProvider().probe().message();
            assertTrue(status.contains("driver for CUDA 12.4; NVRTC 12 at " + emulator.folder()), status);
        } finally {
            emulator.driverVersion(12060);
            System.setProperty(CudaLibraries.PATH, before);
        }
    }

    @Test
    void aCublasThatCannotBeUsedIsReplacedByOurKernels() {
        emulator.fail("cublasCreate", 0, 1);
        Backend device = new CudaProvider().open(1);
        assertFalse(emulator.fail("cublasCreate", 0, 0), "cublasCreate was never called");
        Storage memory = device.allocate(Dtype.FLOAT32, 4);
        device.write(memory, 0, MemorySegment.ofArray(new float[] {1, 2, 3, 4}));
        Strided x = new Strided(memory, Layout.contiguous(1, 2, 2));
        Strided y = new Strided(device.allocate(Dtype.FLOAT32, 4), x.layout());
        device.matmul(x, x, y, y, 1, 0);
        assertArrayEquals(new float[] {7, 10, 15, 22}, floats(Internals.wrap(y)));
    }

    @Test
    void withoutADriverTheCpuComputes(@TempDir Path folder) throws Exception {
        List<String> output = runChild(folder);
        String status = output.get(2);
        assumeTrue(!status.contains("driver for CUDA"), "this host has a driver, so its absence was not tested");
        assertTrue(status.contains("there is no NVIDIA driver: libcuda.so.1 was not found; install"), status);
        assertEquals("8.0", output.get(3));
    }
}
