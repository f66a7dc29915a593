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
import org.jspecify.annotations.Nullable;

/** Variance and standard deviation, in two passes: the mean, then the squares of the differences from it. */
public final class MomentOps {
    private MomentOps() {}

    /** The mean and the variance in the type of computation, reduced dimensions as the axes say. */
    public record Moments(Tensor mean, Tensor var) {
        public static Moments of(Tensor x, Axes axes, double correction) {
            Dtype wide = x.dtype().computeType();
            Tensor mean = mean(x, axes.keeping(), wide);
            Tensor squares = PrologueReduction.SQUARED_DIFFERENCE.sum(axes, wide, x, mean);
            Tensor shaped = axes.keeps() ? mean : mean.view(axes.result());
            Tensor var = PrologueReduction.divide(squares, Math.max(0, axes.count() - correction));
            return new Moments(Internals.wrap(Internals.strided(shaped)), var);
        }

        /**
         * Returns the mean as the first element plus the mean of the differences from it: exact where all elements are
         * the same, and as exact for large means as for small ones.
         */
        private static Tensor mean(Tensor x, Axes axes, Dtype wide) {
            if (axes.count() == 0) return PrologueReduction.ITSELF.mean(axes, wide, x);
            Tensor first = x.detach();
            for (int d : axes.dims()) first = first.narrow(d, 0, 1);
            Tensor sum = PrologueReduction.DIFFERENCE.sum(axes, wide, x, first);
            return PrologueReduction.divide(sum, axes.count()).add(first);
        }
    }

    private static void check(Tensor x, String who) {
        if (!x.dtype().isFloatingPoint()) {
            throw new CotangentException(who + " only support floating point and complex dtypes");
        }
    }

    /** {@code torch.var}, divided by the number of elements less the correction. */
    public static Tensor var(Tensor x, int @Nullable [] dim, double correction, boolean keepdim) {
        check(x, "std and var");
        Axes axes = Axes.of(x, dim, keepdim);
        Tensor out = Moments.of(x, axes, correction).var().to(x.dtype());
        return GradientRule.of("VarBackward0", out)
                .input(x, x, (g, self) -> varBackward(g, self, axes, correction))
                .done();
    }

    /** {@code torch.std}. */
    public static Tensor std(Tensor x, int @Nullable [] dim, double correction, boolean keepdim) {
        check(x, "std and var");
        Axes axes = Axes.of(x, dim, keepdim);
        Tensor out = Moments.of(x, axes, correction).var().sqrt().to(x.dtype());
        return GradientRule.of("StdBackward0", out)
                .input(x, x, out, (g, self, std) -> stdBackward(g, self, std, axes, correction))
                .done();
    }

    /** {@code torch.var_mean}. */
    public static VarMean varMean(Tensor x, int @Nullable [] dim, double correction, boolean keepdim) {
        check(x, "var_mean");
        Axes axes = Axes.of(x, dim, keepdim);
        Moments m = Moments.of(x, axes, correction);
        Tensor var = m.var().to(x.dtype());
        Tensor mean = m.mean().to(x.dtype());
        GradientRule.of("VarMeanBackward0", var, mean)
                .add(
                        x,
                        (g, kept) -> {
                            Tensor ofVar = g[0] == null ? null : varBackward(g[0], kept[0], axes, correction);
                            return sum(ofVar, meanBackward(g[1], axes));
                        },
                        x)
                .done();
        return new VarMean(var, mean);
    }

    /** {@code torch.std_mean}. */
    public static StdMean stdMean(Tensor x, int @Nullable [] dim, double correction, boolean keepdim) {
        check(x, "std_mean");
        Axes axes = Axes.of(x, dim, keepdim);
        Moments m = Moments.of(x, axes, correction);
        Tensor std = m.var().sqrt().to(x.dtype());
        Tensor mean = m.mean().to(x.dtype());
        GradientRule.of("StdMeanBackward0", std, mean)
                .add(
                        x,
                        (g, kept) -> {
                            Tensor ofStd = g[0] == null ? null : stdBackward(g[0], kept[0], kept[1], axes, correction);
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
        return g == null ? null : axes.spread(g).div(axes.count());
    }

    private static @Nullable Tensor sum(@Nullable Tensor a, @Nullable Tensor b) {
        return a == null ? b : b == null ? a : a.add(b);
    }
}
