package dev.cotangent.internal.ops.reduction;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.GradMode;
import dev.cotangent.backend.Reduction;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Axes;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.elementwise.ComplexOps;
import dev.cotangent.internal.ops.elementwise.PrologueReduction;
import dev.cotangent.ir.Expr;
import org.jspecify.annotations.Nullable;

/** Vector norms and distances. */
public final class NormOps {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final PrologueReduction SQUARE = new PrologueReduction(0, (x, p) -> x[0].square());
    private static final PrologueReduction MAGNITUDE = new PrologueReduction(0, (x, p) -> x[0].abs());
    private static final PrologueReduction POWER =
            new PrologueReduction(1, (x, p) -> x[0].abs().pow(p[0]));
    private static final PrologueReduction NOT_ZERO = new PrologueReduction(0, (x, p) -> {
        Expr one = x[0].like(1);
        return x[0].ne(0).where(one, x[0].like(0));
    });

    private NormOps() {}

    /** Computes {@code torch.linalg.vector_norm}. */
    public static Tensor vectorNorm(
            Tensor x, Number ord, int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype) {
        String op = "linalg.vector_norm";
        if (!x.dtype().isDifferentiable()) {
            throw new CotangentException(op + ": Expected a floating point or complex tensor as input. Got "
                    + x.dtype().scalarName());
        }
        if (dtype != null) checkType(op, x, dtype);
        double p = ord.doubleValue();
        Axes axes = Axes.of(x, dim, keepdim);
        checkIdentity(op, x, axes, p, dim);
        return norm("LinalgVectorNormBackward0", dtype == null ? x : x.to(dtype), p, axes);
    }

    public static void checkType(String op, Tensor x, Dtype dtype) {
        if (!dtype.isDifferentiable()) {
            throw new CotangentException(
                    op + ": dtype should be floating point or complex, but got " + dtype.scalarName());
        }
        if (x.dtype().isComplex() != dtype.isComplex()) {
            String kind = x.dtype().isComplex() ? "complex" : "real";
            throw new CotangentException(
                    op + ": dtype should be " + kind + " for " + kind + " inputs, but got " + dtype.scalarName());
        }
        if (Dtype.promote(x.dtype(), dtype) != dtype) {
            throw new CotangentException(op + ": the dtype of the input ("
                    + x.dtype().scalarName() + ") should be convertible without narrowing to the specified dtype ("
                    + dtype.scalarName() + ")");
        }
    }

    /** Throws PyTorch's error if the norm of an empty dimension has no identity. */
    private static void checkIdentity(String op, Tensor x, Axes axes, double p, int @Nullable [] dim) {
        if (x.numel() != 0 || (p >= 0 && p != INF)) return;
        String ord = Double.isInfinite(p) ? (p > 0 ? "inf" : "-inf") : number(p);
        if (dim == null || dim.length == 0) {
            throw new CotangentException(op + " cannot compute the " + ord
                    + " norm on an empty tensor because the operation" + " does not have an identity");
        }
        for (int d : axes.dims()) {
            if (axes.sizes()[d] == 0) {
                throw new CotangentException(op + " cannot compute the " + ord + " norm on the dimension " + d
                        + " because this dimension is empty and the operation does not have an identity");
            }
        }
    }

    private static String number(double p) {
        return p == Math.rint(p) ? Long.toString((long) p) : Double.toString(p);
    }

    /** Computes {@code torch.norm} of a numeric order. */
    public static Tensor norm(Tensor x, Number p, int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype) {
        return vectorNorm(x, p, dim, keepdim, dtype);
    }

    /** Computes a norm in the type of {@code x}. */
    private static Tensor norm(String node, Tensor x, double p, Axes axes) {
        if (x.dtype().isComplex()) return norm(node, ComplexOps.abs(x), p, axes);
        Dtype wide = x.dtype().computeType();
        Tensor out;
        if (p == 2) out = SQUARE.sum(axes, wide, x).sqrt();
        else if (p == 1) out = MAGNITUDE.sum(axes, wide, x);
        else if (p == 0) out = NOT_ZERO.sum(axes, wide, x);
        else if (Double.isInfinite(p)) out = extreme(x, p > 0, axes, wide);
        else
            out = POWER.reduce(Reduction.SUM, axes, wide, wide, new Number[] {p}, x)
                    .pow(1 / p);
        Tensor result = out.to(x.dtype());
        return GradientRule.of(node, result)
                .input(x, x, result, (g, self, y) -> backward(axes.restore(g), self, axes.restore(y), p, axes))
                .done();
    }

    private static Tensor extreme(Tensor x, boolean largest, Axes axes, Dtype wide) {
        // The infinity norm of an empty vector is 0.
        if (axes.count() == 0) return CreationOps.zeros(wide, x.device(), axes.result());
        return MAGNITUDE.reduce(largest ? Reduction.MAX : Reduction.MIN, axes, wide, wide, x);
    }

