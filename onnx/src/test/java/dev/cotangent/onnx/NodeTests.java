package dev.cotangent.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.onnx.internal.importing.Value;
import dev.cotangent.onnx.internal.proto.GraphProto;
import dev.cotangent.onnx.internal.proto.GraphProto.Kind;
import dev.cotangent.onnx.internal.proto.GraphProto.ValueInfo;
import dev.cotangent.onnx.internal.proto.ModelReader;
import dev.cotangent.onnx.internal.proto.TensorData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Runs a folder of ONNX's own backend tests: each a folder of a model, its inputs and its outputs. */
final class NodeTests {
    /** The results: what passed, and the reason for each that did not. */
    static final class Report {
        int passed;
        final Map<String, String> unsupported = new TreeMap<>();
        final Map<String, String> failed = new TreeMap<>();

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(
                    passed + " passed, " + unsupported.size() + " unsupported, " + failed.size() + " failed");
            failed.forEach((name, why) ->
                    text.append("\nfailed ").append(name).append(": ").append(why));
            return text.toString();
        }
    }

    /** What draws random numbers has the shape and dtype of the recorded output, not its values. */
    private static final List<String> RANDOM = List.of("test_bernoulli", "test_training_dropout");

    private NodeTests() {}

    static Report run(Path folder) throws IOException {
        Report report = new Report();
        List<Path> tests;
        try (Stream<Path> all = Files.list(folder)) {
            tests = all.filter(p -> Files.exists(p.resolve("model.onnx")))
                    .sorted()
                    .toList();
        }
        for (Path test : tests) {
            String name = test.getFileName().toString();
            try {
                runOne(test);
                report.passed++;
            } catch (OnnxException e) {
                String message = Objects.requireNonNull(e.getMessage());
                if (message.contains("not supported") || message.contains("are supported")) {
                    report.unsupported.put(name, message.replaceFirst("^.*?: ", ""));
                } else {
                    report.failed.put(name, message);
                }
            } catch (RuntimeException | AssertionError e) {
                StackTraceElement at = e.getStackTrace().length > 0 ? e.getStackTrace()[0] : null;
                report.failed.put(name, e + (at == null ? "" : " at " + at));
            }
        }
        return report;
    }

    static void runOne(Path test) throws IOException {
        OnnxModule module = Onnx.load(test.resolve("model.onnx"));
        GraphProto graph = module.program().model().graph();
        boolean random = RANDOM.stream().anyMatch(test.getFileName().toString()::startsWith);
        for (int set = 0; Files.exists(test.resolve("test_data_set_" + set)); set++) {
            Path data = test.resolve("test_data_set_" + set);
            Map<String, Value> inputs = new HashMap<>();
            for (int i = 0; i < graph.inputs().size(); i++) {
                Path file = data.resolve("input_" + i + ".pb");
                ValueInfo type = graph.inputs().get(i);
                if (Files.exists(file)) inputs.put(type.name(), read(Files.readAllBytes(file), type.kind()));
            }
            List<Value> outputs = module.evaluate(inputs);
            for (int i = 0; i < outputs.size(); i++) {
                Path file = data.resolve("output_" + i + ".pb");
                if (!Files.exists(file)) continue;
                ValueInfo type = graph.outputs().get(i);
                Value expected = read(Files.readAllBytes(file), type.kind());
                compare(type.name(), expected, outputs.get(i), random);
            }
        }
    }

    private static Value read(byte[] bytes, Kind kind) throws IOException {
        return switch (kind) {
            case TENSOR -> new Value.Single(tensor(bytes));
            case SEQUENCE -> sequence(bytes);
            case OPTIONAL -> optional(bytes);
            default -> throw new OnnxException("a value of another kind is not supported");
        };
    }

    private static Tensor tensor(byte[] bytes) throws IOException {
        return TensorData.read(ModelReader.tensor(ByteBuffer.wrap(bytes)), null);
    }

    private static Value sequence(byte[] bytes) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        List<Tensor> tensors = new ArrayList<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == 3) tensors.add(tensor(in.readByteArray()));
            else in.skipField(tag);
        }
        return new Value.Sequence(tensors);
    }

    private static Value optional(byte[] bytes) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        Value value = new Value.None();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 3 -> value = new Value.Single(tensor(in.readByteArray()));
                case 5 -> value = sequence(in.readByteArray());
                default -> in.skipField(tag);
            }
        }
        return value;
    }

    private static void compare(String name, Value expected, Value actual, boolean random) {
        if (expected instanceof Value.Sequence e) {
            List<Tensor> got = ((Value.Sequence) actual).tensors();
            if (got.size() != e.tensors().size()) {
                throw new AssertionError(name + ": " + got.size() + " tensors instead of "
                        + e.tensors().size());
            }
            for (int i = 0; i < got.size(); i++)
                compare(name + "[" + i + "]", e.tensors().get(i), got.get(i), random);
            return;
        }
        if (expected instanceof Value.None) return;
        compare(name, ((Value.Single) expected).tensor(), ((Value.Single) actual).tensor(), random);
    }

    private static void compare(String name, Tensor expected, Tensor actual, boolean random) {
        if (expected.dtype() != actual.dtype() || !expected.shape().equals(actual.shape())) {
            throw new AssertionError(name + ": " + actual.dtype() + " " + actual.shape() + " instead of "
                    + expected.dtype() + " " + expected.shape());
        }
        if (random) return;
        double relative = expected.dtype() == Dtype.BFLOAT16 ? 2e-2 : expected.dtype() == Dtype.FLOAT16 ? 2e-3 : 1e-3;
        double[] e = expected.toDouble().reshape(-1).toDoubleArray();
        double[] a = actual.detach().toDouble().reshape(-1).toDoubleArray();
        for (int i = 0; i < e.length; i++) {
            boolean same = Double.compare(e[i], a[i]) == 0
                    || e[i] == a[i]
                    || Math.abs(e[i] - a[i]) <= 1e-6 + relative * Math.abs(e[i]);
            if (!same) throw new AssertionError(name + ": element " + i + " is " + a[i] + " instead of " + e[i]);
        }
    }
}
