package dev.cotangent.jcuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.cuda.Cuda;
import dev.cotangent.kernels.CudaLibraries;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said where a driver or a library is missing or of no use, and that everything else goes on without it. */
class ProbeTest extends OnEmulator {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        100 | the NVIDIA driver finds no device (CUDA_ERROR_NO_DEVICE)
        34  | the CUDA library is a stub (CUDA_ERROR_STUB_LIBRARY)
        803 | the NVIDIA driver's parts are of different versions (CUDA_ERROR_SYSTEM_DRIVER_MISMATCH)
        46  | the device is in use exclusively (CUDA_ERROR_DEVICE_UNAVAILABLE)
        999 | the NVIDIA driver cannot be initialised: cuInit gave error 999
        """)
    void aDriverThatDoesNotStartSaysWhyAndWhatToDo(int code, String said) {
        emulator.fail("cuInit", 0, code);
        DriverProbe.Found found = DriverProbe.probe();
        assertTrue(found.trouble().startsWith(said + "; "), found.trouble());
        assertEquals(List.of(), found.devices());
        assertEquals("", DriverProbe.probe().trouble());
    }

    /** Says what was found, and multiplies where it can; runs in a process of its own. */
    static final class Asked {
        private Asked() {}

        public static void main(String[] args) {
            System.out.println(CudaLibraries.nvrtc().isPresent());
            System.out.println(CudaLibraries.cublas().isPresent());
            System.out.println(Cuda.status());
            Tensor x = Tensors.ones(2, 2);
            if (Cuda.isAvailable()) x = x.cuda();
            System.out.println(x.matmul(x).sum().itemDouble());
        }
    }

    /** What a process says that finds those of the emulator's libraries and no others. */
    private static List<String> asked(Path folder, String... libraries) throws IOException, InterruptedException {
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
                Asked.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command);
        for (String variable : List.of("CUDA_HOME", "CUDA_PATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "CONDA_PREFIX")) {
            builder.environment().remove(variable);
        }
        Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said.lines().toList();
    }

    @Test
    void withoutNvrtcTheCpuComputes(@TempDir Path folder) throws Exception {
        List<String> said = asked(folder, "libcuda.so.1");
        assumeTrue(said.get(0).equals("false"), "this host has an NVRTC of its own, so its absence was not tried");
        String status = said.get(2);
        assertTrue(status.contains("NVRTC, which compiles kernels, was not found in any of ["), status);
        assertTrue(status.contains("pip install nvidia-cuda-nvrtc-cu12"), status);
        assertEquals("8.0", said.get(3));
    }

    @Test
    void withoutCublasKernelsOfOurOwnMultiply(@TempDir Path folder) throws Exception {
        List<String> said = asked(folder, "libcuda.so.1", "libnvrtc.so.12");
        assumeTrue(said.get(1).equals("false"), "this host has a cuBLAS of its own, so its absence was not tried");
        String status = said.get(2);
        assertTrue(status.startsWith("Emulated CUDA device 0"), status);
        assertTrue(status.contains("no cuBLAS, so that matrix products run on kernels of our own"), status);
        assertEquals("8.0", said.get(3));
    }

    @Test
    void withoutADriverTheCpuComputes(@TempDir Path folder) throws Exception {
        List<String> said = asked(folder);
        String status = said.get(2);
        assumeTrue(!status.contains("driver for CUDA"), "this host has a driver, so its absence was not tried");
        assertTrue(status.contains("there is no NVIDIA driver: libcuda.so.1 was not found; install"), status);
        assertEquals("8.0", said.get(3));
    }
}
