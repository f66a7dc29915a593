package dev.cotangent.tests.seeds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.cli.Cotangent;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The cotangent command. */
class CommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String line) {
        CommandLine command = Cotangent.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(line.isEmpty() ? new String[0] : line.split(" "));
    }

    /** Checks the launcher's copy of the help, which it prints without a build. */
    @Test
    void theLauncherPrintsTheSameHelp() throws IOException {
        assertEquals(0, run("--help"));
        Path text = Path.of("..", "cli/src/main/resources/dev/cotangent/cli/usage.txt");
        // Benchmarks are not on this class path.
        String bench = "  bench     Measures the engine, interleaved with peers that do the same work.\n";
        String help = Files.readString(text);
        assertTrue(help.contains(bench), help);
        assertEquals(help.replace(bench, ""), out.toString().replace(bench, ""));
    }

    @Test
    void mistypedCommandsGetASuggestion() {
        Map<String, String> meant = Map.of(
                "trian", "cotangent train",
                "selftets --device cpu", "cotangent selftest",
                "tuor 000", "cotangent tour",
                "train digit", "cotangent train digits");
        meant.forEach((line, command) -> {
            assertEquals(2, run(line));
            assertTrue(err.toString().endsWith("\nDid you mean: " + command + "?\n"), err.toString());
            err.getBuffer().setLength(0);
        });
    }

    @Test
    void whatCannotBeWrittenIsRefusedBeforeTheWork(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        for (String line : List.of(
                "train digits --out " + file,
                "train digits --out " + file.resolve("below"),
                "selftest --device cpu --json " + folder,
                "selftest --device cpu --json " + file.resolve("below"))) {
            assertEquals(2, run(line), line);
            assertTrue(err.toString().contains(": cannot write to " + folder), err.toString());
            assertEquals("", out.toString());
            err.getBuffer().setLength(0);
        }
    }

    @Test
    void dtypesAreWrittenAsPyTorchDoes() {
        assertEquals(2, run("warmup --dtype float31"));
        assertTrue(err.toString().contains("'float31' is no dtype: float32, "), err.toString());
        err.getBuffer().setLength(0);
        for (String dtype : List.of("float32", "torch.bfloat16", "FLOAT32,float16")) {
            assertEquals(1, run("warmup --device cpu --dtype " + dtype));
            assertTrue(err.toString().contains("nothing to compile for the CPU"), err.toString());
            err.getBuffer().setLength(0);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "fly",
                "tour 999",
                "tour 000 001",
                "train",
                "train cats",
                "train digits --seed x",
                "train digits --epochs 0",
                "run",
                "run /no/file.java",
                "train digits --device tpu",
                "doctor --loud",
                "shell now"
            })
    void badArgumentsGiveOneLineUsageAndStatus2(String line) {
        assertEquals(2, run(line));
        assertTrue(
                err.toString().matches("(?s)cotangent[^\n]*: [^\n]+\n(\nUsage: cotangent.*|Did you mean: .*)"),
                err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void tourShowsCodeOutputAndErrors() {
        assertEquals(0, run("tour 001"));
        String text = out.toString();
        assertTrue(text.contains("| x.grad().data().zero_();"), text);
        assertTrue(text.contains("tensor([[0.7500, 0.7500],\n        [0.7500, 0.7500]])"), text);
        assertTrue(text.contains("element 0 of tensors does not require grad and does not have a grad_fn"), text);
    }

    @Test
    void doctorNamesTheCpu() {
        assertEquals(0, run("doctor"));
        assertTrue(out.toString().contains("Device cpu"), out.toString());
        Pattern width = Pattern.compile("vectors of \\d+ bits \\(up to \\d+ available\\)|plain loops");
        assertTrue(width.matcher(out.toString()).find(), out.toString());
    }

    @Test
    void digitsAreLearnt(@TempDir Path folder) {
        assertEquals(0, run("train digits --device cpu --seed 3 --out " + folder), err.toString());
        Matcher accuracy = Pattern.compile("accuracy ([0-9.]+) %").matcher(out.toString());
        assertTrue(accuracy.find(), out.toString());
        assertTrue(Double.parseDouble(accuracy.group(1)) >= 95, out.toString());
        assertTrue(Files.exists(folder.resolve("loss.png")) && Files.exists(folder.resolve("mistakes.png")));
    }
}
