package dev.cotangent.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the figures were measured on.
 *
 * @param processor its model
 * @param cores that Java may use
 * @param has the widest vectors that the processor has: its instruction set and bits; empty where that is not known
 * @param engine what our side says of its threads and vectors; empty where none ran
 * @param java version and name of the virtual machine
 */
record Machine(String processor, int cores, String has, String engine, String java) {
    private static final Path INFO = Path.of("/proc/cpuinfo");

    /** Returns this machine, with what the measured side says of itself. */
    static Machine here(String engine) {
        return new Machine(
                info("model name", System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors(),
                widest(info("flags", info("Features", ""))),
                engine,
                System.getProperty("java.version") + ", " + System.getProperty("java.vm.name"));
    }

    /** Returns the first line of that name in the kernel's list. */
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

    /** Returns it as one line. */
    String line() {
        return processor + ", " + cores + " cores" + (has.isEmpty() ? "" : " with " + has) + ", Java " + java
                + (engine.isEmpty() ? "" : "; " + engine);
    }

    /** Returns it as a JSON object. */
    String json() {
        return "{\"processor\": \"%s\", \"cores\": %d, \"has\": \"%s\", \"engine\": \"%s\", \"java\": \"%s\"}"
                .formatted(processor.replace("\"", "'"), cores, has, engine, java);
    }
}
