package dev.cotangent.onnx.internal.importing;

import static dev.cotangent.onnx.internal.importing.Operators.add;
import static dev.cotangent.onnx.internal.importing.Operators.tensor;
import static dev.cotangent.onnx.internal.importing.Operators.v;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.ValuesIndices;
import java.util.List;

/** Reductions, scans and sorting. */
final class ReductionOperators {
    private static final int[] VERSIONS = v(1, 11, 13, 18);
    private static final int[] EXTREMES = v(1, 11, 12, 13, 18, 20);

    private ReductionOperators() {}

    /** Reduces dimensions, which are kept with size 1. */
    private interface Reduce {
        Tensor of(Tensor x, int[] dims);
    }

    static void register() {
        reduce("ReduceL1", VERSIONS, (x, d) -> sum(x.abs(), d));
        reduce("ReduceL2", VERSIONS, (x, d) -> root(sum(x.square(), d)));
        reduce("ReduceLogSum", VERSIONS, (x, d) -> floating(sum(x, d)).log().to(x.dtype()));
        reduce(
                "ReduceLogSumExp",
                VERSIONS,
                (x, d) -> floating(x).logsumexp(d, true).to(x.dtype()));
        reduce("ReduceMax", EXTREMES, ReductionOperators::max);
        reduce(
                "ReduceMean",
                VERSIONS,
                (x, d) -> x.dtype().isFloatingPoint()
                        ? x.mean(d, true)
                        : x.toDouble().mean(d, true).to(x.dtype()));
        reduce("ReduceMin", EXTREMES, ReductionOperators::min);
        reduce("ReduceProd", VERSIONS, (x, d) -> {
            for (int dim : d) x = x.prod(dim, true, x.dtype());
            return x;
        });
        reduce("ReduceSum", v(1, 11, 13), ReductionOperators::sum);
        reduce("ReduceSumSquare", VERSIONS, (x, d) -> sum(x.square(), d));
        tensor("ArgMax", v(1, 11, 12, 13), c -> arg(c, true));
        tensor("ArgMin", v(1, 11, 12, 13), c -> arg(c, false));
        tensor("CumSum", v(11, 14), c -> scan(c, false));
        tensor("CumProd", v(26), c -> scan(c, true));
        add("TopK", v(10, 11, 24), ReductionOperators::topk);
    }

    private static void reduce(String name, int[] versions, Reduce body) {
        tensor(name, versions, c -> {
            Tensor x = c.x(0);
            long[] axes = c.intsOr("axes", 1);
            if ((axes == null || axes.length == 0) && c.flag("noop_with_empty_axes", false)) {
                // The reduction of each element alone.
                return name.equals("ReduceSum") || x.dim() == 0
                        ? x
                        : body.of(x.unsqueeze(0), new int[] {0}).squeeze(0);
            }
            int[] dims = c.axes(axes == null || axes.length == 0 ? null : axes, x.dim());
            Tensor y = dims.length == 0 ? body.of(x.unsqueeze(0), new int[] {0}).squeeze(0) : body.of(x, dims);
            return c.flag("keepdims", true) || dims.length == 0 ? y : y.squeeze(dims);
        });
    }

    private static Tensor sum(Tensor x, int[] dims) {
        return x.sum(dims, true, x.dtype());
    }

    private static Tensor floating(Tensor x) {
        return x.dtype().isFloatingPoint() ? x : x.toDouble();
    }

    private static Tensor root(Tensor x) {
        return floating(x).sqrt().to(x.dtype());
    }

    private static boolean isEmpty(Tensor x, int[] dims) {
        for (int d : dims) if (x.size(d) == 0) return true;
        return false;
    }

    /** Computes maxima; of no elements the lowest value, as the format says. */
    private static Tensor max(Tensor x, int[] dims) {
        if (x.dtype() == Dtype.BOOL) return x.any(dims, true);
        return isEmpty(x, dims) ? identity(x, dims, true) : x.amax(dims, true);
    }

    private static Tensor min(Tensor x, int[] dims) {
        if (x.dtype() == Dtype.BOOL) return x.all(dims, true);
        return isEmpty(x, dims) ? identity(x, dims, false) : x.amin(dims, true);
    }

    private static Tensor identity(Tensor x, int[] dims, boolean lowest) {
        long[] sizes = x.shape().toArray();
        for (int d : dims) sizes[d] = 1;
        Number value = switch (x.dtype()) {
            case INT64 -> lowest ? Long.MIN_VALUE : Long.MAX_VALUE;
            case INT32 -> lowest ? Integer.MIN_VALUE : Integer.MAX_VALUE;
            case INT16 -> lowest ? Short.MIN_VALUE : Short.MAX_VALUE;
            case INT8 -> lowest ? Byte.MIN_VALUE : Byte.MAX_VALUE;
            case UINT8 -> lowest ? 0 : 255;
            default -> lowest ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        };
        return x.newFull(dev.cotangent.Tensors.shape(sizes), value);
    }

    private static Tensor arg(Call c, boolean max) {
        Tensor x = c.x(0);
        int axis = c.axis(c.i("axis", 0), x.dim());
        boolean keep = c.flag("keepdims", true);
        if (!c.flag("select_last_index", false)) return max ? x.argmax(axis, keep) : x.argmin(axis, keep);
        Tensor from = x.flip(axis);
        Tensor last = (max ? from.argmax(axis, keep) : from.argmin(axis, keep));
        return last.rsub(x.size(axis) - 1);
    }

    private static Tensor scan(Call c, boolean product) {
        Tensor x = c.x(0);
        int axis = c.axis(c.integer(1), x.dim());
        boolean reverse = c.flag("reverse", false);
        if (reverse) x = x.flip(axis);
        if (c.flag("exclusive", false)) {
            long size = x.size(axis);
            long[] one = x.shape().toArray();
            one[axis] = Math.min(1, size);
            Tensor start = x.newFull(dev.cotangent.Tensors.shape(one), product ? 1 : 0);
            x = dev.cotangent.Tensors.cat(List.of(start, x.narrow(axis, 0, Math.max(0, size - 1))), axis);
        }
        Tensor y = product ? x.cumprod(axis, x.dtype()) : x.cumsum(axis, x.dtype());
        return reverse ? y.flip(axis) : y;
    }

    private static List<Value> topk(Call c) {
        Tensor x = c.x(0);
        int axis = c.axis(c.i("axis", -1), x.dim());
        ValuesIndices top = x.topk(c.integer(1), axis, c.flag("largest", true), true);
        return Value.of(top.values(), top.indices());
    }
}
