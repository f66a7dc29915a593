package dev.cotangent.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The machine of the measurements.
 *
 * @param processor the processor's model
 * @param cores number of cores available to Java
 * @param has the widest instruction set of vectors, or empty if unknown
 * @param engine our side's description of its threads and vectors, or empty
 * @param java version and name of the virtual machine
 */
record Machine(String processor, int cores, String has, String engine, String java) {
    private static final Path INFO = Path.of("/proc/cpuinfo");

    /** Returns this machine, with the description of the measured side. */
    static Machine here(String engine) {
        return new Machine(
                info("model name", System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors(),
                widest(info("flags", info("Features", ""))),
                engine,
                System.getProperty("java.version") + ", " + System.getProperty("java.vm.name"));
    }

    /** Returns the first value of a name in the kernel's list. */
    private static String info(String name, String otherwise) {
        try (Stream<String> lines = Files.lines(INFO)) {
            return lines.filter(l -> l.startsWith(name))
                    .findFirst()
                    .map(l -> l.substring(l.indexOf(':') + 1).strip())
                    .orElse(otherwise);
        } catch (IOException e) {
            return otherwise;
        }
    }

    private static String widest(String flags) {
        List<String> all = Arrays.asList(flags.split(" "));
        if (all.contains("avx512f")) return all.contains("avx512_bf16") ? "AVX-512 and its bfloat16" : "AVX-512";
        if (all.contains("avx2")) return "AVX2";
        if (all.contains("sve")) return "SVE";
        if (all.contains("asimd")) return "NEON";
        return all.contains("sse2") ? "SSE" : "";
    }

    /** Returns a one-line description. */
    String line() {
        return processor + ", " + cores + " cores" + (has.isEmpty() ? "" : " with " + has) + ", Java " + java
                + (engine.isEmpty() ? "" : "; " + engine);
    }

    /** Returns a JSON object. */
    String json() {
        return "{\"processor\": \"%s\", \"cores\": %d, \"has\": \"%s\", \"engine\": \"%s\", \"java\": \"%s\"}"
                .formatted(processor.replace("\"", "'"), cores, has, engine, java);
    }
}
