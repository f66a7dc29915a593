package dev.cotangent.onnx.internal.importing;

import dev.cotangent.Device;
import dev.cotangent.Tensor;
import dev.cotangent.onnx.OnnxException;
import dev.cotangent.onnx.internal.proto.AttributeProto;
import dev.cotangent.onnx.internal.proto.GraphProto;
import dev.cotangent.onnx.internal.proto.NodeProto;
import dev.cotangent.onnx.internal.proto.TensorProto;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an operator sees of a node: inputs, attributes, the version of the operator set, and its subgraphs. */
public final class Call {
    private final NodeProto node;
    private final long version;
    private final List<@Nullable Value> inputs;
    private final GraphRun run;
    private final @Nullable Device device;

    Call(NodeProto node, long version, List<@Nullable Value> inputs, GraphRun run) {
        this.node = node;
        this.version = version;
        this.inputs = inputs;
        this.run = run;
        Device accelerator = null;
        for (Value v : inputs) {
            if (v instanceof Value.Single s && !s.tensor().device().isCpu())
                accelerator = s.tensor().device();
        }
        device = accelerator;
    }

    /** Returns the version of the operator set. */
    long version() {
        return version;
    }

    /** Returns the number of inputs, with those that are left out before the last. */
    int count() {
        return inputs.size();
    }

    /** Returns the number of outputs that the node names. */
    int outputs() {
        return node.outputs().size();
    }

    /** Returns whether an output is used. */
    boolean wants(int output) {
        return output < node.outputs().size() && !node.outputs().get(output).isEmpty();
    }

    /** Returns whether an input is given. */
    boolean has(int i) {
        return i < inputs.size() && inputs.get(i) != null;
    }

    /** Returns an input of any kind. */
    Value value(int i) {
        Value v = i < inputs.size() ? inputs.get(i) : null;
        if (v == null) throw error("lacks its input " + i);
        return v;
    }

    /** Returns a tensor; one of the host is moved to the device of the others. */
    Tensor x(int i) {
        if (!(value(i) instanceof Value.Single s)) throw error("has an input " + i + " that is no tensor");
        Device to = device;
        return to == null || s.tensor().device().equals(to)
                ? s.tensor()
                : s.tensor().to(to);
    }

    /** Returns a tensor, or null if it is left out. */
    @Nullable
    Tensor opt(int i) {
        return has(i) ? x(i) : null;
    }

    /** Returns all inputs from one on. */
    List<Tensor> from(int first) {
        return java.util.stream.IntStream.range(first, count())
                .mapToObj(this::x)
                .toList();
    }

    /** Returns a sequence. */
    List<Tensor> sequence(int i) {
        if (!(value(i) instanceof Value.Sequence s)) throw error("has an input " + i + " that is no sequence");
        return s.tensors();
    }

    /** Returns the elements of an integer input, read on the host. */
    long[] longs(int i) {
        if (!(value(i) instanceof Value.Single s)) throw error("has an input " + i + " that is no tensor");
        Tensor t = s.tensor();
        if (t.dtype().isFloatingPoint() || t.dim() > 1) {
            throw error("has an input " + i + " that should be a list of integers, but has dtype " + t.dtype()
                    + " and shape " + t.shape());
        }
        return t.detach().toLong().reshape(-1).toLongArray();
    }

    /** Returns the elements of a floating-point input, read on the host. */
    double[] doubles(int i) {
        return x(i).detach().toDouble().reshape(-1).toDoubleArray();
    }

    /** Returns the only element of an integer input, read on the host. */
    long integer(int i) {
        Tensor t = x(i);
        if (t.numel() != 1) throw error("has an input " + i + " that should have one element, but " + t.numel());
        return t.detach().reshape(-1).toLong().itemLong();
    }

    /** Returns the only element of an input, read on the host. */
    double number(int i) {
        Tensor t = x(i);
        if (t.numel() != 1) throw error("has an input " + i + " that should have one element, but " + t.numel());
        return t.detach().reshape(-1).toDouble().itemDouble();
    }

    // Attributes

