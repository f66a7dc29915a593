package dev.cotangent.onnx.internal.proto;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.cotangent.onnx.internal.proto.GraphProto.Dim;
import dev.cotangent.onnx.internal.proto.GraphProto.Kind;
import dev.cotangent.onnx.internal.proto.GraphProto.ValueInfo;
import dev.cotangent.onnx.internal.proto.ModelProto.FunctionProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of ONNX files. Fields that are not needed are skipped. Lengths are checked by {@link
 * CodedInputStream} before anything is allocated, and raw elements stay where they are.
 */
public final class ModelReader {
    /** A graph may be in an attribute of a node of another; so deep, and no deeper. */
    private static final int MAX_DEPTH = 32;

    private final CodedInputStream in;
    private int depth;

    private ModelReader(ByteBuffer bytes) {
        in = CodedInputStream.newInstance(bytes);
        in.enableAliasing(true);
        in.setSizeLimit(Integer.MAX_VALUE);
    }

    /** Reads a model; throws an IOException that says what is wrong if the bytes are none. */
    public static ModelProto model(ByteBuffer bytes) throws IOException {
        return new ModelReader(bytes).model();
    }

    /** Reads a tensor. */
    public static TensorProto tensor(ByteBuffer bytes) throws IOException {
        return new ModelReader(bytes).tensor();
    }

    /** Reads a message's next field. */
    private interface Field {
        void read(int number, int tag) throws IOException;
    }

    private interface Message<T> {
        T read() throws IOException;
    }

