package dev.cotangent.internal.ops.reduction;

import dev.cotangent.Dtype;
import dev.cotangent.IndexException;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.backend.Reduction;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.Axes;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import org.jspecify.annotations.Nullable;

/** Implements {@code torch.masked}: reductions and normalizations that replace masked-out elements by the identity. */
public final class MaskedOps {
    private static final double INF = Double.POSITIVE_INFINITY;

    private MaskedOps() {}

    /** Returns the mask in the tensor's shape, as bool. */
    private static Tensor canonical(Tensor x, Tensor mask) {
        if (mask.dim() > x.dim()) {
            throw new IndexException(
                    "_input_mask expected broadcastable mask (got mask dimensionality higher than of the input)");
        }
        return mask.detach().expand(Internals.layout(x).sizes()).to(Dtype.BOOL);
    }

    private static Tensor fill(Tensor x, @Nullable Tensor mask, Number identity) {
        return mask == null ? x : x.maskedFill(canonical(x, mask).logicalNot(), identity);
    }

    /** Returns the smallest or largest value of a type. */
    private static Number bound(Dtype type, boolean largest) {
        if (type.isDifferentiable()) return largest ? INF : -INF;
        int bits = 8 * type.bytes();
        if (type == Dtype.UINT8) return largest ? 255 : 0;
        if (type == Dtype.BOOL) return largest ? 1 : 0;
        return largest ? Long.MAX_VALUE >> (64 - bits) : Long.MIN_VALUE >> (64 - bits);
    }

    private static Tensor typed(Tensor x, @Nullable Dtype dtype, Dtype otherwise) {
        return x.to(dtype == null ? otherwise : dtype);
    }

    /** Computes {@code torch.masked.sum}. */
    public static Tensor sum(
            Tensor x, int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return ReductionOps.sum(fill(x, mask, 0), dim, keepdim, dtype);
    }

    /** Computes {@code torch.masked.prod}, dimension by dimension. */
    public static Tensor prod(
            Tensor x, int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        Tensor result = typed(fill(x, mask, 1), dtype, x.dtype().sumType());
        int[] dims = Axes.of(x, dim, keepdim).dims();
        for (int i = dims.length - 1; i >= 0; i--) result = result.prod(dims[i], keepdim);
        return result;
    }

    /** Computes {@code torch.masked.cumsum}. */
    public static Tensor cumsum(Tensor x, int dim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return fill(x, mask, 0).cumsum(dim, dtype == null ? x.dtype() : dtype);
    }

    /** Computes {@code torch.masked.cumprod}. */
    public static Tensor cumprod(Tensor x, int dim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return fill(x, mask, 1).cumprod(dim, dtype == null ? x.dtype() : dtype);
    }

    /** Computes {@code torch.masked.amax} and {@code torch.masked.amin}. */
    public static Tensor amax(
            Reduction kind,
            Tensor x,
            int @Nullable [] dim,
            boolean keepdim,
            @Nullable Dtype dtype,
            @Nullable Tensor mask) {
        Tensor filled = fill(x, mask, bound(x.dtype(), kind == Reduction.MIN));
        return typed(MinMaxOps.amax(kind, filled, dim, keepdim), dtype, x.dtype());
    }

    /**
     * Computes {@code torch.masked.argmax} and {@code torch.masked.argmin}; as in PyTorch, indices have the input's
     * type.
     */
    public static Tensor argmax(
            Reduction kind,
            Tensor x,
            @Nullable Integer dim,
            boolean keepdim,
            @Nullable Dtype dtype,
            @Nullable Tensor mask) {
        Tensor filled = fill(x, mask, bound(x.dtype(), kind == Reduction.ARGMIN));
        return typed(MinMaxOps.argmax(kind, filled, dim, keepdim), dtype, x.dtype());
    }

    private static Tensor count(Tensor x, int @Nullable [] dim, boolean keepdim, @Nullable Tensor mask) {
        if (mask != null) return ReductionOps.sum(canonical(x, mask), dim, keepdim, null);
        Axes axes = Axes.of(x, dim, keepdim);
        return CreationOps.full(Dtype.INT64, x.device(), axes.count(), axes.result());
    }

