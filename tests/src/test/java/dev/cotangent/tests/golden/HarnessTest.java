package dev.cotangent.tests.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Device;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Checks that failures are found and missing operations counted. */
class HarnessTest {
    private static final Device CPU = Device.cpu();

    @TempDir
    Path folder;

    private void operator(String name, String op, String samples, String errors) throws IOException {
        Path ops = Files.createDirectories(folder.resolve("ops"));
        Files.writeString(ops.resolve(name + ".json"), """
            {"op": "%s", "variant": "", "method": true, "samples": [%s], "errors": [%s]}
            """.formatted(op, samples, errors));
        Files.write(ops.resolve(name + ".safetensors"), twoTensors());
    }

    /** Returns {@code x = [1, 2]} and {@code y = [2, 4]}, float64. */
    private static byte[] twoTensors() {
        byte[] header = """
            {"x":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},"y":{"dtype":"F64","shape":[2],"data_offsets":[16,32]}}
            """.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + header.length + 32).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length).put(header);
        for (double v : new double[] {1, 2, 2, 4}) file.putDouble(v);
        return file.array();
    }

    private static String sample(String id, String other, String out, String more) {
        return """
            {"id": "%s", "input": {"t": "x", "requires_grad": true}, "args": [%s], "kwargs": {},
             "out": {"t": "%s", "requires_grad": true}%s}
            """.formatted(id, other, out, more);
    }

    private Tally run(String kind) throws IOException {
        return GoldenRun.run(folder, CPU).of(kind);
    }

    @Test
    void countsWhatPassesFailsAndIsMissing() throws IOException {
        String gradients = ", \"cot\": [{\"t\": \"x\"}], \"grads\": {\"x\": {\"t\": \"%s\"}}";
        operator(
                "mul",
                "mul",
                String.join(
                        ",",
                        sample("right", "2", "y", gradients.formatted("y")),
                        sample("wrong", "3", "y", ""),
                        sample("wrong.gradient", "2", "y", gradients.formatted("x")),
                        sample("wrong.in.place", "2", "y", ", \"inplace\": {\"error\": \"E\", \"message\": \"m\"}"),
                        sample("strange", "2, 2, 2", "y", "")),
                "");
        operator("frobnicate", "frobnicate", sample("unknown", "2", "y", ""), "");
        Tally ops = run("ops");
        assertEquals(List.of("wrong", "wrong.gradient", "wrong.in.place"), ids(ops.failures()));
        assertEquals(List.of("unknown", "strange"), ids(ops.unsupported()));
        assertEquals(1, ops.operators().get("mul").passed());
        assertEquals(3, ops.operators().get("mul").failed());
        assertEquals(1, ops.operators().get("frobnicate").unsupported());
    }

    private static List<String> ids(List<Tally.Remark> remarks) {
        return remarks.stream().map(Tally.Remark::id).toList();
    }

    @Test
    void comparesErrors() throws IOException {
        String error = """
            {"id": "%s", "input": {"t": "x"}, "args": [[3, 3]], "kwargs": {}, "error_type": "%s",
             "error_regex": "%s", "actual": {"type": "%s", "message": "other"}}
            """;
        operator(
                "view",
                "view",
                "",
                String.join(
                        ",",
                        error.formatted("right", "Exception", "invalid for input of size 2", "RuntimeError"),
                        error.formatted("wrong.kind", "IndexError", "invalid for input of size 2", "IndexError"),
                        error.formatted("wrong.message", "RuntimeError", "something else", "RuntimeError")));
        Tally errors = run("errors");
        assertEquals(1, errors.counts().passed());
        assertEquals(List.of("wrong.kind", "wrong.message"), ids(errors.failures()));
    }

    @Test
    void reportsEveryKindOfAnEmptyFolder() throws IOException {
        JsonNode report =
                JsonMapper.shared().readTree(GoldenRun.run(folder, CPU).toJson());
        List<String> kinds = Report.KINDS;
        assertEquals(kinds, List.copyOf(report.propertyNames()));
        for (String kind : kinds) {
            assertEquals(0, report.get(kind).get("passed").asInt());
            assertTrue(report.get(kind).get("failures").isEmpty());
        }
        assertTrue(report.get("ops").has("operators") && report.get("gradgrad").has("operators"));
    }

    @Test
    void refusesAFolderThatIsNotThere() {
        assertThrows(IOException.class, () -> GoldenRun.run(folder.resolve("nothing"), CPU));
    }

    @Test
    void readsFormulas() {
        Calls calls = new Calls(CPU);
        Map<String, Object> variables = new HashMap<>();
        variables.put(
                "x",
                HostTensor.of(dev.cotangent.Dtype.FLOAT64, new long[] {2, 1}, 1, 2)
                        .toTensor(CPU));
        String text = "a = -(x.T @ x) / 2 ** 2; loss = torch.sum(a * 2 + x^2, dim=0)[0] words";
        assertThrows(NotOffered.class, () -> Formula.run(text, calls, variables));
        Formula.run(
                "a = -(x.T @ x) / 2 ** 2; loss = sum(a * 2 + x^2, dim=(0, 1)) over all elements; the full batch at"
                        + " every step",
                calls,
                variables);
        assertEquals(0, ((dev.cotangent.Tensor) variables.get("loss")).itemDouble());
    }

    @Test
    void findsNames() {
        assertEquals("maskedFill_", Names.camel("masked_fill_"));
        assertEquals("l1Loss", Names.camel("l1_loss"));
        assertEquals("mT", Names.camel("mT"));
        assertEquals(List.of("linalgNorm"), Names.methods("linalg.norm"));
        assertEquals(List.of("linalgDet", "det"), Names.methods("linalg.det"));
        assertEquals(List.of("pad"), Names.methods("nn.functional.pad"));
    }
}
