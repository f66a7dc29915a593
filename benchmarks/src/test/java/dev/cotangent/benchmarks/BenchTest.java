package dev.cotangent.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Device;
import dev.cotangent.cli.Cotangent;
import dev.cotangent.internal.Internals;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code cotangent bench}, with a peer that is a shell script. */
class BenchTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String line) {
        CommandLine command = Cotangent.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(line.split(" "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bench --threads 0",
                "bench --threads one",
                "bench --rounds 0",
                "bench --device tpu",
                "bench --peer jax=python3",
                "bench --peer pytorch=",
                "bench --peer numpy=",
                "bench --peer numpy=python3 --device cuda",
                "bench --peer numpy=python3 --cold-start",
                "bench --peer pytorch=python3 --device emulated",
                "bench --peer pytorch=python3 --jmh",
                "bench --peer pytorch=a --peer pytorch=b",
                "bench --peer pytorch-eager=python3",
                "bench --cold-start --peer pytorch-compile=python3",
                "bench --operators --only quaternion",
                "bench --only quaternion",
            })
    void badArgumentsGiveOneLineUsageAndStatus2(String line) {
        assertEquals(2, run(line));
        assertTrue(err.toString().matches("(?s)cotangent bench: [^\n]+\n\nUsage: cotangent bench.*"), err.toString());
    }

    @Test
    void everyCaseHasANameOfItsOwnThatThePeerKnows() throws IOException {
        List<Case> all = Cases.all();
        assertEquals(all.size(), new HashSet<>(all.stream().map(Case::name).toList()).size());
        String script;
        try (var in = Objects.requireNonNull(Bench.class.getResourceAsStream("pytorch_cases.py"))) {
            script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (Case c : all) {
            if (c.peer() != null) continue;
            String kind = c.name().substring(0, c.name().indexOf('/'));
            assertTrue(script.contains('"' + kind + '"'), kind);
        }
    }

    @Test
    void thoseThatAgreeAreCompared(@TempDir Path folder) throws IOException {
        var engine = new OurEngine();
        engine.open("cpu", 1);
        var sum = Objects.requireNonNull(engine.prepare("add/3")).checksum();
        Path json = folder.resolve("results.json");
        String peer = peer(folder, "ok " + sum.size() + " " + sum.mixed());
        assertEquals(
                0,
                run("bench --device cpu --threads 1 --rounds 2 --only add/3 --peer pytorch=" + peer + " --json "
                        + json),
                err + "\n" + out);
        assertTrue(
                out.toString()
                        .matches("(?s)Cotangent on Java \\d+ against a shell, cpu, 1 thread, .*"
                                + "\nadd/3  .* %.* B\ngeometric mean of 1 ratios: [0-9.]+; .* below 0.5\n\n"),
                out.toString());
        assertTrue(Files.readString(json)
                .contains("\"case\": \"add/3\", \"threads\": 1, \"device\": \"cpu\", \"ours_us\""));
    }

    @Test
    void thoseThatDifferAreNot(@TempDir Path folder) throws IOException {
        assertEquals(
                1,
                run("bench --device cpu --threads 1 --rounds 1 --only add/3 --peer pytorch=" + peer(folder, "ok 1 1")));
        assertTrue(out.toString().contains("add/3: the results differ"), out.toString());
    }

    @Test
    void whatAPeerDoesNotHaveIsOursAlone(@TempDir Path folder) throws IOException {
        String peer = peer(folder, "absent");
        assertEquals(
                0, run("bench --device cpu --threads 1 --rounds 1 --no-scopes --only add/3 --peer pytorch=" + peer));
        assertTrue(
                out.toString().matches("(?s).*\nadd/3 +[0-9.]+ +- +- +[0-9.]+ +[0-9]+ % +[0-9]+ k?B\n\n"),
                out.toString());
    }

    @Test
    void aRunGivesItsMemoryBackUnlessToldNotTo() {
        Case large = Cases.all().stream()
                .filter(c -> c.name().equals("add/100000"))
                .findFirst()
                .orElseThrow();
        Work work = large.onDevice().apply(Device.cpu());
        assertTrue(Internals.storage(OurEngine.once(large, work)).isClosed());
        System.setProperty(Case.WITHOUT_SCOPES, "true");
        try {
            assertFalse(Internals.storage(OurEngine.once(large, work)).isClosed());
        } finally {
            System.clearProperty(Case.WITHOUT_SCOPES);
        }
    }

    @Test
    void aPeerThatCannotStartIsNamed() {
        assertEquals(1, run("bench --device cpu --threads 1 --only add/3 --peer pytorch=/no/python"));
        assertTrue(err.toString().startsWith("bench: cannot start /no/python: "), err.toString());
    }

    private static String peer(Path folder, String checksum) throws IOException {
        Path file = folder.resolve("peer");
        Files.writeString(file, """
            #!/bin/sh
            echo ready a shell
            while read -r command argument; do
                if [ "$command" = prepare ]; then echo %s; else echo 0.05; fi
            done
            """.formatted(checksum));
        assertTrue(file.toFile().setExecutable(true));
        return file.toString();
    }
}
