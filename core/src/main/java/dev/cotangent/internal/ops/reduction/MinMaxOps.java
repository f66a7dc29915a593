package dev.cotangent.internal.ops.reduction;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.IndexException;
import dev.cotangent.MinMax;
import dev.cotangent.Tensor;
import dev.cotangent.ValuesIndices;
import dev.cotangent.backend.Reduction;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Axes;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.elementwise.PrologueReduction;
import dev.cotangent.internal.ops.indexing.GatherOps;
import org.jspecify.annotations.Nullable;

/** Min/max reductions and arg-reductions. */
public final class MinMaxOps {
    private MinMaxOps() {}

    /** Computes {@code torch.amax} and {@code torch.amin}; extremes that are tied share the gradient evenly. */
    public static Tensor amax(Reduction kind, Tensor x, int @Nullable [] dim, boolean keepdim) {
        boolean max = kind == Reduction.MAX;
        Axes axes = Axes.of(x, dim, keepdim);
        axes.checkNotEmpty(max ? "amax" : "amin", dim);
        Tensor out = extreme(kind, x, axes);
        return GradientRule.of(max ? "AmaxBackward0" : "AminBackward0", out)
                .input(x, x, out, (g, self, result) -> shared(g, self, result, axes))
                .done();
    }

    private static Tensor extreme(Reduction kind, Tensor x, Axes axes) {
        return PrologueReduction.IDENTITY.reduce(kind, axes, x.dtype(), x.dtype(), x);
    }

    private static Tensor shared(Tensor g, Tensor self, Tensor result, Axes axes) {
        Tensor mask = self.detach().eq(axes.restore(result.detach()));
        return axes.restore(g).mul(mask).div(mask.sum(axes.dims(), true));
    }

    /** Computes {@code torch.aminmax}, by default over all dimensions. */
    public static MinMax aminmax(Tensor x, @Nullable Integer dim, boolean keepdim) {
        int[] dims = dim == null ? null : new int[] {dim};
        Axes axes = Axes.of(x, dims, keepdim);
        if (dim == null) {
            if (x.numel() == 0) {
                throw new CotangentException(
                        "aminmax(): cannot compute aminmax over an empty dimension as the operation has"
                                + " no identity.");
            }
            if (keepdim) axes = axes.withKeepdim();
        } else if (x.dim() > 0 && x.size(Broadcast.dim(dim, x.dim())) == 0) {
            throw new IndexException(
                    "aminmax: Expected reduction dim " + Broadcast.dim(dim, x.dim()) + " to have non-zero size.");
        }
        Tensor min = extreme(Reduction.MIN, x, axes);
        Tensor max = extreme(Reduction.MAX, x, axes);
        Axes over = axes;
        GradientRule.of("AminmaxBackward0", min, max)
                .add(
                        x,
                        (g, saved) -> {
                            Tensor low = g[0] == null ? null : shared(g[0], saved[0], saved[1], over);
                            Tensor high = g[1] == null ? null : shared(g[1], saved[0], saved[2], over);
                            return low == null ? high : high == null ? low : low.add(high);
                        },
                        x,
                        min,
                        max)
                .done();
        return new MinMax(min, max);
    }

    /** Computes {@code torch.max} and {@code torch.min} over all dimensions. */
    public static Tensor max(Reduction kind, Tensor x) {
        boolean max = kind == Reduction.MAX;
        Axes axes = Axes.all(x);
        axes.checkNotEmpty(max ? "max" : "min", null);
        Tensor out = extreme(kind, x, axes);
        return GradientRule.of(max ? "MaxBackward1" : "MinBackward1", out)
                .input(x, x, out, (g, self, result) -> evenly(g, self, result))
                .done();
    }

    /** Divides a gradient evenly among the elements equal to a value, or NaN if it is. */
    static Tensor evenly(Tensor g, Tensor self, Tensor value) {
        Tensor x = self.detach();
        Tensor mask = value.detach().isnan().itemBoolean() ? x.isnan() : x.eq(value.detach());
        return g.div(mask.sum()).expand(Internals.layout(x).sizes()).maskedFill(mask.logicalNot(), 0);
    }

    /** Computes {@code torch.max} and {@code torch.min} along a dimension; ties select the first index. */
    public static ValuesIndices max(Reduction kind, Tensor x, int dim, boolean keepdim) {
        boolean max = kind == Reduction.MAX;
        int[] dims = {dim};
        Axes axes = Axes.of(x, dims, keepdim);
        axes.checkNotEmpty(max ? "max" : "min", dims);
        Tensor at = index(max ? Reduction.ARGMAX : Reduction.ARGMIN, x, axes.withKeepdim());
        return pick(max ? "MaxBackward0" : "MinBackward0", x, Broadcast.dim(dim, x.dim()), at, keepdim);
    }

    /**
     * Gathers elements along a dimension; their gradient is scattered back.
     *
     * @param index indices, of size 1 in that dimension
     */
    static ValuesIndices pick(String node, Tensor x, int dim, Tensor index, boolean keepdim) {
        Tensor source = x.detach();
        Tensor values =
                x.dim() == 0 ? source.clone() : source.gather(dim, index).detach();
        boolean drops = !keepdim && x.dim() > 0;
        if (drops) {
            values = values.squeeze(dim).detach();
            index = index.squeeze(dim).detach();
        }
        values = Internals.wrap(Internals.strided(values));
        index = Internals.wrap(Internals.strided(index));
        long[] sizes = Internals.layout(x).sizes();
        GradientRule.of(node, values, index)
                .add(x, (g, saved) -> g[0] == null ? null : unpick(g[0], saved[0], sizes, dim, drops), index)
                .done();
        return new ValuesIndices(values, index);
    }

    private static Tensor unpick(Tensor g, Tensor index, long[] sizes, int dim, boolean drops) {
        if (sizes.length == 0) return g;
        Tensor at = drops ? index.unsqueeze(dim) : index;
        Tensor part = drops ? g.unsqueeze(dim) : g;
        return GatherOps.sum(sizes, dim, at, part);
    }

    /** Computes {@code torch.argmax} and {@code torch.argmin}, by default of the flattened tensor. */
    public static Tensor argmax(Reduction kind, Tensor x, @Nullable Integer dim, boolean keepdim) {
        String op = kind == Reduction.ARGMAX ? "argmax" : "argmin";
        int[] dims = dim == null ? null : new int[] {dim};
        Axes axes = Axes.of(x, dims, keepdim);
        if (dim == null && x.numel() == 0) {
            throw new IndexException(op + "(): Expected reduction dim to be specified for input.numel() == 0.");
        }
        axes.checkNotEmpty(op, dims);
        if (x.dtype() == Dtype.BOOL) throw new CotangentException(op + "(): does not support bool input");
        return index(kind, x, axes);
    }

    private static Tensor index(Reduction kind, Tensor x, Axes axes) {
        return PrologueReduction.IDENTITY.reduce(kind, axes, x.dtype(), Dtype.INT64, x);
    }
}
