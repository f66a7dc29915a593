package dev.cotangent.onnx.internal.proto;

import com.google.protobuf.CodedOutputStream;
import dev.cotangent.Tensor;
import dev.cotangent.onnx.internal.proto.GraphProto.Dim;
import dev.cotangent.onnx.internal.proto.GraphProto.ValueInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes models. Elements of initializers are written one tensor after the other, and never all copied. */
public final class ModelWriter {
    /** A tensor of the file. */
    public record Initializer(String name, Tensor data) {
        /** Returns the number of bytes of the elements. */
        public long bytes() {
            return data.numel() * data.dtype().bytes();
        }
    }

    /** Where elements begin in another file. */
    private static final int ALIGNMENT = 4096;

    private final GraphProto graph;
    private final List<Initializer> initializers;
    private final int opset;
    private final @Nullable String externalFile;
    private final List<String> buffers;

    /**
     * Creates a writer.
     *
     * @param graph nodes, inputs and outputs
     * @param externalFile the name of the file with the elements; null if they are in the model
     * @param buffers the names of initializers that are not trained
     */
    public ModelWriter(
            GraphProto graph,
            List<Initializer> initializers,
            int opset,
            @Nullable String externalFile,
            List<String> buffers) {
        this.graph = graph;
        this.initializers = List.copyOf(initializers);
        this.opset = opset;
        this.externalFile = externalFile;
        this.buffers = List.copyOf(buffers);
    }

    private interface Body {
        void write(CodedOutputStream to) throws IOException;
    }

    private static byte[] message(Body body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream to = CodedOutputStream.newInstance(bytes, 512);
        body.write(to);
        to.flush();
        return bytes.toByteArray();
    }

    private static void field(CodedOutputStream to, int number, byte[] message) throws IOException {
        to.writeByteArray(number, message);
    }

    /** Writes the model. */
    public void write(OutputStream stream) throws IOException {
        CodedOutputStream to = CodedOutputStream.newInstance(stream, 1 << 16);
        to.writeInt64(1, opset >= 21 ? 10 : opset >= 19 ? 9 : 8);
        to.writeString(2, "cotangent");
        List<byte[]> nodes = new ArrayList<>();
        for (NodeProto n : graph.nodes()) nodes.add(node(n));
        List<byte[]> heads = new ArrayList<>();
        long offset = 0;
        for (Initializer i : initializers) {
            heads.add(head(i, offset));
            offset = Math.ceilDiv(offset + i.bytes(), (long) ALIGNMENT) * ALIGNMENT;
        }
        byte[] rest = message(g -> {
            for (ValueInfo v : graph.inputs()) field(g, 11, valueInfo(v));
            for (ValueInfo v : graph.outputs()) field(g, 12, valueInfo(v));
        });
        long size = rest.length + CodedOutputStream.computeStringSize(2, graph.name());
        for (byte[] n : nodes) size += CodedOutputStream.computeByteArraySize(1, n);
        for (int i = 0; i < heads.size(); i++) {
            int length = length(heads.get(i), initializers.get(i));
            size += CodedOutputStream.computeTagSize(5) + CodedOutputStream.computeUInt32SizeNoTag(length) + length;
        }
        if (size > Integer.MAX_VALUE - 1024) throw new IOException("a model file has at most 2 GB, not " + size);
        to.writeTag(7, 2);
        to.writeUInt32NoTag((int) size);
        for (byte[] n : nodes) field(to, 1, n);
        to.writeString(2, graph.name());
        for (int i = 0; i < heads.size(); i++) {
            Initializer t = initializers.get(i);
            to.writeTag(5, 2);
            to.writeUInt32NoTag(length(heads.get(i), t));
            to.writeRawBytes(heads.get(i));
            if (externalFile == null) to.writeByteArray(9, TensorData.bytes(t.data()));
        }
        to.writeRawBytes(rest);
        field(to, 8, message(o -> {
            o.writeString(1, "");
            o.writeInt64(2, opset);
        }));
        if (!buffers.isEmpty()) field(to, 14, entry(ModelProto.BUFFERS, String.join("\n", buffers)));
        to.flush();
    }

    private int length(byte[] head, Initializer t) {
        if (externalFile != null) return head.length;
        int bytes = Math.toIntExact(t.bytes());
        return head.length
                + CodedOutputStream.computeTagSize(9)
                + CodedOutputStream.computeUInt32SizeNoTag(bytes)
                + bytes;
    }

    /** Writes the elements, for another file. */
    public void writeData(OutputStream stream) throws IOException {
        for (Initializer i : initializers) {
            byte[] bytes = TensorData.bytes(i.data());
            stream.write(bytes);
            int over = bytes.length % ALIGNMENT;
            if (over > 0) stream.write(new byte[ALIGNMENT - over]);
        }
    }

    private byte[] head(Initializer t, long offset) throws IOException {
        return message(to -> {
            for (long d : t.data().shape().toArray()) to.writeInt64(1, d);
            to.writeInt32(2, ElementType.of(t.data().dtype()));
            to.writeString(8, t.name());
            if (externalFile == null) return;
            field(to, 13, entry("location", externalFile));
            field(to, 13, entry("offset", String.valueOf(offset)));
            field(to, 13, entry("length", String.valueOf(t.bytes())));
            to.writeEnum(14, 1);
        });
    }

    private static byte[] entry(String key, String value) throws IOException {
        return message(to -> {
            to.writeString(1, key);
            to.writeString(2, value);
        });
    }

    private static byte[] node(NodeProto n) throws IOException {
        return message(to -> {
            for (String name : n.inputs()) to.writeString(1, name);
            for (String name : n.outputs()) to.writeString(2, name);
            to.writeString(3, n.name());
            to.writeString(4, n.operator());
            for (Map.Entry<String, AttributeProto> a : n.attributes().entrySet()) field(to, 5, attribute(a.getValue()));
        });
    }

    private static byte[] attribute(AttributeProto a) throws IOException {
        return message(to -> {
            to.writeString(1, a.name());
            switch (a.kind()) {
                case FLOAT -> to.writeFloat(2, a.f());
                case INT -> to.writeInt64(3, a.i());
                case STRING -> to.writeByteArray(4, a.s());
                case INTS -> {
                    for (long i : a.ints()) to.writeInt64(8, i);
                }
                case TENSOR -> {
                    TensorProto t = Objects.requireNonNull(a.tensor());
                    field(to, 5, message(value -> {
                        for (long d : t.dims()) value.writeInt64(1, d);
                        value.writeInt32(2, t.type());
                        value.writeString(8, t.name());
                        value.writeByteBuffer(9, Objects.requireNonNull(t.raw()));
                    }));
                }
                default -> throw new IOException("an attribute of type " + a.kind() + " is not written");
            }
            to.writeEnum(20, a.kind().ordinal());
        });
    }

    private static byte[] valueInfo(ValueInfo v) throws IOException {
        List<Dim> dims = v.dims();
        byte[] shape = message(to -> {
            if (dims == null) return;
            for (Dim d : dims) {
                field(to, 1, message(dim -> {
                    if (d.value() >= 0) dim.writeInt64(1, d.value());
                    else dim.writeString(2, d.name());
                }));
            }
        });
        byte[] tensor = message(to -> {
            to.writeInt32(1, v.elementType());
            field(to, 2, shape);
        });
        byte[] type = message(to -> field(to, 1, tensor));
        return message(to -> {
            to.writeString(1, v.name());
            field(to, 2, type);
        });
    }
}
