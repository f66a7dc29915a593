package dev.cotangent.internal.ops.indexing;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Transfers;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.elementwise.ArithmeticOps;
import dev.cotangent.internal.ops.indexing.GatherOps.Reduce;

/**
 * Implements {@code torch.scatter_reduce} and, with one index per slice, {@code torch.index_reduce}, with gradients.
 */
final class ScatterReduce {
    private final int dim;
    private final Reduce kind;
    private final boolean includeSelf;
    private final boolean bySlice;

    private ScatterReduce(int dim, Reduce kind, boolean includeSelf, boolean bySlice) {
        this.dim = dim;
        this.kind = kind;
        this.includeSelf = includeSelf;
        this.bySlice = bySlice;
    }

    /**
     * Runs a reduction of checked arguments; a vector of indices if {@code index} has fewer dimensions than {@code
     * src}.
     */
    static Tensor run(
            String node,
            Tensor x,
            int dim,
            Tensor index,
            Tensor src,
            Reduce kind,
            boolean includeSelf,
            boolean inPlace) {
        if (x.isComplex() && kind != Reduce.SUM) throw Promotion.notImplemented("scatter_reduce", x.dtype());
        return new ScatterReduce(dim, kind, includeSelf, node.startsWith("Index")).run(node, x, index, src, inPlace);
    }

    private Tensor run(String node, Tensor x, Tensor index, Tensor src, boolean inPlace) {
        Promotion.device("scatter_reduce", x, index, src);
        Tensor out = GatherOps.target(x, inPlace, src, index);
        // Gradients of prod, amax and amin read the original values.
        Tensor before = inPlace && x.requiresGrad() ? x.clone() : x;
        GatherOps.reduceInto(kind, out, dim, each(index, src), src, includeSelf);
        if (kind == Reduce.MEAN) divide(out, index, src);
        GatherOps.written(out, inPlace);
        GradientRule grad = GradientRule.of(node, out);
        long[] sizes = Internals.layout(src).sizes();
        switch (kind) {
            case SUM ->
                grad.input(x, index, (g, i) -> includeSelf ? g : cleared(g, i, g))
                        .none(index)
                        .input(src, index, (g, i) -> GatherOps.gather(g, dim, each(i, sizes)));
            case MEAN -> {
                grad.input(x, index, (g, i) -> {
                            Tensor own = g.div(count(g, i, sizes));
                            return includeSelf ? own : cleared(own, i, g);
                        })
                        .none(index)
                        .input(src, index, (g, i) -> {
                            Tensor at = each(i, sizes);
                            return GatherOps.gather(g, dim, at).div(GatherOps.gather(count(g, i, sizes), dim, at));
                        });
            }
            case PROD ->
                grad.add(x, (g, k) -> productOfSelf(g[0], k[0], k[1], k[2]), before, index, src)
                        .none(index)
                        .add(src, (g, k) -> productOfSource(g[0], k[0], k[1], k[2], k[3]), before, index, src, out);
            case AMAX, AMIN ->
                grad.add(x, (g, k) -> extremeOfSelf(g[0], k[0], k[1], k[2], k[3]), before, index, src, out)
                        .none(index)
                        .add(src, (g, k) -> extremeOfSource(g[0], k[0], k[1], k[2], k[3]), before, index, src, out);
        }
        return GatherOps.finish(grad, out, inPlace);
    }

    private Tensor each(Tensor index, Tensor src) {
        return each(index, Internals.layout(src).sizes());
    }

    /** Returns one index per element of the source. */
    private Tensor each(Tensor index, long[] sizes) {
        return bySlice ? GatherOps.along(index, dim, sizes) : index;
    }

    private Tensor again(Tensor x, Tensor index, Tensor src) {
        return run(bySlice ? "IndexReduceBackward0" : "ScatterReduceBackward0", x, index, src, false);
    }

