package dev.cotangent.examples;

import dev.cotangent.Cuda;
import dev.cotangent.backend.BackendProvider;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code cotangent doctor}: what this machine offers and what is missing. */
@Command(
        name = "doctor",
        description = "Says which Java, vectors, threads and backends there are, or why not.",
        mixinStandardHelpOptions = true)
final class Doctor implements Callable<Integer> {
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
                vectors ? "there" : "missing: start Java with --add-modules jdk.incubator.vector for full speed");
        List<BackendProvider> providers = ServiceLoader.load(BackendProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(BackendProvider::deviceType)
                        .thenComparing(
                                Comparator.comparingInt(BackendProvider::rank).reversed()))
                .toList();
        boolean usable = false;
        for (BackendProvider provider : providers) {
            BackendProvider.Probe probe = provider.probe();
            usable |= probe.usable();
            String state = probe.usable() ? "usable" : "not usable";
            line(out, "Device " + provider.deviceType(), "%s: %s, %s", provider.name(), state, probe.message());
        }
        if (providers.stream().noneMatch(p -> p.deviceType().equals("cuda"))) {
            line(out, "Device cuda", "not usable: " + Cuda.status());
        }
        out.flush();
        return usable ? 0 : 1;
    }

    private static String property(String name) {
        return System.getProperty(name, "unknown");
    }

    private static void line(PrintWriter out, String what, String text, Object... values) {
        out.printf("%-12s %s%n", what, text.formatted(values));
    }
}
