package dev.cotangent.internal.ops.reduction;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Interpolation;
import dev.cotangent.Tensor;
import dev.cotangent.ValuesIndices;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Axes;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.indexing.GatherOps;
import org.jspecify.annotations.Nullable;

/** Sorting, and operations based on order: top-k, ranks, medians, modes, quantiles. */
public final class SortOps {
    private SortOps() {}

    /** Computes {@code torch.sort}, always stable; NaN sorts as largest. */
    public static ValuesIndices sort(Tensor x, int dim, boolean descending, boolean stable) {
        int d = Broadcast.dim(dim, x.dim());
        return selected(stable ? "SortBackward1" : "SortBackward0", x, order(x, d, descending), d);
    }

    /** Sorts without recording. */
    private static ValuesIndices order(Tensor x, int dim, boolean descending) {
        Tensor source = x.detach();
        if (x.dim() == 0) return new ValuesIndices(source.clone(), CreationOps.zeros(Dtype.INT64, x.device()));
        Tensor index = CreationOps.uninitialized(
                Dtype.INT64, x.device(), Internals.layout(x).sizes());
        Tensor values = CreationOps.uninitialized(
                x.dtype(), x.device(), Internals.layout(x).sizes());
        if (x.numel() > 0) {
            Internals.backend(x)
                    .sort(
                            Internals.strided(source),
                            dim,
                            descending,
                            Internals.strided(values),
                            Internals.strided(index));
        }
        return new ValuesIndices(values, index);
    }

    /** Gathers elements of {@code x} at indices along a dimension; their gradient is scattered back. */
    private static ValuesIndices selected(String node, Tensor x, ValuesIndices of, int dim) {
        long[] sizes = Internals.layout(x).sizes();
        Tensor values = Internals.wrap(Internals.strided(of.values()));
        Tensor index = Internals.wrap(Internals.strided(of.indices()));
        GradientRule.of(node, values, index)
                .add(
                        x,
                        (g, saved) -> {
                            if (g[0] == null || sizes.length == 0) return g[0];
                            return GatherOps.sum(sizes, dim, saved[0], g[0]);
                        },
                        index)
                .done();
        return new ValuesIndices(values, index);
    }

    /** Computes {@code torch.topk}, sorted. */
    public static ValuesIndices topk(Tensor x, long k, int dim, boolean largest) {
        int d = Broadcast.dim(dim, x.dim());
        long n = x.dim() == 0 ? 1 : x.size(d);
        if (k < 0 || k > n) throw new CotangentException("selected index k out of range");
        if (x.dim() == 0) return selected("TopkBackward0", x, order(x, d, largest), d);
        long[] sizes = resized(x, d, k);
        Tensor values = CreationOps.uninitialized(x.dtype(), x.device(), sizes);
        Tensor index = CreationOps.uninitialized(Dtype.INT64, x.device(), sizes);
        Internals.backend(x)
                .topk(Internals.strided(x), d, largest, Internals.strided(values), Internals.strided(index));
        return selected("TopkBackward0", x, new ValuesIndices(values, index), d);
    }

    /** Computes {@code torch.kthvalue}; k counts from 1. */
    public static ValuesIndices kthvalue(Tensor x, long k, int dim, boolean keepdim) {
        int d = Broadcast.dim(dim, x.dim());
        Axes.one(x, dim, keepdim).checkNotEmpty("kthvalue", new int[] {dim});
        long n = x.dim() == 0 ? 1 : x.size(d);
        if (k < 1 || k > n) {
            throw new CotangentException("kthvalue(): selected number k out of range for dimension " + d);
        }
        Tensor at = indices(x, d);
        if (x.dim() > 0) Internals.backend(x).kth(Internals.strided(x), d, k - 1, Internals.strided(at));
        return MinMaxOps.pick("KthvalueBackward0", x, d, at, keepdim);
    }

    /** Computes {@code torch.median} and {@code torch.nanmedian} over all elements: the lower of two middle ones. */
    public static Tensor median(Tensor x, boolean ignoreNan) {
        Tensor flat = x.detach().reshape(-1);
        Tensor out = x.numel() == 0
                ? CreationOps.full(x.dtype(), x.device(), x.dtype().isFloatingPoint() ? Double.NaN : 0)
                : flat.gather(0, middle(flat, 0, ignoreNan)).reshape();
        Tensor result = Internals.wrap(Internals.strided(out));
        return GradientRule.of(ignoreNan ? "NanmedianBackward0" : "MedianBackward0", result)
                .input(x, x, result, MinMaxOps::evenly)
                .done();
    }

    /** Computes {@code torch.median} and {@code torch.nanmedian} along a dimension. */
    public static ValuesIndices median(Tensor x, int dim, boolean keepdim, boolean ignoreNan) {
        int d = Broadcast.dim(dim, x.dim());
        Axes.one(x, dim, keepdim).checkNotEmpty("median", new int[] {dim});
        Tensor at = middle(x, d, ignoreNan);
        return MinMaxOps.pick(ignoreNan ? "NanmedianBackward1" : "MedianBackward1", x, d, at, keepdim);
    }

    /** Returns the index of the middle element: of a NaN if there is one, or of the non-NaN elements. */
    private static Tensor middle(Tensor x, int dim, boolean ignoreNan) {
        Tensor at = indices(x, dim);
        if (x.dim() > 0) Internals.backend(x).median(Internals.strided(x), dim, ignoreNan, Internals.strided(at));
        return at;
    }

    /** Returns uninitialized memory for one index per row along a dimension. */
    private static Tensor indices(Tensor x, int dim) {
        return x.dim() == 0
                ? CreationOps.zeros(Dtype.INT64, x.device())
                : CreationOps.uninitialized(Dtype.INT64, x.device(), resized(x, dim, 1));
    }

