package dev.cotangent.internal.ops.reduction;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Reduction;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Axes;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.elementwise.PrologueReduction;
import dev.cotangent.internal.ops.movement.ComplexViews;
import dev.cotangent.ir.Expr;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Sums, means, any and all. */
public final class ReductionOps {
    private static final PrologueReduction NAN_AS_ZERO =
            new PrologueReduction(0, (x, p) -> x[0].isNan().where(x[0].like(0), x[0]));
    private static final PrologueReduction NOT_ZERO = new PrologueReduction(0, (x, p) -> {
        Expr one = x[0].like(1);
        return x[0].ne(0).where(one, x[0].like(0));
    });
    private static final PrologueReduction NOT_NAN =
            new PrologueReduction(0, (x, p) -> x[0].isNan().where(x[0].like(0), x[0].like(1)));

    private static final PrologueReduction SHIFTED_EXP =
            new PrologueReduction(0, (x, p) -> x[0].sub(x[1]).exp());

    private ReductionOps() {}

    /** Computes {@code torch.sum} over all dimensions. */
    public static Tensor sum(Tensor x, @Nullable Dtype dtype) {
        return sum(x, Axes.all(x), dtype, "SumBackward0");
    }

    /** Computes {@code torch.sum} over some dimensions. */
    public static Tensor sum(Tensor x, int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype) {
        return sum(x, Axes.of(x, dim, keepdim), dtype, "SumBackward1");
    }

    private static Tensor sum(Tensor x, Axes axes, @Nullable Dtype dtype, String node) {
        Dtype result = dtype == null ? x.dtype().sumType() : dtype;
        if (x.dtype().isComplex() && !result.isComplex()) x = x.to(result);
        Tensor out = result.isComplex() ? sumOfPairs(axes, result, x) : PrologueReduction.IDENTITY.sum(axes, result, x);
        return GradientRule.of(node, out).input(x, axes::expand).done();
    }

    /** Sums real and imaginary parts, not recorded. */
    private static Tensor sumOfPairs(Axes axes, Dtype result, Tensor x) {
        int[] dims = axes.dims();
        Tensor z = x.detach().to(result);
        if (dims.length == 0) return z.clone();
        return ComplexViews.onPairs(z, pairs -> {
            Axes ofPairs = Axes.of(pairs, dims, axes.keepdim());
            return PrologueReduction.IDENTITY.sum(ofPairs, result.realType(), pairs);
        });
    }

    /** Computes {@code torch.nansum}. */
    public static Tensor nansum(Tensor x, int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype) {
        if (x.dtype().isComplex()) throw new CotangentException("nansum does not support complex inputs");
        if (!x.dtype().isFloatingPoint()) return sum(x, dim, keepdim, dtype);
        Axes axes = Axes.of(x, dim, keepdim);
        Dtype result = dtype == null ? x.dtype() : dtype;
        Tensor out = NAN_AS_ZERO.reduce(Reduction.SUM, axes, x.dtype(), result, x);
        return GradientRule.of("NansumBackward0", out)
                .input(x, x, (g, self) -> axes.expand(g).maskedFill(self.isnan(), 0))
                .done();
    }

    /** Computes {@code torch.mean}. */
    public static Tensor mean(Tensor x, int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype) {
        Dtype type = dtype == null ? x.dtype() : dtype;
        if (!type.isDifferentiable()) {
            throw new CotangentException(
                    "mean(): could not infer output dtype. " + (dtype == null ? "Input" : "Optional")
                            + " dtype must be either a floating point or complex dtype. Got: " + type.scalarName());
        }
        Axes axes = Axes.of(x, dim, keepdim);
        long n = axes.count();
        if (x.dtype().isComplex() && !type.isComplex()) x = x.to(type);
        Tensor out =
                type.isComplex() ? sumOfPairs(axes, type, x).div(n) : PrologueReduction.IDENTITY.mean(axes, type, x);
        return GradientRule.of(dim == null ? "MeanBackward0" : "MeanBackward1", out)
                .input(x, g -> axes.expand(g).div(n))
                .done();
    }

    /** Computes {@code torch.nanmean}. */
    public static Tensor nanmean(Tensor x, int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype) {
        if (!x.dtype().isFloatingPoint()) {
            throw new CotangentException("nanmean(): expected input to have floating point or complex dtype but got "
                    + x.dtype().scalarName());
        }
        Tensor count = count(NOT_NAN, x, Axes.of(x, dim, keepdim));
        return nansum(x, dim, keepdim, dtype).div(count);
    }

