package dev.cotangent.internal.ops.nn;

import static dev.cotangent.internal.ops.elementwise.ElementwiseOp.TypePromotion.PROMOTE;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.binary;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.binaryWithScalar;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.quaternary;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.ternary;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.Warnings;
import dev.cotangent.autograd.GradMode;
import dev.cotangent.backend.Reduction;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.Axes;
import dev.cotangent.internal.ops.Scalar;
import dev.cotangent.internal.ops.elementwise.ActivationOps;
import dev.cotangent.internal.ops.elementwise.BinaryOp;
import dev.cotangent.internal.ops.elementwise.MapReduction;
import dev.cotangent.internal.ops.elementwise.PrologueReduction;
import dev.cotangent.internal.ops.elementwise.QuaternaryOp;
import dev.cotangent.internal.ops.elementwise.TernaryOp;
import dev.cotangent.ir.Expr;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Element-wise losses, fused with their sum or mean. */
public final class LossOps {
    private static final BinaryOp MSE =
            binary("mse_loss", PROMOTE, (x, t) -> x.sub(t).square()).done();

    private static final BinaryOp.WithScalar SMOOTH_L1 = binaryWithScalar("smooth_l1_loss", PROMOTE, (x, t, beta) -> {
                Expr z = x.sub(t).abs();
                return z.lt(beta).where(z.square().mul(0.5).div(beta), z.sub(beta.mul(0.5)));
            })
            .done();

    private static final BinaryOp.WithScalar HUBER = binaryWithScalar("huber_loss", PROMOTE, (x, t, delta) -> {
                Expr z = x.sub(t).abs();
                return z.lt(delta).where(z.square().mul(0.5), delta.mul(z.sub(delta.mul(0.5))));
            })
            .done();

    private static final BinaryOp SOFT_MARGIN = binary(
                    "soft_margin_loss", PROMOTE, (x, t) -> t.neg().mul(x).exp().log1p())
            .grad((g, x, p, y) -> {
                Expr z = x[1].neg().mul(x[0]).exp();
                return new @Nullable Expr[] {g.mul(x[1].neg().mul(z).div(z.add(1))), null};
            })
            .done();

    private static final TernaryOp BINARY_CROSS_ENTROPY = ternary("binary_cross_entropy", PROMOTE, (x, t, weight) -> {
                Expr wrong = x.neg().log1p().max(x.like(-100));
                Expr right = x.log().max(x.like(-100));
                return t.sub(1).mul(wrong).sub(t.mul(right)).mul(weight);
            })
            .grad((g, x, p, y) -> {
                Expr variance = x[0].rsub(1).mul(x[0]);
                return new Expr[] {
                    g.mul(x[2]).mul(x[0].sub(x[1])).div(variance.max(x[0].like(1e-12f))),
                    g.mul(x[2]).mul(x[0].neg().log1p().sub(x[0].log())),
                    null
                };
            })
            .done();

    private static final QuaternaryOp BINARY_CROSS_ENTROPY_WITH_LOGITS = quaternary(
                    "binary_cross_entropy_with_logits", PROMOTE, (x, t, weight, posWeight) -> {
                        Expr factor = posWeight.sub(1).mul(t).add(1);
                        return t.rsub(1)
                                .mul(x)
                                .add(factor.mul(softplus(x.neg())))
                                .mul(weight);
                    })
            .grad((g, x, p, y) -> {
                Expr t = x[3].mul(x[1]);
                Expr gw = g.mul(x[2]);
                Expr ofInput =
                        t.add(1).sub(x[1]).mul(ActivationOps.logistic(x[0])).sub(t);
                Expr ofTarget = x[3].mul(softplus(x[0].neg())).sub(softplus(x[0]));
                return new Expr[] {gw.mul(ofInput), gw.mul(ofTarget), null, null};
            })
            .done();

    private static final PrologueReduction IN_UNIT = new PrologueReduction(0, (x, p) -> {
        Expr fits = x[0].ge(0).and(x[0].le(1));
        return fits.where(x[0].like(1), x[0].like(0));
    });

    private LossOps() {}

    private static Expr softplus(Expr x) {
        return x.max(x.like(0)).add(x.abs().neg().exp().log1p());
    }