    /** Computes {@code torch.masked.mean}. */
    public static Tensor mean(
            Tensor x, int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return sum(x, dim, keepdim, dtype == null ? x.dtype() : dtype, mask).div(count(x, dim, keepdim, mask));
    }

    /** Computes {@code torch.masked.median}. */
    public static Tensor median(Tensor x, int dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        if (x.isComplex()) throw Promotion.notImplemented("median_cpu", x.dtype());
        boolean isFloat = x.dtype().isFloatingPoint();
        Tensor filled = fill(isFloat ? x : x.to(Promotion.defaultDtype()), mask, Double.NaN);
        Tensor out = filled.nanmedian(dim, keepdim).values();
        if (isFloat) return out;
        if (out.isnan().any().itemBoolean()) {
            throw new ValueException("masked median expects no fully masked out rows if dtype is not floating point");
        }
        return typed(out, dtype, x.dtype());
    }

    /** Computes {@code torch.masked.logsumexp}. */
    public static Tensor logsumexp(
            Tensor x, int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        Tensor filled = fill(x, mask, bound(x.dtype(), false));
        int[] dims = dim == null ? Axes.all(x).dims() : dim;
        return typed(filled.logsumexp(dims, keepdim), dtype, x.dtype());
    }

    /** Computes {@code torch.masked.logaddexp}. */
    public static Tensor logaddexp(
            Tensor x, Tensor other, @Nullable Dtype dtype, @Nullable Tensor inputMask, @Nullable Tensor otherMask) {
        Tensor a = fill(x, inputMask, bound(x.dtype(), false));
        Tensor b = fill(other, otherMask, bound(other.dtype(), false));
        return typed(a.logaddexp(b), dtype, x.dtype());
    }

    /** Computes {@code torch.masked.norm}. */
    public static Tensor norm(
            Tensor x, Number ord, int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        Tensor filled = fill(x, mask, ord.doubleValue() == -INF ? INF : 0);
        return NormOps.vectorNorm(filled, ord, dim, keepdim, dtype);
    }

    /** Computes {@code torch.masked.var}. */
    public static Tensor var(
            Tensor x,
            int @Nullable [] dim,
            double correction,
            boolean keepdim,
            @Nullable Dtype dtype,
            @Nullable Tensor mask) {
        Dtype result = dtype != null ? dtype : x.dtype().isDifferentiable() ? x.dtype() : Promotion.defaultDtype();
        Dtype compute = result.isDifferentiable() ? result : Promotion.defaultDtype();
        Tensor mean = sum(x, dim, true, result, mask).div(count(x, dim, true, mask));
        Tensor centred = x.sub(mean);
        Tensor total = sum(centred.mul(centred.conj()), dim, keepdim, compute, mask);
        Tensor count = count(x, dim, keepdim, mask);
        if (correction != 0)
            count = count.to(compute.realType()).sub(correction).clampMin(0);
        return total.div(count).to(result);
    }

    /** Computes {@code torch.masked.softmax}. */
    public static Tensor softmax(Tensor x, int dim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return SoftmaxOps.softmax(fill(x, mask, bound(x.dtype(), false)), dim, dtype);
    }

    /** Computes {@code torch.masked.log_softmax}. */
    public static Tensor logSoftmax(Tensor x, int dim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return SoftmaxOps.logSoftmax(fill(x, mask, bound(x.dtype(), false)), dim, dtype);
    }

    /** Computes {@code torch.masked.softmin}. */
    public static Tensor softmin(Tensor x, int dim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return fill(x, mask, bound(x.dtype(), true)).softmin(dim, dtype);
    }

    /** Computes {@code torch.masked.normalize}. */
    public static Tensor normalize(
            Tensor x, Number ord, int dim, double eps, @Nullable Dtype dtype, @Nullable Tensor mask) {
        Tensor norm = norm(x, ord, new int[] {dim}, true, dtype, mask);
        Tensor least = CreationOps.full(norm.dtype(), norm.device(), eps);
        return fill(x, mask, 0).div(norm.maximum(least));
    }
}
