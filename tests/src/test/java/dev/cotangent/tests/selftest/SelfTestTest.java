package dev.cotangent.tests.selftest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.cli.Cotangent;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code cotangent selftest}, on a little of what it runs. */
class SelfTestTest {
    private static final String RECORDS = """
        {"id":"printing.1","dtype":"float64","shape":[2],"data":[1,2],"requires_grad":false,"repr":"tensor([1., 2.], dtype=torch.float64)"}
        {"id":"printing.2","dtype":"int64","shape":[],"data":[7],"requires_grad":false,"repr":"tensor(7)"}
        """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String line) {
        CommandLine command = Cotangent.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(line.split(" "));
    }

    /** Returns the reported failures, without the lines of progress that a slow machine prints. */
    private String failures() {
        return err.toString().replaceAll("(?m)^\\d+ passed, .* after \\d+ s\n", "");
    }

    private String lastLine() {
        return out.toString().lines().reduce((_, line) -> line).orElse("");
    }

    @Test
    void countsWhatPasses(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("printing.jsonl"), RECORDS);
        Path json = folder.resolve("report.json");
        int status = run("selftest --device cpu --jobs 2 --golden " + folder + " --only golden/ --json " + json);
        assertEquals(0, status, () -> out + "\n" + err);
        assertEquals("2 passed, 0 failed, 0 skipped", lastLine());
        JsonNode report = JsonMapper.shared().readTree(Files.readString(json));
        assertEquals("cpu", report.get("device").asString());
        assertEquals(2, report.get("passed").asInt());
        assertEquals(0, report.get("failures").size());
    }

    @Test
    void namesWhatFails(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("printing.jsonl"), RECORDS.replace("tensor(7)", "tensor(8)"));
        Files.createDirectory(folder.resolve("ops"));
        Files.writeString(folder.resolve("ops/add.json"), "no record");
        assertEquals(1, run("selftest --device cpu --jobs 1 --golden " + folder + " --only golden/"), err::toString);
        assertTrue(out.toString().contains("\nFAILED golden/printing/printing.2: "), out.toString());
        assertTrue(out.toString().contains("\nFAILED golden/ops/ops/add: cannot be read: "), out.toString());
        assertEquals("1 passed, 2 failed, 0 skipped", lastLine());
    }

    @Test
    void runsChecksOfTheConformanceSuite(@TempDir Path folder) {
        assertEquals(
                0,
                run("selftest --device cpu --jobs 1 --golden " + folder + " --only conformance/random/"),
                () -> out + "\n" + err);
        assertTrue(lastLine().matches("[1-9]\\d* passed, 0 failed, 0 skipped"), out.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "selftest --device tpu",
                "selftest --jobs -1",
                "selftest --golden /no/folder",
                "selftest --device cpu --golden src/test/resources --only conformance/nothing",
                "bundle --device cpu"
            })
    void badArgumentsGiveOneLineUsageAndStatus2(String line) {
        assertEquals(2, run(line));
        assertTrue(failures().matches("(?s)cotangent [^\n]*: [^\n]+\n\nUsage: cotangent.*"), err.toString());
    }

    @Test
    void aDeviceThatIsNotThereGivesTheReason(@TempDir Path folder) {
        assertEquals(1, run("selftest --device cuda:99 --jobs 1 --golden " + folder));
        assertTrue(failures().startsWith("selftest: Device cuda"), err.toString());
    }
}
