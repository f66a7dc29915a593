package dev.cotangent.cli;

import dev.cotangent.backend.BackendProvider;
import dev.cotangent.backend.Backends;
import dev.cotangent.emulator.EmulatedCuda;
import dev.cotangent.kernels.CudaLibraries;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code cotangent doctor}: reports what this machine offers and what is missing. */
@Command(
        name = "doctor",
        description =
                "Reports on Java, vectors, threads, devices and CUDA's libraries, and how to install what is missing.",
        mixinStandardHelpOptions = true)
final class Doctor implements Callable<Integer> {
    private static final List<String> TYPES = List.of("cpu", "cuda");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Runtime runtime = Runtime.getRuntime();
        line(out, "Java", "%s, %s, %s", Runtime.version(), property("java.vendor"), property("java.home"));
        line(out, "System", "%s %s, %s", property("os.name"), property("os.version"), property("os.arch"));
        line(
                out,
                "Machine",
                "%d processors, heap up to %.1f GB",
                runtime.availableProcessors(),
                runtime.maxMemory() / 1e9);
        boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        line(
                out,
                "Vector API",
                vectors ? "available" : "missing: start Java with --add-modules jdk.incubator.vector for full speed");
        boolean usable = false;
        for (String type : TYPES) {
            List<BackendProvider> providers = Backends.providers().stream()
                    .filter(p -> p.deviceType().equals(type))
                    .toList();
            for (BackendProvider provider : providers) {
                BackendProvider.Probe probe = provider.probe();
                usable |= probe.usable();
                String state = provider.name() + (probe.usable() ? ": usable" : ": not usable");
                lines(out, "Device " + type, state + "; " + probe.message());
            }
            if (providers.isEmpty())
                lines(
                        out,
                        "Device " + type,
                        "not usable; " + Backends.probe(type).message());
        }
        library(out, "NVRTC", CudaLibraries.nvrtc(), "nvidia-cuda-nvrtc-cu12");
        library(out, "cuBLAS", CudaLibraries.cublas(), "nvidia-cublas-cu12");
        String obstacle = EmulatedCuda.obstacle();
        line(out, "Emulator", "%s", obstacle.isEmpty() ? "available: --device emulated" : obstacle);
        out.flush();
        return usable ? 0 : 1;
    }

    private static void library(PrintWriter out, String name, Optional<CudaLibraries.Found> found, String wheel) {
        String text = found.map(f -> f.major() + " at " + real(f.path()))
                .orElse("not found; pip install " + wheel + ", or NVIDIA's CUDA toolkit 12 or 13, or its folder"
                        + " in LD_LIBRARY_PATH; searched "
                        + CudaLibraries.folders().stream().map(Path::toString).collect(Collectors.joining(", ")));
        lines(out, name, text);
    }

    /** Resolves links, since the target's name has the full version. */
    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            return file;
        }
    }

    private static String property(String name) {
        return System.getProperty(name, "unknown");
    }

    private static void line(PrintWriter out, String what, String text, Object... values) {
        out.printf("%-12s %s%n", what, text.formatted(values));
    }

    /** Prints each part on its own line. */
    private static void lines(PrintWriter out, String what, String parts) {
        String head = what;
        for (String part : parts.split("; ")) {
            line(out, head, "%s", part);
            head = "";
        }
    }
}
