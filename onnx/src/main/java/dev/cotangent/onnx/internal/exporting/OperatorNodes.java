package dev.cotangent.onnx.internal.exporting;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Convolution;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Scatter;
import dev.cotangent.backend.Strided;
import dev.cotangent.onnx.OnnxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Writes the operations of a backend as nodes. */
final class OperatorNodes {
    private final TraceGraph graph;

    OperatorNodes(TraceGraph graph) {
        this.graph = graph;
    }

    TraceValue filled(Strided to, long bits) {
        TraceValue v = graph.expand(graph.scalar(to.dtype(), bits), to.layout().sizes());
        v.uniform = bits;
        return v;
    }

    // Reductions

    TraceValue reduced(Reduction kind, TraceValue x, Strided out) {
        long[] to = out.layout().sizes();
        int[] dims = IntStream.range(0, to.length)
                .filter(d -> to[d] == 1 && x.shape[d] != 1)
                .toArray();
        return switch (kind) {
            case SUM -> reduce("ReduceSum", x, dims, out.dtype());
            case PROD -> reduce("ReduceProd", x, dims, out.dtype());
            case MAX -> extreme("ReduceMax", x, dims, out.dtype());
            case MIN -> extreme("ReduceMin", x, dims, out.dtype());
            case ANY -> graph.cast(reduce("ReduceMax", truth(x), dims, Dtype.INT32), Dtype.BOOL);
            case ALL -> graph.cast(reduce("ReduceMin", truth(x), dims, Dtype.INT32), Dtype.BOOL);
            case ARGMAX -> arg("ArgMax", x, dims, to);
            case ARGMIN -> arg("ArgMin", x, dims, to);
        };
    }

    private TraceValue extreme(String op, TraceValue x, int[] dims, Dtype dtype) {
        if (x.dtype != Dtype.BOOL) return reduce(op, x, dims, dtype);
        return graph.cast(reduce(op, graph.cast(x, Dtype.INT32), dims, Dtype.INT32), Dtype.BOOL);
    }

    private TraceValue truth(TraceValue x) {
        return graph.cast(graph.cast(x, Dtype.BOOL), Dtype.INT32);
    }

    private TraceValue reduce(String op, TraceValue x, int[] dims, Dtype dtype) {
        TraceValue from = graph.cast(x, dtype);
        if (dims.length == 0) return from;
        long[] shape = x.shape.clone();
        for (int d : dims) shape[d] = 1;
        return graph.node(op, dtype, shape, from, graph.ints(TraceGraph.longs(dims)));
    }

    private TraceValue arg(String op, TraceValue x, int[] dims, long[] to) {
        if (dims.length == 1) {
            long[] shape = x.shape.clone();
            shape[dims[0]] = 1;
            return graph.node(op, Dtype.INT64, shape, TraceGraph.attributes("axis", (long) dims[0]), x);
        }
        TraceValue flat = graph.reshape(x, Arrays.stream(x.shape).reduce(1, (a, b) -> a * b));
        TraceValue all = graph.node(op, Dtype.INT64, new long[] {1}, TraceGraph.attributes("axis", 0L), flat);
        if (Arrays.stream(to).anyMatch(s -> s != 1)) {
            throw new OnnxException(
                    op.toLowerCase(java.util.Locale.ROOT) + " over several but not all dimensions has no ONNX form");
        }
        return graph.reshape(all, to);
    }

    // Products

