package dev.cotangent.jcuda;

import dev.cotangent.backend.Backend;
import dev.cotangent.backend.BackendProvider;
import dev.cotangent.kernels.CudaLibraries;
import dev.cotangent.kernels.CudaLibraries.Found;
import dev.cotangent.kernels.Nvrtc;
import java.util.Optional;

/**
 * Provider of NVIDIA GPUs. System properties: {@code cotangent.cuda.path}, folders of CUDA's libraries;
 * {@code cotangent.cuda.kernels}, the folder of the kernel cache, or {@code off};
 * {@code cotangent.cuda.caching=off} to return freed memory to the driver at once;
 * {@code cotangent.cuda.allowTf32=true} for float32 matrix products in TF32.
 */
public final class CudaProvider implements BackendProvider {
    private static final String PIP =
            "pip install nvidia-cuda-nvrtc-cu12 nvidia-cublas-cu12, or NVIDIA's CUDA toolkit 12 or 13";

    @Override
    public String deviceType() {
        return "cuda";
    }

    @Override
    public String name() {
        return "CUDA (JCuda)";
    }

    @Override
    public int rank() {
        return 10;
    }

    @Override
    public Probe probe() {
        DriverProbe.Found driver = DriverProbe.probe();
        if (!driver.problem().isEmpty()) return new Probe(0, driver.problem());
        Optional<Found> nvrtc = CudaLibraries.nvrtc(driver.major());
        if (nvrtc.isEmpty() && CudaLibraries.nvrtc().isPresent()) {
            Found newer = CudaLibraries.nvrtc().get();
            return new Probe(
                    0,
                    "NVRTC " + newer.major() + " at " + newer.path() + " is newer than the driver, which is for CUDA "
                            + DriverProbe.text(driver.version()) + "; install NVRTC " + driver.major()
                            + " beside it (pip install nvidia-cuda-nvrtc-cu" + driver.major()
                            + "), or a newer driver");
        }
        if (nvrtc.isEmpty()) {
            return new Probe(
                    0,
                    "NVRTC, which compiles kernels, was not found in any of " + CudaLibraries.folders()
                            + "; install it (" + PIP + "), or name its folder with -D" + CudaLibraries.PATH + "=");
        }
        String cublas = CudaLibraries.cublas(driver.major())
                .map(found -> "cuBLAS " + found.major() + " at " + found.path())
                .orElse("no cuBLAS, so that matrix products run on kernels of our own, several times slower (" + PIP
                        + ")");
        return new Probe(
                driver.devices().size(),
                String.join(", ", driver.devices()) + "; driver for CUDA " + DriverProbe.text(driver.version())
                        + "; NVRTC " + nvrtc.get().major() + " at "
                        + nvrtc.get().path() + "; " + cublas + "; kernels are cached "
                        + KernelCache.location());
    }

    @Override
    public Backend open(int index) {
        Jcuda.boot();
        Found nvrtc = CudaLibraries.nvrtc(DriverProbe.probe().major()).orElseThrow();
        boolean caching = !System.getProperty("cotangent.cuda.caching", "on").equals("off");
        return new CudaBackend(new CudaDevice(index, caching), Nvrtc.load(nvrtc.path()));
    }
}
