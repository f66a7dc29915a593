package dev.cotangent.internal.ops.reduction;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.StdMean;
import dev.cotangent.Tensor;
import dev.cotangent.VarMean;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Axes;
import dev.cotangent.internal.ops.elementwise.PrologueReduction;
import dev.cotangent.internal.ops.movement.ComplexViews;
import org.jspecify.annotations.Nullable;

/** Variance and standard deviation by the two-pass algorithm. */
public final class MomentOps {
    private MomentOps() {}

    /** Mean and variance in the compute type. */
    public record Moments(Tensor mean, Tensor var) {
        public static Moments of(Tensor x, Axes axes, double correction) {
            if (x.dtype().isComplex()) {
                Moments re = of(x.detach().real(), axes, correction);
                Moments im = of(x.detach().imag(), axes, correction);
                return new Moments(ComplexViews.complex(re.mean, im.mean), re.var.add(im.var));
            }
            Dtype wide = x.dtype().computeType();
            Tensor mean = mean(x, axes.withKeepdim(), wide);
            Tensor squares = PrologueReduction.SQUARED_DIFFERENCE.sum(axes, wide, x, mean);
            Tensor shaped = axes.keepdim() ? mean : mean.view(axes.result());
            Tensor var = PrologueReduction.divide(squares, Math.max(0, axes.count() - correction));
            return new Moments(Internals.wrap(Internals.strided(shaped)), var);
        }

        /**
         * Returns the mean as the first element plus the mean of the differences from it: exact for constant data,
         * and without loss for large means.
         */
        private static Tensor mean(Tensor x, Axes axes, Dtype wide) {
            if (axes.count() == 0) return PrologueReduction.IDENTITY.mean(axes, wide, x);
            Tensor first = x.detach();
            for (int d : axes.dims()) first = first.narrow(d, 0, 1);
            Tensor sum = PrologueReduction.DIFFERENCE.sum(axes, wide, x, first);
            return PrologueReduction.divide(sum, axes.count()).add(first);
        }
    }

    private static void check(Tensor x, String who) {
        if (!x.dtype().isDifferentiable()) {
            throw new CotangentException(who + " only support floating point and complex dtypes");
        }
    }

    /** Computes {@code torch.var}: the sum of squared deviations divided by the count minus the correction. */
    public static Tensor var(Tensor x, int @Nullable [] dim, double correction, boolean keepdim) {
        check(x, "std and var");
        Axes axes = Axes.of(x, dim, keepdim);
        Tensor out = Moments.of(x, axes, correction).var().to(x.dtype().realType());
        return GradientRule.of("VarBackward0", out)
                .input(x, x, (g, self) -> varBackward(g, self, axes, correction))
                .done();
    }

    /** Computes {@code torch.std}. */
    public static Tensor std(Tensor x, int @Nullable [] dim, double correction, boolean keepdim) {
        check(x, "std and var");
        Axes axes = Axes.of(x, dim, keepdim);
        Tensor out = Moments.of(x, axes, correction).var().sqrt().to(x.dtype().realType());
        return GradientRule.of("StdBackward0", out)
                .input(x, x, out, (g, self, std) -> stdBackward(g, self, std, axes, correction))
                .done();
    }

    /** Computes {@code torch.var_mean}. */
    public static VarMean varMean(Tensor x, int @Nullable [] dim, double correction, boolean keepdim) {
        check(x, "var_mean");
        Axes axes = Axes.of(x, dim, keepdim);
        Moments m = Moments.of(x, axes, correction);
        Tensor var = m.var().to(x.dtype().realType());
        Tensor mean = m.mean().to(x.dtype());
        GradientRule.of("VarMeanBackward0", var, mean)
                .add(
                        x,
                        (g, saved) -> {
                            Tensor ofVar = g[0] == null ? null : varBackward(g[0], saved[0], axes, correction);
                            return sum(ofVar, meanBackward(g[1], axes));
                        },
                        x)
                .done();
        return new VarMean(var, mean);
    }

    /** Computes {@code torch.std_mean}. */
    public static StdMean stdMean(Tensor x, int @Nullable [] dim, double correction, boolean keepdim) {
        check(x, "std_mean");
        Axes axes = Axes.of(x, dim, keepdim);
        Moments m = Moments.of(x, axes, correction);
        Tensor std = m.var().sqrt().to(x.dtype().realType());
        Tensor mean = m.mean().to(x.dtype());
        GradientRule.of("StdMeanBackward0", std, mean)
                .add(
                        x,
                        (g, saved) -> {
                            Tensor ofStd =
                                    g[0] == null ? null : stdBackward(g[0], saved[0], saved[1], axes, correction);
                            return sum(ofStd, meanBackward(g[1], axes));
                        },
                        x,
                        std)
                .done();
        return new StdMean(std, mean);
    }

    private static Tensor varBackward(Tensor g, Tensor self, Axes axes, double correction) {
        Tensor centred = self.sub(self.mean(axes.dims(), true));
        return axes.restore(g).mul(2.0 / (axes.count() - correction)).mul(centred);
    }

    private static Tensor stdBackward(Tensor g, Tensor self, Tensor std, Axes axes, double correction) {
        Tensor ofVar = g.div(std.mul(2)).maskedFill(std.detach().eq(0), 0);
        return varBackward(ofVar, self, axes, correction);
    }

    private static @Nullable Tensor meanBackward(@Nullable Tensor g, Axes axes) {
        return g == null ? null : axes.expand(g).div(axes.count());
    }

    private static @Nullable Tensor sum(@Nullable Tensor a, @Nullable Tensor b) {
        return a == null ? b : b == null ? a : a.add(b);
    }
}