    private Tensor cleared(Tensor own, Tensor index, Tensor like) {
        Tensor at = bySlice ? GatherOps.along(index, dim, slices(like, index)) : index;
        return GatherOps.scatter(own, dim, at, 0, false);
    }

    private long[] slices(Tensor like, Tensor index) {
        long[] sizes = Internals.layout(like).sizes().clone();
        if (sizes.length > 0) sizes[dim] = index.numel();
        return sizes;
    }

    private void divide(Tensor out, Tensor index, Tensor src) {
        Tensor n = count(out, index, Internals.layout(src).sizes());
        Tensor sum = out.detach();
        Tensor mean = out.dtype().isFloatingPoint() ? sum.div(n) : ArithmeticOps.FLOOR_DIVIDE.call(sum, n);
        Transfers.copy(Internals.data(mean), Internals.data(out));
    }

    /** Returns the number of values reduced into each element, at least 1. */
    private Tensor count(Tensor like, Tensor index, long[] sizes) {
        Tensor n = includeSelf ? CreationOps.onesLike(like) : CreationOps.emptyLike(like);
        Tensor at = each(index, sizes);
        GatherOps.reduceInto(Reduce.SUM, n, dim, at, GatherOps.constant(n, 1, at), true);
        return n.clampMin(1);
    }

    private Tensor productOfSelf(Tensor g, Tensor self, Tensor index, Tensor src) {
        Tensor masked = self.maskedFill(self.eq(0), 1);
        Tensor own = g.mul(again(masked, index, src)).div(masked);
        return includeSelf ? own : cleared(own, index, g);
    }

    private Tensor productOfSource(Tensor g, Tensor self, Tensor index, Tensor src, Tensor result) {
        Tensor at = each(index, src);
        Tensor zero = src.eq(0);
        Tensor zeros = GatherOps.gather(
                GatherOps.scatterAdd(CreationOps.emptyLike(self), dim, at, zero.to(self.dtype()), false), dim, at);
        Tensor single = zero.logicalAnd(zeros.eq(1));
        // With a single zero, only the zero's own gradient is nonzero: the product of all other values.
        Tensor others = again(self, index, src.maskedFill(single, 1));
        Tensor several = GatherOps.gather(g.mul(result), dim, at).div(src.maskedFill(zero, 1));
        Tensor gradient = GatherOps.gather(g.mul(others), dim, at).where(single, several);
        if (dev.cotangent.autograd.GradMode.isEnabled() && zeros.gt(1).any().itemBoolean()) {
            GradientRule.RuleN unsupported = (gg, saved) -> {
                throw new CotangentException((bySlice ? "index_reduce()" : "scatter_reduce()")
                        + ": Double backward is unsupported for " + (bySlice ? "source" : "src") + " when >1 zeros in "
                        + (bySlice ? "source" : "src") + " are scattered to the same position in self");
            };
            return GradientRule.of("DelayedError", gradient.detach())
                    .add(gradient, unsupported)
                    .done();
        }
        return gradient;
    }

    private Tensor shares(Tensor g, Tensor self, Tensor index, Tensor src, Tensor result) {
        Tensor at = each(index, src);
        Tensor own = self.eq(result).to(self.dtype());
        Tensor theirs = src.eq(GatherOps.gather(result, dim, at)).to(self.dtype());
        return g.div(GatherOps.scatterAdd(own, dim, at, theirs, false));
    }

    private Tensor extremeOfSelf(Tensor g, Tensor self, Tensor index, Tensor src, Tensor result) {
        Tensor own = self.eq(result).mul(shares(g, self, index, src, result));
        return includeSelf ? own : cleared(own, index, g);
    }

    private Tensor extremeOfSource(Tensor g, Tensor self, Tensor index, Tensor src, Tensor result) {
        Tensor at = each(index, src);
        Tensor theirs = src.eq(GatherOps.gather(result, dim, at));
        return theirs.mul(GatherOps.gather(shares(g, self, index, src, result), dim, at));
    }
}
