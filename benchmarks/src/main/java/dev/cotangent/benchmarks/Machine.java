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
 * @param vectorBits of the vectors in use, 0 without the Vector API
 * @param java version and name of the virtual machine
 */
record Machine(String processor, int cores, String has, int vectorBits, String java) {
    private static final Path INFO = Path.of("/proc/cpuinfo");

    /** Returns this machine, with the vectors that the measured side says it uses. */
    static Machine here(int vectorBits) {
        return new Machine(
                info("model name", System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors(),
                widest(info("flags", info("Features", ""))),
                vectorBits,
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
        if (all.contains("avx512f"))
            return all.contains("avx512_bf16") ? "AVX-512 with bfloat16, 512 bits" : "AVX-512, 512 bits";
        if (all.contains("avx2")) return "AVX2, 256 bits";
        if (all.contains("sve")) return "SVE";
        if (all.contains("asimd")) return "NEON, 128 bits";
        return all.contains("sse2") ? "SSE, 128 bits" : "";
    }

    /** Returns it as one line. */
    String line() {
        String vectors = vectorBits == 0 ? "no vectors" : "vectors of " + vectorBits + " bits";
        return processor + ", " + cores + " cores, " + (has.isEmpty() ? "" : "has " + has + ", ") + vectors
                + " in use, Java " + java;
    }

    /** Returns it as a JSON object. */
    String json() {
        return "{\"processor\": \"%s\", \"cores\": %d, \"has\": \"%s\", \"vector_bits\": %d, \"java\": \"%s\"}"
                .formatted(processor.replace("\"", "'"), cores, has, vectorBits, java);
    }
}
