package dev.cotangent.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cotangent.cpu.vector.VectorApi;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each vector width that the processor has, in a JVM of its own: loops are handed over to vectors, allocate none once they are
 * compiled, and have the bits of scalar code, hence the same for every width.
 */
class VectorWidthsTest {
    /** Seconds for which a trial waits for the compiler, for each operation, before it fails. */
    private static final int PATIENCE = 120;

    /** Hashes of all results, by those who came first. */
    private static final List<String> HASHES = new ArrayList<>();

    record Width(int bits, List<String> options) {
        @Override
        public String toString() {
            return bits + " bits by " + String.join(" ", options);
        }
    }

    /**
     * Has loops compiled before the profiles of what they call count, which on a busy machine happens by chance. What the compiler
     * does not know of vectors then, it never learns.
     */
    private static final List<String> BLIND = List.of(
            "-XX:ProfileMaturityPercentage=100",
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=CompileThresholdScaling,dev.cotangent.cpu.vector.*::*,0.1");

    /** The full tier asks for 256 bits in other ways too, which differ in the registers that HotSpot allocates. */
    static Stream<Width> widths() {
        List<String> blind = new ArrayList<>(BLIND);
        blind.add("-XX:MaxVectorSize=32");
        Stream<Width> fast = Stream.of(
                new Width(128, List.of("-XX:MaxVectorSize=16")),
                new Width(256, blind),
                new Width(512, List.of("-XX:MaxVectorSize=64")));
        if (!Boolean.getBoolean("contract.thorough")) return fast;
        return Stream.concat(
                fast,
                Stream.of(
                        new Width(256, List.of("-XX:MaxVectorSize=32")),
                        new Width(256, List.of("-Dcotangent.vector.bits=256")),
                        new Width(512, BLIND)));
    }

    @BeforeAll
    static void needsTheVectorApi() {
        assumeTrue(ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(), "the Vector API is not loaded");
    }

    @ParameterizedTest
    @MethodSource("widths")
    void everyWidthWorks(Width width) throws IOException, InterruptedException {
        int most = VectorApi.available();
        assumeTrue(width.bits <= most, "the processor has vectors of " + most + " bits at most");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.add("--add-modules=jdk.incubator.vector");
        command.add("-Dcontract.thorough=" + Given.THOROUGH);
        command.addAll(width.options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), WidthTrial.class.getName()));
        command.addAll(List.of(String.valueOf(width.bits), String.valueOf(PATIENCE)));
        Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines;
        try (var out = java.inputReader()) {
            lines = out.lines().toList();
        }
        String all = String.join("\n", lines);
        assertEquals(0, java.waitFor(), all);
        assertTrue(lines.stream().noneMatch(l -> l.startsWith(WidthTrial.PROBLEM)), all);
        String hash = lines.stream()
                .filter(l -> l.startsWith(WidthTrial.HASH))
                .findFirst()
                .orElseThrow(() -> new AssertionError(all));
        HASHES.add(hash);
        assertEquals(HASHES.getFirst(), hash, "results differ from those of another width");
    }
}