    private static long[] resized(Tensor x, int dim, long size) {
        long[] sizes = Internals.layout(x).sizes().clone();
        sizes[dim] = size;
        return sizes;
    }

    /** Computes {@code torch.mode}: the smallest of equally frequent values, with its last index. */
    public static ValuesIndices mode(Tensor x, int dim, boolean keepdim) {
        int d = Broadcast.dim(dim, x.dim());
        Axes axes = Axes.one(x, dim, true);
        axes.checkNotEmpty("mode", new int[] {dim});
        Tensor at = indices(x, d);
        if (x.dim() > 0) Internals.backend(x).mode(Internals.strided(x), d, Internals.strided(at));
        return MinMaxOps.pick("ModeBackward0", x, d, at, keepdim);
    }

    /** Computes {@code torch.quantile} and {@code torch.nanquantile}. */
    public static Tensor quantile(
            Tensor x,
            Tensor q,
            @Nullable Integer dim,
            boolean keepdim,
            Interpolation interpolation,
            boolean ignoreNan) {
        String op = ignoreNan ? "nanquantile" : "quantile";
        check(op, x, q);
        Tensor rows =
                dim == null || x.dim() == 0 ? x.reshape(-1) : x.transpose(Broadcast.dim(dim, x.dim()), x.dim() - 1);
        Tensor sorted = sort(rows, -1, false, false).values();
        long last = sorted.size(-1) - 1;
        Tensor q1 = q.dim() == 0 ? q.reshape(1) : q;
        Tensor isNan = sorted.detach().isnan();
        Tensor ranks;
        if (ignoreNan) {
            ranks = q1.mul(isNan.logicalNot().sum(-1, true).sub(1));
            ranks = ranks.maskedFill(ranks.detach().lt(0), 0);
        } else {
            Tensor any = isNan.any(-1, true);
            ranks = q1.mul(last);
            long[] sizes = Broadcast.shape(
                    Internals.layout(ranks).sizes(), Internals.layout(any).sizes());
            ranks = ranks.expand(sizes).maskedFill(any, last);
        }
        ranks = switch (interpolation) {
            case LOWER -> ranks.floor();
            case HIGHER -> ranks.ceil();
            case NEAREST -> ranks.round();
            default -> ranks;
        };
        Tensor below = ranks.detach().to(Dtype.INT64);
        Tensor values = sorted.gather(-1, below);
        boolean midpoint = interpolation == Interpolation.MIDPOINT;
        if (midpoint || interpolation == Interpolation.LINEAR) {
            Tensor weights = midpoint ? CreationOps.full(x.dtype(), x.device(), 0.5) : ranks.sub(below);
            Tensor above = sorted.gather(-1, ranks.detach().ceil().to(Dtype.INT64));
            values = values.lerp(above, weights);
        }
        return shaped(values, x, q, dim, keepdim);
    }

    private static void check(String op, Tensor x, Tensor q) {
        if (x.numel() == 0) throw new CotangentException(op + "() input tensor must be non-empty");
        if (q.dim() > 1) throw new CotangentException(op + "() q must be a scalar or 1D tensor");
        if (x.dtype() != Dtype.FLOAT32 && x.dtype() != Dtype.FLOAT64) {
            throw new CotangentException(op + "() input tensor must be either float or double dtype");
        }
        if (q.dtype() != x.dtype()) {
            throw new CotangentException(op + "() q tensor must be same dtype as the input tensor");
        }
        Promotion.device(op, x, q);
        if (!q.detach().ge(0).logicalAnd(q.detach().le(1)).all().itemBoolean()) {
            throw new CotangentException(op + "() q values must be in the range [0, 1]");
        }
    }

    /** Computes {@code torch.quantile} of a scalar q. */
    public static Tensor quantile(
            Tensor x,
            double q,
            @Nullable Integer dim,
            boolean keepdim,
            Interpolation interpolation,
            boolean ignoreNan) {
        if (!(q >= 0 && q <= 1)) {
            throw new CotangentException(
                    (ignoreNan ? "nanquantile" : "quantile") + "() q must be in the range [0, 1] but got " + q);
        }
        Tensor scalar =
                CreationOps.full(x.dtype().isFloatingPoint() ? x.dtype() : Promotion.defaultDtype(), x.device(), q);
        return quantile(x, scalar, dim, keepdim, interpolation, ignoreNan);
    }

    /** Moves the quantiles' dimension from last to first, or drops it for a scalar q. */
    private static Tensor shaped(Tensor values, Tensor x, Tensor q, @Nullable Integer dim, boolean keepdim) {
        Axes axes = Axes.of(x, dim == null ? null : new int[] {dim}, keepdim);
        Tensor out = values;
        if (dim != null && x.dim() > 0) {
            int d = Broadcast.dim(dim, x.dim());
            // The reduced dimension is last: move the quantiles to a new first dimension and restore the last.
            out = out.unsqueeze(0).transpose(0, -1).squeeze(-1);
            long[] rest = axes.keepdimSizes();
            Tensor all = out.reshape(withLeading(q, swapped(rest, d)));
            out = all.transpose(d + 1, x.dim());
        }
        long[] result = axes.result();
        return out.reshape(q.dim() == 0 ? result : withLeading(q, result));
    }

    private static long[] swapped(long[] sizes, int d) {
        long[] out = sizes.clone();
        long last = out[out.length - 1];
        out[out.length - 1] = out[d];
        out[d] = last;
        return out;
    }

    private static long[] withLeading(Tensor q, long[] sizes) {
        long[] out = new long[sizes.length + 1];
        out[0] = q.numel();
        System.arraycopy(sizes, 0, out, 1, sizes.length);
        return out;
    }
}