    /** Computes {@code torch.logsumexp}; integers and bool compute as float32. */
    public static Tensor logsumexp(Tensor input, int[] dim, boolean keepdim) {
        Tensor x = input.dtype().isDifferentiable() ? input : input.to(Promotion.defaultDtype());
        Axes axes = Axes.of(x, dim, keepdim);
        if (x.dtype().isComplex()) return logsumexp(x, axes);
        Dtype wide = x.dtype().computeType();
        Tensor out;
        if (x.numel() == 0) {
            out = PrologueReduction.IDENTITY.sum(axes, wide, x).log();
        } else {
            Tensor max = PrologueReduction.IDENTITY.reduce(Reduction.MAX, axes.withKeepdim(), wide, wide, x);
            Tensor shift = max.maskedFill(max.abs().eq(Double.POSITIVE_INFINITY), 0);
            Tensor sum = SHIFTED_EXP.sum(axes, wide, x, shift);
            out = sum.log().add(shift.view(axes.result())).to(x.dtype());
        }
        return GradientRule.of("LogsumexpBackward0", out)
                .input(
                        x,
                        x,
                        out,
                        (g, self, y) ->
                                axes.restore(g).mul(self.sub(axes.restore(y)).exp()))
                .done();
    }

    /** Computes {@code torch.logsumexp} of complex numbers, shifted by the largest real part. */
    private static Tensor logsumexp(Tensor x, Axes axes) {
        Tensor z = x.detach();
        int[] dims = axes.dims();
        Tensor out;
        if (dims.length == 0 || x.numel() == 0) {
            out = (dims.length == 0 ? z.exp() : z.sum(dims, axes.keepdim())).log();
        } else {
            Tensor max = z.real().amax(dims, true);
            Tensor shift = max.maskedFill(max.abs().eq(Double.POSITIVE_INFINITY), 0);
            out = z.sub(shift).exp().sum(dims, axes.keepdim()).log().add(shift.view(axes.result()));
        }
        return GradientRule.of("LogsumexpBackward0", out)
                .input(
                        x,
                        x,
                        out,
                        (g, self, y) -> axes.restore(g)
                                .mul(self.sub(axes.restore(y)).exp().conj()))
                .done();
    }

    /** Computes {@code torch.any} and {@code torch.all}; returns uint8 for uint8, else bool. */
    public static Tensor truth(Reduction kind, Tensor x, int @Nullable [] dim, boolean keepdim) {
        if (x.dtype().isComplex()) x = x.detach().ne(0);
        // As in PyTorch, an empty list of dimensions here means none, not all.
        if (dim != null && dim.length == 0)
            return x.dtype() == Dtype.UINT8 ? x.ne(0).to(Dtype.UINT8) : x.ne(0);
        Axes axes = Axes.of(x, dim, keepdim);
        Tensor out = PrologueReduction.IDENTITY.reduce(kind, axes, x.dtype().computeType(), Dtype.BOOL, x);
        return x.dtype() == Dtype.UINT8 ? out.to(Dtype.UINT8) : out;
    }

    /** Computes {@code torch.count_nonzero}. */
    public static Tensor countNonzero(Tensor x, int @Nullable [] dim) {
        Tensor counted = x.dtype().isComplex() ? x.detach().ne(0) : x;
        return count(NOT_ZERO, counted, Axes.of(x, dim, false));
    }

    private static Tensor count(PrologueReduction one, Tensor x, Axes axes) {
        return one.reduce(Reduction.SUM, axes, x.dtype(), Dtype.INT64, x);
    }

    /** Reduces the gradient of a broadcast tensor to the tensor's shape. */
    public static Tensor sumToSize(Tensor x, long... sizes) {
        if (sizes.length == 0) return sum(x, null);
        if (Arrays.equals(sizes, Internals.layout(x).sizes())) return x;
        int lead = x.dim() - sizes.length;
        boolean fits = lead >= 0;
        int n = 0;
        int[] dims = new int[x.dim()];
        for (int d = 0; fits && d < x.dim(); d++) {
            if (d < lead || (sizes[d - lead] == 1 && x.size(d) != 1)) dims[n++] = d;
            else fits = sizes[d - lead] == x.size(d);
        }
        if (!fits) {
            throw new CotangentException("size {" + list(sizes) + "} is not expandable to size {"
                    + list(Internals.layout(x).sizes()) + "}.");
        }
        Tensor sum = n == 0 ? x : sum(x, Arrays.copyOf(dims, n), true, null);
        return lead == 0 ? sum : sum.view(sizes);
    }

    private static String list(long[] sizes) {
        String text = Arrays.toString(sizes);
        return text.substring(1, text.length() - 1);
    }
}