    /** Returns the products; of a batch of one, that matrix alone. */
    TraceValue product(
            TracedMemory memory, Strided a, Strided b, @Nullable Strided c, Strided out, double alpha, double beta) {
        long n = out.layout().size(0);
        if (n != 1) {
            TraceValue y = graph.node("MatMul", out.dtype(), out.layout().sizes(), memory.read(a), memory.read(b));
            if (alpha != 1) y = times(y, alpha);
            if (c == null) return y;
            TraceValue more = memory.readBroadcast(c);
            return graph.pointwise("Add", out.dtype(), y, beta == 1 ? more : times(more, beta));
        }
        // One matrix: a Gemm, which takes transposed operands as they are.
        TraceValue left = memory.read(first(a));
        Layout right = b.layout().select(0, 0);
        boolean transposed = right.stride(0) == 1 && right.stride(1) != 1 && right.size(1) > 1;
        TraceValue y;
        long[] shape = {out.layout().size(1), out.layout().size(2)};
        TraceValue weight = memory.read(b.with(transposed ? right.transpose(0, 1) : right));
        if (c == null && !transposed) {
            y = graph.node("MatMul", out.dtype(), shape, left, weight);
            if (alpha != 1) y = times(y, alpha);
        } else {
            Strided row = c == null ? null : first(c);
            // A row for all is a list.
            if (row != null && row.layout().stride(0) == 0) row = first(row);
            TraceValue more = row == null ? null : memory.readBroadcast(row);
            List<Object> attributes = new ArrayList<>();
            if (transposed) attributes.addAll(List.of("transB", 1L));
            if (alpha != 1) attributes.addAll(List.of("alpha", alpha));
            if (beta != 1 && c != null) attributes.addAll(List.of("beta", beta));
            var given = TraceGraph.attributes(attributes.toArray());
            y = more == null
                    ? graph.node("Gemm", out.dtype(), shape, given, left, weight)
                    : graph.node("Gemm", out.dtype(), shape, given, left, weight, more);
        }
        return y;
    }

    /** Returns the first of the operands along the first dimension. */
    static Strided first(Strided s) {
        return s.with(s.layout().select(0, 0));
    }

    private TraceValue times(TraceValue x, double factor) {
        long bits = x.dtype.isFloatingPoint() ? Double.doubleToLongBits(factor) : (long) factor;
        return graph.pointwise("Mul", x.dtype, x, graph.scalar(x.dtype, bits));
    }

    // Indexing

    TraceValue gathered(TracedMemory memory, Strided in, int dim, Strided index, Strided out) {
        long[] to = out.layout().sizes();
        boolean rows = Tracer.isBroadcast(index.layout(), dim);
        for (int d = 0; d < to.length; d++)
            rows &= d == dim || to[d] == in.layout().size(d);
        if (!rows) {
            return graph.node(
                    "GatherElements",
                    out.dtype(),
                    to,
                    TraceGraph.attributes("axis", (long) dim),
                    memory.read(in),
                    memory.read(index));
        }
        Layout list = index.layout();
        for (int d = list.rank() - 1; d >= 0; d--) if (d != dim) list = list.select(d, 0);
        return graph.node(
                "Gather",
                out.dtype(),
                to,
                TraceGraph.attributes("axis", (long) dim),
                memory.read(in),
                memory.read(index.with(list)));
    }

    TraceValue scattered(Scatter kind, TraceValue to, int dim, TraceValue index, TraceValue from) {
        String reduction = switch (kind) {
            case SET -> "none";
            case ADD -> "add";
            case MUL -> "mul";
            case MAX -> "max";
            case MIN -> "min";
        };
        return graph.node(
                "ScatterElements",
                to.dtype,
                to.shape,
                TraceGraph.attributes("axis", (long) dim, "reduction", reduction),
                to,
                index,
                from);
    }

    List<TraceValue> sorted(TraceValue x, int dim, boolean descending, Strided values, Strided indices) {
        long[] shape = values.layout().sizes();
        return graph.nodes(
                "TopK",
                List.of(x.dtype, Dtype.INT64),
                List.of(shape, shape),
                TraceGraph.attributes("axis", (long) dim, "largest", descending ? 1L : 0L, "sorted", 1L),
                x,
                graph.ints(shape[dim]));
    }

    /** Returns row-major positions of indices, negative ones counted from the end. */
    TraceValue linear(TraceValue[] indices, long[] sizes) {
        TraceValue sum = null;
        long stride = 1;
        for (int d = indices.length - 1; d >= 0; d--) {
            TraceValue i = indices[d];
            TraceValue size = graph.integer(sizes[d]);
            TraceValue negative = graph.pointwise("Less", Dtype.BOOL, i, graph.integer(0));
            i = graph.pointwise("Where", Dtype.INT64, negative, graph.pointwise("Add", Dtype.INT64, i, size), i);
            if (stride != 1) i = graph.pointwise("Mul", Dtype.INT64, i, graph.integer(stride));
            sum = sum == null ? i : graph.pointwise("Add", Dtype.INT64, sum, i);
            stride *= sizes[d];
        }
        if (sum == null) throw new OnnxException("an index of no dimensions has no ONNX form");
        return sum;
    }