    private @Nullable AttributeProto attribute(String name, AttributeProto.Kind kind) {
        AttributeProto a = node.attributes().get(name);
        if (a == null) return null;
        boolean matches = a.kind() == kind
                || a.kind() == AttributeProto.Kind.UNDEFINED
                || kind == AttributeProto.Kind.FLOAT && a.kind() == AttributeProto.Kind.INT;
        if (!matches) throw error("has an attribute " + name + " of the type " + a.kind() + " instead of " + kind);
        return a;
    }

    boolean hasAttribute(String name) {
        return node.attributes().containsKey(name);
    }

    long i(String name, long other) {
        AttributeProto a = attribute(name, AttributeProto.Kind.INT);
        return a == null ? other : a.i();
    }

    int integer(String name, long other) {
        long value = i(name, other);
        if (value != (int) value) throw error("has an attribute " + name + " of " + value);
        return (int) value;
    }

    boolean flag(String name, boolean other) {
        return i(name, other ? 1 : 0) != 0;
    }

    /** Returns an attribute that has no default. */
    long i(String name) {
        AttributeProto a = attribute(name, AttributeProto.Kind.INT);
        if (a == null) throw error("lacks its attribute " + name);
        return a.i();
    }

    double f(String name, double other) {
        AttributeProto a = attribute(name, AttributeProto.Kind.FLOAT);
        if (a == null) return other;
        return a.kind() == AttributeProto.Kind.INT ? a.i() : decimal(a.f());
    }

    /** Returns the double with the shortest decimal of a float: 0.1 of 0.1f. */
    private static double decimal(float value) {
        return Double.parseDouble(Float.toString(value));
    }

    String s(String name, String other) {
        AttributeProto a = attribute(name, AttributeProto.Kind.STRING);
        return a == null ? other : a.text();
    }

    long @Nullable [] ints(String name) {
        AttributeProto a = attribute(name, AttributeProto.Kind.INTS);
        return a == null ? null : a.ints();
    }

    double[] floats(String name, double... others) {
        AttributeProto a = attribute(name, AttributeProto.Kind.FLOATS);
        if (a == null) return others;
        double[] values = new double[a.floats().length];
        for (int k = 0; k < values.length; k++) values[k] = decimal(a.floats()[k]);
        return values;
    }

    List<String> strings(String name, List<String> others) {
        AttributeProto a = attribute(name, AttributeProto.Kind.STRINGS);
        if (a == null) return others;
        return a.strings().stream()
                .map(b -> new String(b, StandardCharsets.UTF_8))
                .toList();
    }

    @Nullable
    TensorProto tensor(String name) {
        AttributeProto a = attribute(name, AttributeProto.Kind.TENSOR);
        return a == null ? null : a.tensor();
    }

    /** Returns integers that are an attribute in older versions and an input in newer ones; null if not given. */
    long @Nullable [] intsOr(String attribute, int input) {
        if (has(input)) return longs(input);
        return ints(attribute);
    }

    // Subgraphs

    GraphProto graph(String name) {
        AttributeProto a = attribute(name, AttributeProto.Kind.GRAPH);
        GraphProto g = a == null ? null : a.graph();
        if (g == null) throw error("lacks its graph " + name);
        return g;
    }

    List<Value> run(GraphProto graph, List<? extends Value> values) {
        return run.nested(graph, values);
    }

    /** Returns a tensor constant on the device of the inputs. */
    Tensor constant(TensorProto t) {
        return run.constant(t);
    }

    // Errors and axes

    /** Creates an error that names the node. */
    OnnxException error(String what) {
        return new OnnxException(node.describe() + " " + what);
    }

    /** Returns an axis counted from 0. */
    int axis(long axis, int rank) {
        if (axis < -rank || axis >= Math.max(rank, 1)) {
            throw error("has the axis " + axis + " of a tensor of " + rank + " dimensions");
        }
        return (int) (axis < 0 ? axis + rank : axis);
    }

    /** Returns axes counted from 0; null are all. */
    int[] axes(long @Nullable [] axes, int rank) {
        if (axes == null) return java.util.stream.IntStream.range(0, rank).toArray();
        int[] to = new int[axes.length];
        for (int k = 0; k < to.length; k++) to[k] = axis(axes[k], rank);
        return to;
    }
}