    /** Returns the reduction of that name, null for {@code none}; throws PyTorch's error for any other. */
    private static @Nullable MapReduction reduction(String name) {
        return switch (name) {
            case "none" -> null;
            case "mean" -> MapReduction.MEAN;
            case "sum" -> MapReduction.SUM;
            default -> throw invalid(name);
        };
    }

    private static Tensor reduced(BinaryOp loss, String reduction, Tensor input, Tensor target) {
        MapReduction r = reduction(reduction);
        return r == null ? loss.call(input, target) : loss.mapReduce(r, input, target);
    }

    private static Tensor reduced(BinaryOp.WithScalar loss, String reduction, Tensor input, Tensor target, double p) {
        MapReduction r = reduction(reduction);
        return r == null ? loss.call(input, target, p) : loss.mapReduce(r, input, target, p);
    }

    /** Returns element-wise losses, or their mean or sum. */
    static Tensor reduced(Tensor losses, String reduction) {
        return switch (reduction) {
            case "none" -> losses;
            case "mean" -> losses.mean();
            case "sum" -> losses.sum();
            default -> throw invalid(reduction);
        };
    }

    /** Throws PyTorch's error for an unknown reduction, before anything is computed. */
    static void checkReduction(String reduction) {
        if (!reduction.equals("none") && !reduction.equals("mean") && !reduction.equals("sum")) {
            throw invalid(reduction);
        }
    }

    private static ValueException invalid(String reduction) {
        return new ValueException(reduction + " is not a valid value for reduction");
    }

    /** Issues PyTorch's warning that the target will be broadcast. */
    private static void warnOfSizes(Tensor input, Tensor target) {
        if (Arrays.equals(
                Internals.layout(input).sizes(), Internals.layout(target).sizes())) return;
        Warnings.warn("Using a target size (" + target.shape() + ") that is different to the input size ("
                + input.shape()
                + "). This will likely lead to incorrect results due to broadcasting. Please ensure they"
                + " have the same size.");
    }

    /** Computes {@code torch.nn.functional.mse_loss}. */
    public static Tensor mse(Tensor input, Tensor target, String reduction) {
        warnOfSizes(input, target);
        return reduced(MSE, reduction, input, target);
    }

    /** Computes {@code torch.nn.functional.l1_loss}. */
    public static Tensor l1(Tensor input, Tensor target, String reduction) {
        checkReduction(reduction);
        warnOfSizes(input, target);
        return reduced(input.sub(target).abs(), reduction);
    }

    /** Computes {@code torch.nn.functional.smooth_l1_loss}. */
    public static Tensor smoothL1(Tensor input, Tensor target, String reduction, double beta) {
        if (beta < 0) throw new CotangentException("smooth_l1_loss does not support negative values for beta.");
        if (beta == 0) return l1(input, target, reduction);
        warnOfSizes(input, target);
        return reduced(SMOOTH_L1, reduction, input, target, beta);
    }

    /** Computes {@code torch.nn.functional.huber_loss}. */
    public static Tensor huber(Tensor input, Tensor target, String reduction, double delta) {
        if (delta <= 0) {
            throw new CotangentException("huber_loss does not support non-positive values for delta.");
        }
        warnOfSizes(input, target);
        return reduced(HUBER, reduction, input, target, delta);
    }

    /** Computes {@code torch.nn.functional.soft_margin_loss}. */
    public static Tensor softMargin(Tensor input, Tensor target, String reduction) {
        return reduced(SOFT_MARGIN, reduction, input, target);
    }

