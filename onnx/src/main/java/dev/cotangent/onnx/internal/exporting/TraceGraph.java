package dev.cotangent.onnx.internal.exporting;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A graph of ONNX nodes while it is made. */
final class TraceGraph {
    /** A node. Attributes are Long, Double, String, or long[]. */
    record Node(
            String op, List<@Nullable TraceValue> inputs, List<TraceValue> outputs, Map<String, Object> attributes) {}

    final List<Node> nodes = new ArrayList<>();
    final List<TraceValue> values = new ArrayList<>();
    private final Map<List<Object>, TraceValue> scalars = new HashMap<>();
    private final Map<List<Long>, TraceValue> lists = new HashMap<>();
    private final boolean shares;

    /**
     * Creates an empty graph.
     *
     * @param shares whether equal constants are one value; else graphs of different sizes have the same values
     */
    TraceGraph(boolean shares) {
        this.shares = shares;
    }

    private TraceValue add(
            TraceValue.Kind kind,
            Dtype dtype,
            long[] shape,
            @Nullable String name,
            @Nullable Tensor data,
            long @Nullable [] ints) {
        TraceValue v = new TraceValue(values.size(), kind, dtype, shape, name, data, ints);
        values.add(v);
        return v;
    }

    TraceValue input(String name, Dtype dtype, long[] shape) {
        return add(TraceValue.Kind.INPUT, dtype, shape, name, null, null);
    }

    TraceValue parameter(String name, Tensor data) {
        return add(TraceValue.Kind.PARAMETER, data.dtype(), data.shape().toArray(), name, data, null);
    }

    TraceValue constant(Tensor data) {
        return add(TraceValue.Kind.CONSTANT, data.dtype(), data.shape().toArray(), null, data, null);
    }

    /** Returns a constant without dimensions; {@code bits} as in a program. */
    TraceValue scalar(Dtype dtype, long bits) {
        return shares
                ? scalars.computeIfAbsent(List.of(dtype, bits), k -> freshScalar(dtype, bits))
                : freshScalar(dtype, bits);
    }

    private TraceValue freshScalar(Dtype dtype, long bits) {
        Tensor t = dtype.isFloatingPoint()
                ? Tensors.scalar(Double.longBitsToDouble(bits)).to(dtype)
                : Tensors.scalar(bits).to(dtype);
        TraceValue v = constant(t);
        v.uniform = bits;
        return v;
    }

    /** Returns a constant list of int64. */
    TraceValue ints(long... values) {
        List<Long> key = Arrays.stream(values).boxed().toList();
        return shares ? lists.computeIfAbsent(key, k -> list(values)) : list(values);
    }

    private TraceValue list(long[] values) {
        return add(TraceValue.Kind.INTS, Dtype.INT64, new long[] {values.length}, null, null, values.clone());
    }

    /** Returns a constant integer without dimensions. */
    TraceValue integer(long value) {
        return scalar(Dtype.INT64, value);
    }

    /** Adds a node of one output. */
    TraceValue node(
            String op, Dtype dtype, long[] shape, Map<String, Object> attributes, @Nullable TraceValue... inputs) {
        TraceValue out = add(TraceValue.Kind.NODE, dtype, shape, null, null, null);
        nodes.add(new Node(op, Arrays.asList(inputs), List.of(out), attributes));
        return out;
    }

    TraceValue node(String op, Dtype dtype, long[] shape, @Nullable TraceValue... inputs) {
        return node(op, dtype, shape, Map.of(), inputs);
    }

    /** Adds a node of several outputs, all of one shape but with dtypes of their own. */
    List<TraceValue> nodes(
            String op,
            List<Dtype> dtypes,
            List<long[]> shapes,
            Map<String, Object> attributes,
            @Nullable TraceValue... inputs) {
        List<TraceValue> outs = new ArrayList<>();
        for (int i = 0; i < dtypes.size(); i++) {
            outs.add(add(TraceValue.Kind.NODE, dtypes.get(i), shapes.get(i), null, null, null));
        }
        nodes.add(new Node(op, Arrays.asList(inputs), outs, attributes));
        return outs;
    }

    static Map<String, Object> attributes(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) map.put((String) pairs[i], pairs[i + 1]);
        return map;
    }

    // Frequent nodes

    TraceValue cast(TraceValue x, Dtype to) {
        if (x.dtype == to) return x;
        long type = dev.cotangent.onnx.internal.proto.ElementType.of(to);
        return node("Cast", to, x.shape, attributes("to", type), x);
    }

    TraceValue reshape(TraceValue x, long... shape) {
        if (Arrays.equals(x.shape, shape)) return x;
        return node("Reshape", x.dtype, shape.clone(), x, ints(shape));
    }

    TraceValue transpose(TraceValue x, int... perm) {
        boolean identity = true;
        long[] shape = new long[perm.length];
        long[] order = new long[perm.length];
        for (int d = 0; d < perm.length; d++) {
            identity &= perm[d] == d;
            shape[d] = x.shape[perm[d]];
            order[d] = perm[d];
        }
        return identity ? x : node("Transpose", x.dtype, shape, attributes("perm", order), x);
    }

    TraceValue expand(TraceValue x, long... shape) {
        return Arrays.equals(x.shape, shape) ? x : node("Expand", x.dtype, shape.clone(), x, ints(shape));
    }

    TraceValue squeeze(TraceValue x, int... dims) {
        if (dims.length == 0) return x;
        long[] shape = java.util.stream.IntStream.range(0, x.rank())
                .filter(d -> Arrays.stream(dims).noneMatch(k -> k == d))
                .mapToLong(d -> x.shape[d])
                .toArray();
        return node("Squeeze", x.dtype, shape, x, ints(longs(dims)));
    }

    TraceValue unsqueeze(TraceValue x, int... dims) {
        if (dims.length == 0) return x;
        long[] shape = new long[x.rank() + dims.length];
        int from = 0;
        for (int d = 0; d < shape.length; d++) {
            int at = d;
            shape[d] = Arrays.stream(dims).anyMatch(k -> k == at) ? 1 : x.shape[from++];
        }
        return node("Unsqueeze", x.dtype, shape, x, ints(longs(dims)));
    }

    static long[] longs(int... values) {
        return Arrays.stream(values).asLongStream().toArray();
    }

    /** Returns the shape that two broadcast to. */
    static long[] broadcast(long[] a, long[] b) {
        int rank = Math.max(a.length, b.length);
        long[] shape = new long[rank];
        for (int d = 0; d < rank; d++) {
            long x = d < rank - a.length ? 1 : a[d - rank + a.length];
            long y = d < rank - b.length ? 1 : b[d - rank + b.length];
            shape[d] = x == 1 ? y : x;
        }
        return shape;
    }

    /** Adds an element-wise node of operands that are broadcast. */
    TraceValue pointwise(String op, Dtype dtype, TraceValue... inputs) {
        long[] shape = inputs[0].shape;
        for (TraceValue v : inputs) shape = broadcast(shape, v.shape);
        return node(op, dtype, shape, inputs);
    }
}