    /** Computes the gradient by PyTorch's formulas, with its subgradients at norm 0. */
    private static @Nullable Tensor backward(Tensor g, Tensor x, Tensor norm, double p, Axes axes) {
        if (p == 0) return null;
        if (p == 1) return x.sgn().mul(g);
        Tensor isZero = norm.detach().eq(0);
        Tensor divisor = norm.maskedFill(isZero, 1);
        if (p == 2) return x.mul(g.div(divisor).maskedFill(isZero, 0));
        if (Double.isInfinite(p)) {
            Tensor size = x.detach().abs();
            Tensor mask = size.eq(norm.detach()).logicalOr(size.isnan());
            return x.sgn().mul(g.div(mask.sum(axes.dims(), true)).mul(mask));
        }
        if (p < 1) {
            Tensor scaled = x.sgn().mul(x.abs().pow(p - 1).maskedFill(x.detach().eq(0), 0));
            return scaled.mul(g).mul(norm.pow(1 - p));
        }
        Tensor scaled = p < 2 ? x.sgn().mul(x.abs().pow(p - 1)) : x.mul(x.abs().pow(p - 2));
        return scaled.mul(g.div(divisor.pow(p - 1)).maskedFill(isZero, 0));
    }

    /** Computes {@code torch.dist}. */
    public static Tensor dist(Tensor x, Tensor other, Number p) {
        Tensor d = x.sub(other);
        return norm("DistBackward0", d, p.doubleValue(), Axes.all(d));
    }

    /** Computes {@code torch.nn.functional.pairwise_distance}. */
    public static Tensor pairwiseDistance(Tensor x1, Tensor x2, Number p, double eps, boolean keepdim) {
        int[] last = {Math.max(x1.dim(), x2.dim()) - 1};
        Tensor difference = x1.sub(x2).add(eps);
        return norm("NormBackward1", difference, p.doubleValue(), Axes.of(difference, last, keepdim));
    }

    /** Computes {@code torch.nn.functional.cosine_similarity}; norms are bounded below by {@code eps}. */
    public static Tensor cosineSimilarity(Tensor x1, Tensor x2, int dim, double eps) {
        Dtype common = Promotion.resultType(x1, x2);
        if (!common.isFloatingPoint()) {
            throw new CotangentException(
                    "expected common dtype to be floating point, yet common dtype is " + common.scalarName());
        }
        long[] sizes = Broadcast.shape(
                Internals.layout(x1).sizes(), Internals.layout(x2).sizes());
        Tensor a = x1.to(common).expand(sizes);
        Tensor b = x2.to(common).expand(sizes);
        return a.div(atLeast(a, dim, eps)).mul(b.div(atLeast(b, dim, eps))).sum(dim);
    }

    /** Returns the norm bounded from below; as in PyTorch, the bound does not enter the gradient. */
    private static Tensor atLeast(Tensor x, int dim, double eps) {
        Tensor norm = vectorNorm(x, 2, new int[] {dim}, true, null).clone();
        try (var _ = GradMode.set(false)) {
            norm.clampMin_(eps);
        }
        return norm;
    }

    /** Computes {@code torch.nn.functional.normalize}. */
    public static Tensor normalize(Tensor x, Number p, int dim, double eps) {
        Tensor norm = norm(x, p, new int[] {dim}, true, null);
        return x.div(norm.clampMin(eps).expand(Internals.layout(x).sizes()));
    }

    /** Computes {@code torch.renorm}: scales slices along a dimension down to a maximum norm. */
    public static Tensor renorm(Tensor x, Number p, int dim, Number maxnorm) {
        if (!x.dtype().isDifferentiable()) {
            throw new CotangentException(
                    "renorm: expected a floating point tensor, got " + x.dtype().scalarName());
        }
        if (x.dim() < 2) {
            throw new CotangentException("renorm: input needs at least 2 dimensions, got " + x.dim() + " dimensions");
        }
        if (p.doubleValue() <= 0) throw new CotangentException("renorm: non-positive norm not supported");
        if (maxnorm.doubleValue() < 0) {
            throw new CotangentException(
                    "renorm: expected maxnorm to be >= 0 but got " + number(maxnorm.doubleValue()));
        }
        int normDim = Broadcast.dim(dim, x.dim());
        int[] others = new int[x.dim() - 1];
        for (int d = 0, n = 0; d < x.dim(); d++) if (d != normDim) others[n++] = d;
        Tensor norm = vectorNorm(x, p, others, true, null);
        Tensor small = norm.detach().gt(maxnorm).logicalNot();
        Tensor factor = norm.add(1e-7).reciprocal().mul(maxnorm).maskedFill(small, 1);
        return x.mul(factor);
    }
}