    // Networks

    List<TraceValue> normalized(
            TraceValue x,
            @Nullable TraceValue weight,
            @Nullable TraceValue bias,
            double eps,
            Layout mean,
            Dtype statistics) {
        int rank = x.rank();
        int[] dims = IntStream.range(0, rank)
                .filter(d -> mean.size(d) == 1 && x.shape[d] != 1)
                .toArray();
        int first = dims.length == 0 ? rank : dims[0];
        boolean trailing = first < rank;
        for (int d = first; d < rank; d++) trailing &= mean.size(d) == 1;
        long[] inner = Arrays.copyOfRange(x.shape, Math.min(first, rank), rank);
        TraceValue scale = weight == null ? null : of(weight, inner, first);
        TraceValue shift = bias == null ? null : of(bias, inner, first);
        boolean fits = (weight == null || scale != null) && (bias == null || shift != null);
        if (trailing && fits) {
            long one = x.dtype.isFloatingPoint() ? Double.doubleToLongBits(1) : 1;
            TraceValue w = scale != null ? scale : graph.expand(graph.scalar(x.dtype, one), inner);
            w = graph.cast(w, x.dtype);
            long[] small = mean.sizes();
            var attributes = TraceGraph.attributes("axis", (long) first, "epsilon", eps);
            List<Dtype> types = List.of(x.dtype, statistics, statistics);
            List<long[]> shapes = List.of(x.shape, small, small);
            return shift == null
                    ? graph.nodes("LayerNormalization", types, shapes, attributes, x, w)
                    : graph.nodes("LayerNormalization", types, shapes, attributes, x, w, graph.cast(shift, x.dtype));
        }
        TraceValue given = graph.cast(x, statistics);
        TraceValue m = average(given, dims);
        TraceValue centered = graph.pointwise("Sub", statistics, given, m);
        TraceValue var = average(graph.pointwise("Mul", statistics, centered, centered), dims);
        TraceValue e = graph.scalar(statistics, Double.doubleToLongBits(eps));
        TraceValue std = graph.node("Sqrt", statistics, var.shape, graph.pointwise("Add", statistics, var, e));
        TraceValue rstd = graph.node("Reciprocal", statistics, std.shape, std);
        TraceValue y = graph.pointwise("Mul", statistics, centered, rstd);
        if (weight != null) y = graph.pointwise("Mul", statistics, y, graph.cast(weight, statistics));
        if (bias != null) y = graph.pointwise("Add", statistics, y, graph.cast(bias, statistics));
        return List.of(graph.cast(y, x.dtype), m, rstd);
    }

    private TraceValue average(TraceValue x, int[] dims) {
        if (dims.length == 0) return x;
        long[] shape = x.shape.clone();
        for (int d : dims) shape[d] = 1;
        return graph.node("ReduceMean", x.dtype, shape, x, graph.ints(TraceGraph.longs(dims)));
    }

    /** Returns a value of the inner dimensions alone, or null if it has others. */
    private @Nullable TraceValue of(TraceValue v, long[] inner, int first) {
        for (int d = 0; d < first; d++) if (v.shape[d] != 1) return null;
        for (int d = 0; d < inner.length; d++) if (v.shape[first + d] != inner[d]) return null;
        return graph.squeeze(v, IntStream.range(0, first).toArray());
    }

    TraceValue convolution(TraceValue x, TraceValue weight, @Nullable TraceValue bias, Convolution conv, Strided out) {
        int dims = conv.dims();
        long[] pads = new long[2 * dims];
        for (int d = 0; d < dims; d++) {
            pads[d] = conv.padding(d);
            // The output may be smaller than there is room for.
            long span = conv.span(d, weight.shape[2 + d]);
            long needed = (out.layout().size(2 + d) - 1) * conv.stride(d) + span;
            long natural = conv.outputSize(d, x.shape[2 + d], weight.shape[2 + d]);
            pads[d + dims] =
                    natural == out.layout().size(2 + d) ? conv.padding(d) : needed - x.shape[2 + d] - conv.padding(d);
        }
        return conv("Conv", x, weight, bias, conv, pads, null, out);
    }

