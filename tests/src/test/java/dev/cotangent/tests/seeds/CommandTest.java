package dev.cotangent.tests.seeds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.examples.Cotangent;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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
                "train digits --device tpu",
                "doctor --loud",
                "shell now"
            })
    void badArgumentsGiveOneLineUsageAndStatus2(String line) {
        assertEquals(2, run(line));
        assertTrue(err.toString().matches("(?s)cotangent[^\n]*: [^\n]+\n\nUsage: cotangent.*"), err.toString());
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
