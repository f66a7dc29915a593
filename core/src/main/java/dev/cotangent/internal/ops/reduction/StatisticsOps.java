package dev.cotangent.internal.ops.reduction;

import dev.cotangent.CotangentException;
import dev.cotangent.CovarianceOptions;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.Warnings;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.elementwise.OpRegistry;
import dev.cotangent.internal.ops.movement.ComplexViews;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Covariances, correlations and counts. */
public final class StatisticsOps {
    private static final Set<Dtype> COUNTED = OpRegistry.INTEGERS;

    private StatisticsOps() {}

    /** Implements {@code torch.cov}. */
    public static Tensor cov(Tensor self, CovarianceOptions options) {
        checkRank(self, "cov");
        if (self.dtype() == Dtype.BOOL) throw new CotangentException("cov(): bool dtype is not supported for input");
        Tensor in = self.dim() < 2 ? self.view(1, -1) : self;
        long observations = in.size(1);
        Tensor repeats = options.fweights();
        if (repeats != null) {
            checkWeights(repeats, "fweights", COUNTED.contains(repeats.dtype()), "integral", observations);
        }
        Tensor importance = options.aweights();
        if (importance != null) {
            checkWeights(importance, "aweights", importance.dtype().isFloatingPoint(), "floating point", observations);
        }
        Tensor w = repeats == null ? importance : importance == null ? repeats : repeats.mul(importance);
        Tensor total = w == null ? null : w.sum();
        if (total != null && total.detach().itemDouble() == 0) {
            throw new CotangentException("cov(): weights sum to zero, can't be normalized");
        }
        Tensor sum = (w == null ? in : in.mul(w)).sum(1);
        Tensor mean = total == null ? sum.div(observations) : sum.div(total);
        Tensor centred = in.sub(mean.unsqueeze(1));
        Tensor product = centred.mm((w == null ? centred : centred.mul(w)).t().conj());
        return normalized(product, w, total, importance, observations, options.correction())
                .squeeze();
    }

    private static Tensor normalized(
            Tensor product,
            @Nullable Tensor w,
            @Nullable Tensor total,
            @Nullable Tensor importance,
            long observations,
            long correction) {
        if (w == null || total == null) return product.div(freedom(observations - correction));
        Tensor less = importance != null && correction != 0
                ? total.sub(w.mul(importance).sum().div(total).mul(correction))
                : total.sub(correction);
        double freedom = less.detach().itemDouble();
        return product.div(freedom(freedom) == freedom ? less : less.zerosLike());
    }

    private static double freedom(double n) {
        if (n > 0) return n;
        Warnings.warn("cov(): degrees of freedom is <= 0. Correction should be strictly less than the number of"
                + " observations.");
        return 0;
    }

    private static void checkRank(Tensor self, String who) {
        if (self.dim() > 2) {
            throw new CotangentException(
                    who + "(): expected input to have two or fewer dimensions but got an input with " + self.dim()
                            + " dimensions");
        }
    }

    private static void checkWeights(Tensor w, String name, boolean fits, String kind, long observations) {
        if (w.dim() > 1) {
            throw new CotangentException("cov(): expected " + name + " to have one or fewer dimensions but got " + name
                    + " with " + w.dim() + " dimensions");
        }
        if (!fits) {
            throw new CotangentException("cov(): expected " + name + " to have " + kind + " dtype but got " + name
                    + " with " + w.dtype().scalarName() + " dtype");
        }
        if (w.numel() != observations) {
            throw new CotangentException("cov(): expected " + name + " to have the same numel as there are observations"
                    + " in the input but got " + w.numel() + " != " + observations);
        }
        if (observations > 0 && w.detach().min().lt(0).itemBoolean()) {
            throw new CotangentException("cov(): " + name + " cannot be negative");
        }
    }

    /** Implements {@code torch.corrcoef}. */
    public static Tensor corrcoef(Tensor self) {
        checkRank(self, "corrcoef");
        Tensor c = cov(self, new CovarianceOptions(1, null, null));
        if (c.dim() == 0) return c.div(c);
        Tensor deviation = c.diagonal().real().sqrt();
        Tensor scaled = c.div(deviation.view(-1, 1)).div(deviation.view(1, -1));
        return scaled.isComplex()
                ? ComplexViews.complex(scaled.real().clamp(-1, 1), scaled.imag().clamp(-1, 1))
                : scaled.clamp(-1, 1);
    }

    /** Implements {@code torch.bincount}. */
    public static Tensor bincount(Tensor self, @Nullable Tensor weights, long minlength) {
        if (minlength < 0) throw new CotangentException("minlength should be >= 0");
        if (!COUNTED.contains(self.dtype())) throw Promotion.notImplemented("bincount_cpu", self.dtype());
        boolean isEmpty = self.numel() == 0;
        if (self.dim() != 1 || !isEmpty && self.min().itemLong() < 0) {
            throw new CotangentException("bincount only supports 1-d non-negative integral inputs.");
        }
        if (weights != null && (weights.dim() != 1 || weights.numel() != self.numel())) {
            throw new CotangentException("weights should be 1-d and have the same length as input");
        }
        Dtype dtype = weights == null ? Dtype.INT64 : weights.dtype() == Dtype.FLOAT32 ? Dtype.FLOAT32 : Dtype.FLOAT64;
        long bins = Math.max(minlength, isEmpty ? 0 : self.max().itemLong() + 1);
        Tensor out = CreationOps.zeros(dtype, self.device(), bins);
        if (isEmpty) return out;
        Tensor counts = weights == null
                ? CreationOps.full(dtype, self.device(), 1).expand(self.numel())
                : weights.detach().to(dtype);
        return out.scatterAdd_(0, self.to(Dtype.INT64), counts);
    }
}
