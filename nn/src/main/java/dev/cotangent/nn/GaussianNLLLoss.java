package dev.cotangent.nn;

import dev.cotangent.LossReduction;
import dev.cotangent.Tensor;

/** Computes the negative log-likelihood of normal distributions; PyTorch's {@code nn.GaussianNLLLoss}. */
public final class GaussianNLLLoss extends Module {
    /**
     * Options of {@link GaussianNLLLoss}, immutable: each method returns a copy.
     *
     * @param full whether to add the constant term
     * @param eps the smallest variance
     * @param reduction what becomes of the losses of all elements
     */
    public record Options(boolean full, double eps, LossReduction reduction) {
        /** Returns a copy with {@code full}. */
        public Options full(boolean value) {
            return new Options(value, eps, reduction);
        }

        /** Returns a copy with {@code eps}. */
        public Options eps(double value) {
            return new Options(full, value, reduction);
        }

        /** Returns a copy with {@code reduction}. */
        public Options reduction(LossReduction value) {
            return new Options(full, eps, value);
        }
    }

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return new Options(false, 1e-6, LossReduction.MEAN);
    }

    private final Options options;

    /** Creates a loss with PyTorch's defaults. */
    public GaussianNLLLoss() {
        this(options());
    }

    /** Creates a loss with options. */
    public GaussianNLLLoss(Options options) {
        this.options = options;
    }

    @Override
    public Tensor forward(Tensor input, Tensor target, Tensor var) {
        return input.gaussianNllLoss(target, var, options.full, options.eps, options.reduction.text());
    }
}