    /** Computes {@code torch.nn.functional.binary_cross_entropy}. */
    public static Tensor binaryCrossEntropy(Tensor input, Tensor target, @Nullable Tensor weight, String reduction) {
        checkReduction(reduction);
        if (!Arrays.equals(
                Internals.layout(input).sizes(), Internals.layout(target).sizes())) {
            throw new ValueException(
                    "Using a target size (" + target.shape() + ") that is different to the input size (" + input.shape()
                            + ") is deprecated. Please ensure they have the same size.");
        }
        Tensor x = input.detach();
        boolean fits = IN_UNIT.reduce(Reduction.ALL, Axes.all(x), x.dtype(), Dtype.BOOL, x)
                .itemBoolean();
        if (!fits) throw new CotangentException("all elements of input should be between 0 and 1");
        MapReduction r = reduction(reduction);
        if (weight == null) {
            return r == null
                    ? BINARY_CROSS_ENTROPY.call(input, target, Scalar.ONE)
                    : BINARY_CROSS_ENTROPY.mapReduce(r, input, target, Scalar.ONE);
        }
        return r == null
                ? BINARY_CROSS_ENTROPY.call(input, target, weight)
                : BINARY_CROSS_ENTROPY.mapReduce(r, input, target, weight);
    }

    /** Computes {@code torch.nn.functional.binary_cross_entropy_with_logits}. */
    public static Tensor binaryCrossEntropyWithLogits(
            Tensor input, Tensor target, @Nullable Tensor weight, String reduction, @Nullable Tensor posWeight) {
        if (!Arrays.equals(
                Internals.layout(input).sizes(), Internals.layout(target).sizes())) {
            throw new ValueException(
                    "Target size (" + target.shape() + ") must be the same as input size (" + input.shape() + ")");
        }
        return BINARY_CROSS_ENTROPY_WITH_LOGITS.call(input, target, weight, posWeight, reduction(reduction));
    }

    /** Computes {@code torch.nn.functional.kl_div}. */
    public static Tensor klDiv(Tensor input, Tensor target, String reduction, boolean logTarget) {
        boolean batchMean = reduction.equals("batchmean");
        if (!batchMean) checkReduction(reduction);
        Tensor losses = logTarget
                ? target.exp().mul(target.sub(input))
                : target.xlogy(target).sub(target.mul(input));
        if (!batchMean) return reduced(losses, reduction);
        Tensor sum = losses.sum();
        return input.dim() == 0 ? sum : sum.div(input.size(0));
    }

    /** Computes {@code torch.nn.functional.poisson_nll_loss}. */
    public static Tensor poissonNll(
            Tensor input, Tensor target, boolean logInput, boolean full, double eps, String reduction) {
        if (!reduction.equals("none") && !reduction.equals("mean") && !reduction.equals("sum")) {
            throw new ValueException(reduction + " is not a valid value for reduction");
        }
        Tensor loss = logInput
                ? input.exp().sub(target.mul(input))
                : input.sub(target.mul(input.add(eps).log()));
        if (full) {
            Tensor stirling = target.mul(target.log())
                    .sub(target)
                    .add(target.mul(2 * Math.PI).log().mul(0.5));
            loss = loss.add(stirling.maskedFill(target.le(1), 0));
        }
        return reduced(loss, reduction);
    }

    /** Computes {@code torch.nn.functional.gaussian_nll_loss}. */
    public static Tensor gaussianNll(
            Tensor input, Tensor target, Tensor var, boolean full, double eps, String reduction) {
        long[] sizes = Internals.layout(input).sizes();
        Tensor v = var;
        if (!Arrays.equals(Internals.layout(var).sizes(), sizes)) {
            long[] batch = Arrays.copyOf(sizes, Math.max(0, sizes.length - 1));
            if (Arrays.equals(Internals.layout(var).sizes(), batch)) v = var.unsqueeze(-1);
            else if (var.dim() != sizes.length
                    || var.dim() == 0
                    || var.size(-1) != 1
                    || !Arrays.equals(Arrays.copyOf(Internals.layout(var).sizes(), batch.length), batch)) {
                throw new ValueException("var is of incorrect size");
            }
        }
        if (!reduction.equals("none") && !reduction.equals("mean") && !reduction.equals("sum")) {
            throw new ValueException(reduction + " is not valid");
        }
        if (v.detach().lt(0).any().itemBoolean()) throw new ValueException("var has negative entry/entries");
        v = v.clone();
        try (var _ = GradMode.set(false)) {
            v.clampMin_(eps);
        }
        Tensor loss = v.log().add(input.sub(target).square().div(v)).mul(0.5);
        if (full) loss = loss.add(0.5 * Math.log(2 * Math.PI));
        return reduced(loss, reduction);
    }
}