    TraceValue transposedConvolution(
            TraceValue g, TraceValue weight, @Nullable TraceValue bias, Convolution conv, Strided out) {
        int dims = conv.dims();
        long[] pads = new long[2 * dims];
        long[] extra = new long[dims];
        boolean any = false;
        for (int d = 0; d < dims; d++) {
            pads[d] = pads[d + dims] = conv.padding(d);
            extra[d] = out.layout().size(2 + d) - conv.transposedSize(d, g.shape[2 + d], weight.shape[2 + d]);
            any |= extra[d] != 0;
        }
        return conv("ConvTranspose", g, weight, bias, conv, pads, any ? extra : null, out);
    }

    private TraceValue conv(
            String op,
            TraceValue x,
            TraceValue weight,
            @Nullable TraceValue bias,
            Convolution conv,
            long[] pads,
            long @Nullable [] extra,
            Strided out) {
        int dims = conv.dims();
        long[] kernel = Arrays.copyOfRange(weight.shape, 2, 2 + dims);
        long[] strides = IntStream.range(0, dims).mapToLong(conv::stride).toArray();
        long[] dilations = IntStream.range(0, dims).mapToLong(conv::dilation).toArray();
        var attributes = TraceGraph.attributes(
                "kernel_shape",
                kernel,
                "strides",
                strides,
                "dilations",
                dilations,
                "pads",
                pads,
                "group",
                conv.groups());
        if (extra != null) attributes.put("output_padding", extra);
        long[] to = out.layout().sizes();
        return bias == null
                ? graph.node(op, out.dtype(), to, attributes, x, weight)
                : graph.node(op, out.dtype(), to, attributes, x, weight, bias);
    }

    List<TraceValue> attention(
            TraceValue q,
            TraceValue k,
            TraceValue v,
            @Nullable TraceValue mask,
            boolean causal,
            double scale,
            Strided out,
            Strided logs) {
        Dtype t = out.dtype();
        int rank = q.rank();
        int[] swap = IntStream.range(0, rank).toArray();
        swap[rank - 2] = rank - 1;
        swap[rank - 1] = rank - 2;
        long[] shape = q.shape.clone();
        shape[rank - 1] = k.shape[rank - 2];
        TraceValue scores =
                graph.node("MatMul", t, shape, times(graph.cast(q, t), scale), graph.transpose(graph.cast(k, t), swap));
        TraceValue never = graph.scalar(t, Double.doubleToLongBits(Double.NEGATIVE_INFINITY));
        if (mask != null) {
            scores = mask.dtype == Dtype.BOOL
                    ? graph.pointwise("Where", t, mask, scores, never)
                    : graph.pointwise("Add", t, scores, graph.cast(mask, t));
        }
        if (causal) {
            TraceValue ones = graph.expand(graph.scalar(Dtype.INT32, 1), shape[rank - 2], shape[rank - 1]);
            TraceValue seen = graph.node("Trilu", Dtype.INT32, ones.shape, TraceGraph.attributes("upper", 0L), ones);
            scores = graph.pointwise("Where", t, graph.cast(seen, Dtype.BOOL), scores, never);
        }
        TraceValue weights = graph.node("Softmax", t, shape, TraceGraph.attributes("axis", -1L), scores);
        if (mask != null) {
            // A query that sees no key gets zeros.
            TraceValue none = graph.node("IsNaN", Dtype.BOOL, shape, weights);
            weights = graph.pointwise("Where", t, none, graph.scalar(t, 0), weights);
        }
        TraceValue y = graph.node("MatMul", t, out.layout().sizes(), weights, graph.cast(v, t));
        TraceValue sums = graph.node(
                "ReduceLogSumExp",
                logs.dtype(),
                logs.layout().sizes(),
                TraceGraph.attributes("keepdims", 0L),
                graph.cast(scores, logs.dtype()),
                graph.ints(rank - 1));
        return List.of(y, sums);
    }
}