    private void fields(Field field) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) field.read(WireFormat.getTagFieldNumber(tag), tag);
    }

    /** Reads a message that is a field of another. */
    private <T> T part(Message<T> message) throws IOException {
        if (++depth > 4 * MAX_DEPTH) throw new IOException("messages are nested too deeply");
        int outer = in.pushLimit(in.readRawVarint32());
        T value = message.read();
        in.checkLastTagWas(0);
        if (in.getBytesUntilLimit() != 0) throw new IOException("a message ends within a field");
        in.popLimit(outer);
        depth--;
        return value;
    }

    private void skip(int tag) throws IOException {
        if (!in.skipField(tag)) throw new IOException("a group ends that did not begin");
    }

    private ModelProto model() throws IOException {
        var state = new Object() {
            long ir;
            String producer = "";

            @Nullable
            GraphProto graph;
        };
        Map<String, Long> opsets = new LinkedHashMap<>();
        List<FunctionProto> functions = new ArrayList<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        fields((number, tag) -> {
            switch (number) {
                case 1 -> state.ir = in.readInt64();
                case 2 -> state.producer = in.readString();
                case 7 -> state.graph = part(this::graph);
                case 8 -> opset(opsets);
                case 14 -> entry(metadata);
                case 25 -> functions.add(part(this::function));
                default -> skip(tag);
            }
        });
        GraphProto graph = state.graph;
        if (graph == null) throw new IOException("there is no graph in it");
        return new ModelProto(state.ir, state.producer, Map.copyOf(opsets), graph, List.copyOf(functions), metadata);
    }

    private void opset(Map<String, Long> to) throws IOException {
        var entry = new Object() {
            String domain = "";
            long version;
        };
        part(() -> {
            fields((number, tag) -> {
                switch (number) {
                    case 1 -> entry.domain = in.readString();
                    case 2 -> entry.version = in.readInt64();
                    default -> skip(tag);
                }
            });
            return entry;
        });
        to.put(entry.domain.equals("ai.onnx") ? "" : entry.domain, entry.version);
    }

    private FunctionProto function() throws IOException {
        var state = new Object() {
            String name = "";
            String domain = "";
        };
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        Map<String, AttributeProto> defaults = new LinkedHashMap<>();
        List<NodeProto> nodes = new ArrayList<>();
        Map<String, Long> opsets = new LinkedHashMap<>();
        fields((number, tag) -> {
            switch (number) {
                case 1 -> state.name = in.readString();
                case 4 -> inputs.add(in.readString());
                case 5 -> outputs.add(in.readString());
                case 7 -> nodes.add(part(this::node));
                case 9 -> opset(opsets);
                case 10 -> state.domain = in.readString();
                case 11 -> {
                    AttributeProto a = part(this::attribute);
                    defaults.put(a.name(), a);
                }
                default -> skip(tag);
            }
        });
        return new FunctionProto(
                state.domain, state.name, inputs, outputs, defaults, List.copyOf(nodes), Map.copyOf(opsets));
    }

    private GraphProto graph() throws IOException {
        var state = new Object() {
            String name = "";
        };
        List<NodeProto> nodes = new ArrayList<>();
        List<TensorProto> initializers = new ArrayList<>();
        List<ValueInfo> inputs = new ArrayList<>();
        List<ValueInfo> outputs = new ArrayList<>();
        fields((number, tag) -> {
            switch (number) {
                case 1 -> nodes.add(part(this::node));
                case 2 -> state.name = in.readString();
                case 5 -> initializers.add(part(this::tensor));
                case 11 -> inputs.add(part(this::valueInfo));
                case 12 -> outputs.add(part(this::valueInfo));
                case 15 -> throw new IOException("it has sparse initializers, which are not supported");
                default -> skip(tag);
            }
        });
        return new GraphProto(
                state.name, List.copyOf(nodes), List.copyOf(initializers), List.copyOf(inputs), List.copyOf(outputs));
    }

    private NodeProto node() throws IOException {
        var state = new Object() {
            String name = "";
            String operator = "";
            String domain = "";
        };
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        Map<String, AttributeProto> attributes = new LinkedHashMap<>();
        fields((number, tag) -> {
            switch (number) {
                case 1 -> inputs.add(in.readString());
                case 2 -> outputs.add(in.readString());
                case 3 -> state.name = in.readString();
                case 4 -> state.operator = in.readString();
                case 5 -> {
                    AttributeProto a = part(this::attribute);
                    attributes.put(a.name(), a);
                }
                case 7 -> state.domain = in.readString();
                default -> skip(tag);
            }
        });
        String domain = state.domain.equals("ai.onnx") ? "" : state.domain;
        return new NodeProto(state.name, domain, state.operator, List.copyOf(inputs), List.copyOf(outputs), attributes);
    }

    private AttributeProto attribute() throws IOException {
        var a = new Object() {
            String name = "";
            int kind;
            float f;
            long i;
            byte[] s = {};

            @Nullable
            TensorProto tensor;

            @Nullable
            GraphProto graph;

            String reference = "";
        };
        Numbers floats = new Numbers();
        Numbers ints = new Numbers();
        List<byte[]> strings = new ArrayList<>();
        fields((number, tag) -> {
            switch (number) {
                case 1 -> a.name = in.readString();
                case 2 -> a.f = in.readFloat();
                case 3 -> a.i = in.readInt64();
                case 4 -> a.s = in.readByteArray();
                case 5 -> a.tensor = part(this::tensor);
                case 6 -> {
                    if (depth > MAX_DEPTH) throw new IOException("graphs are nested too deeply");
                    a.graph = part(this::graph);
                }
                case 7 -> repeated(tag, WireFormat.WIRETYPE_FIXED32, () -> floats.add(in.readRawLittleEndian32()));
                case 8 -> repeated(tag, WireFormat.WIRETYPE_VARINT, () -> ints.add(in.readInt64()));
                case 9 -> strings.add(in.readByteArray());
                case 20 -> a.kind = in.readEnum();
                case 21 -> a.reference = in.readString();
                default -> skip(tag);
            }
        });
        AttributeProto.Kind[] kinds = AttributeProto.Kind.values();
        AttributeProto.Kind kind = a.kind >= 0 && a.kind < kinds.length ? kinds[a.kind] : AttributeProto.Kind.OTHER;
        return new AttributeProto(
                a.name, kind, a.f, a.i, a.s, a.tensor, a.graph, floats.floats(), ints.longs(), strings, a.reference);
    }

    private TensorProto tensor() throws IOException {
        var t = new Object() {
            String name = "";
            int type;
            int location;

            @Nullable
            ByteBuffer raw;
        };
        Numbers dims = new Numbers();
        Numbers floats = new Numbers();
        Numbers ints = new Numbers();
        Numbers longs = new Numbers();
        Numbers doubles = new Numbers();
        Map<String, String> external = new LinkedHashMap<>();
        fields((number, tag) -> {
            switch (number) {
                case 1 -> repeated(tag, WireFormat.WIRETYPE_VARINT, () -> dims.add(in.readInt64()));
                case 2 -> t.type = in.readInt32();
                case 4 -> repeated(tag, WireFormat.WIRETYPE_FIXED32, () -> floats.add(in.readRawLittleEndian32()));
                case 5 -> repeated(tag, WireFormat.WIRETYPE_VARINT, () -> ints.add(in.readInt32()));
                case 7 -> repeated(tag, WireFormat.WIRETYPE_VARINT, () -> longs.add(in.readInt64()));
                case 8 -> t.name = in.readString();
                case 9 -> t.raw = in.readByteBuffer();
                case 10 -> repeated(tag, WireFormat.WIRETYPE_FIXED64, () -> doubles.add(in.readRawLittleEndian64()));
                case 13 -> entry(external);
                case 14 -> t.location = in.readEnum();
                default -> skip(tag);
            }
        });
        if (t.location == 0) external.clear();
        return new TensorProto(
                t.name,
                t.type,
                dims.longs(),
                t.raw,
                floats.floats(),
                ints.ints(),
                longs.longs(),
                doubles.doubles(),
                external);
    }

    private void entry(Map<String, String> to) throws IOException {
        String[] pair = {"", ""};
        part(() -> {
            fields((number, tag) -> {
                switch (number) {
                    case 1 -> pair[0] = in.readString();
                    case 2 -> pair[1] = in.readString();
                    default -> skip(tag);
                }
            });
            return pair;
        });
        to.put(pair[0], pair[1]);
    }

    private ValueInfo valueInfo() throws IOException {
        var v = new Object() {
            String name = "";
            Kind kind = Kind.TENSOR;
            int type;

            @Nullable
            List<Dim> dims;
        };
        fields((number, tag) -> {
            switch (number) {
                case 1 -> v.name = in.readString();
                case 2 ->
                    part(() -> {
                        fields((kind, kindTag) -> {
                            if (kind != 1) {
                                // Field 6 is a denotation.
                                if (kind == 4) v.kind = Kind.SEQUENCE;
                                else if (kind == 9) v.kind = Kind.OPTIONAL;
                                else if (kind != 6) v.kind = Kind.OTHER;
                                skip(kindTag);
                                return;
                            }
                            part(() -> {
                                fields((n, t) -> {
                                    switch (n) {
                                        case 1 -> v.type = in.readInt32();
                                        case 2 -> v.dims = part(this::shape);
                                        default -> skip(t);
                                    }
                                });
                                return v;
                            });
                        });
                        return v;
                    });
                default -> skip(tag);
            }
        });
        return new ValueInfo(v.name, v.kind, v.type, v.dims);
    }

    private List<Dim> shape() throws IOException {
        List<Dim> dims = new ArrayList<>();
        fields((number, tag) -> {
            if (number != 1) {
                skip(tag);
                return;
            }
            dims.add(part(this::dim));
        });
        return List.copyOf(dims);
    }

    private Dim dim() throws IOException {
        var d = new Object() {
            long value = -1;
            String name = "";
        };
        fields((number, tag) -> {
            switch (number) {
                case 1 -> d.value = in.readInt64();
                case 2 -> d.name = in.readString();
                default -> skip(tag);
            }
        });
        return new Dim(d.value, d.name);
    }

    private interface Element {
        void read() throws IOException;
    }

    /** Reads a number, or a packed list of them. */
    private void repeated(int tag, int wireType, Element element) throws IOException {
        if (WireFormat.getTagWireType(tag) == wireType) {
            element.read();
            return;
        }
        if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            throw new IOException("a list of numbers is stored as something else");
        }
        int outer = in.pushLimit(in.readRawVarint32());
        while (in.getBytesUntilLimit() > 0) element.read();
        in.popLimit(outer);
    }

    /** A growing list of numbers, as 64 bits each. */
    private static final class Numbers {
        private long[] values = {};
        private int count;

        void add(long value) {
            if (count == values.length) values = java.util.Arrays.copyOf(values, Math.max(8, count + (count >> 1)));
            values[count++] = value;
        }

        long[] longs() {
            return java.util.Arrays.copyOf(values, count);
        }

        int[] ints() {
            int[] to = new int[count];
            for (int i = 0; i < count; i++) to[i] = (int) values[i];
            return to;
        }

        float[] floats() {
            float[] to = new float[count];
            for (int i = 0; i < count; i++) to[i] = Float.intBitsToFloat((int) values[i]);
            return to;
        }

        double[] doubles() {
            double[] to = new double[count];
            for (int i = 0; i < count; i++) to[i] = Double.longBitsToDouble(values[i]);
            return to;
        }
    }
}
