package dev.cotangent.onnx;

import dev.cotangent.Tensors;
import dev.cotangent.onnx.internal.proto.GraphProto;
import dev.cotangent.onnx.internal.proto.GraphProto.Kind;
import dev.cotangent.onnx.internal.proto.GraphProto.ValueInfo;
import dev.cotangent.onnx.internal.proto.ModelWriter;
import dev.cotangent.onnx.internal.proto.ModelWriter.Initializer;
import dev.cotangent.onnx.internal.proto.NodeProto;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Models for tests. */
final class Models {
    private Models() {}

    /** Returns the sum of initializers of two ones each. */
    static byte[] sumOf(List<String> names) {
        NodeProto sum = new NodeProto("sum", "", "Sum", names, List.of("y"), Map.of());
        GraphProto graph = new GraphProto(
                "sum", List.of(sum), List.of(), List.of(), List.of(new ValueInfo("y", Kind.TENSOR, 1, null)));
        List<Initializer> ones =
                names.stream().map(n -> new Initializer(n, Tensors.ones(2))).toList();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            new ModelWriter(graph, ones, 20, null, List.of()).write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
