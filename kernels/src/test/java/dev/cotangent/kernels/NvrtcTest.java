package dev.cotangent.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cotangent.CotangentException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests that NVRTC compiles every source for several architectures without a warning. It needs no GPU. */
class NvrtcTest {
    private static final String[] ARCHITECTURES = {"sm_75", "sm_80", "sm_90", "sm_100"};

    private static Nvrtc nvrtc() {
        Optional<CudaLibraries.Found> found = CudaLibraries.nvrtc();
        assumeTrue(
                found.isPresent(),
                "NVRTC was not found, so nothing was compiled; pip install nvidia-cuda-nvrtc and set "
                        + CudaLibraries.PATH);
        return Nvrtc.load(found.orElseThrow().path());
    }

    @Test
    void everySourceCompilesWithoutAWarning() {
        Nvrtc nvrtc = nvrtc();
        List<KernelSource> all = new ArrayList<>(EverySource.templates());
        for (var program : EverySource.programs()) all.add(KernelSources.pointwise(program, all.size() % 2 == 0));
        for (var program : EverySource.random(40, 7)) all.add(KernelSources.pointwise(program, false));
        String only = System.getProperty("nvrtc.architecture");
        for (int i = 0; i < all.size(); i++) {
            String architecture = only != null ? only : ARCHITECTURES[i % ARCHITECTURES.length];
            // NVRTC before 12.8 does not know sm_100.
            if (architecture.equals("sm_100")
                    && nvrtc.version().startsWith("12.")
                    && !nvrtc.version().matches("12\\.[89]")) {
                architecture = "sm_90";
            }
            Nvrtc.Compiled compiled = nvrtc.compile(all.get(i), architecture);
            assertEquals("", compiled.log(), all.get(i).name());
            assertTrue(compiled.cubin().length > 0, all.get(i).name());
        }
    }

    @Test
    void anErrorNamesKernelAndSymbol() {
        Nvrtc nvrtc = nvrtc();
        KernelSource wrong = new KernelSource("wrong", "extern \"C\" __global__ void k() { undefined(); }");
        String message = assertThrows(CotangentException.class, () -> nvrtc.compile(wrong, "sm_80"))
                .getMessage();
        assertTrue(message.contains("\"wrong\"") && message.contains("undefined"), message);
    }
}
