package dev.cotangent.nn;

import dev.cotangent.LossReduction;
import dev.cotangent.Tensor;

/** Computes the negative log-likelihood of Poisson distributions; PyTorch's {@code nn.PoissonNLLLoss}. */
public final class PoissonNLLLoss extends Module {
    /**
     * Options of {@link PoissonNLLLoss}, immutable: each method returns a copy.
     *
     * @param logInput whether inputs are logarithms of rates
     * @param full whether to add Stirling's term
     * @param eps what keeps from the logarithm of 0
     * @param reduction what becomes of the losses of all elements
     */
    public record Options(boolean logInput, boolean full, double eps, LossReduction reduction) {
        /** Returns a copy with {@code logInput}. */
        public Options logInput(boolean value) {
            return new Options(value, full, eps, reduction);
        }

        /** Returns a copy with {@code full}. */
        public Options full(boolean value) {
            return new Options(logInput, value, eps, reduction);
        }

        /** Returns a copy with {@code eps}. */
        public Options eps(double value) {
            return new Options(logInput, full, value, reduction);
        }

        /** Returns a copy with {@code reduction}. */
        public Options reduction(LossReduction value) {
            return new Options(logInput, full, eps, value);
        }
    }

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return new Options(true, false, 1e-8, LossReduction.MEAN);
    }

    private final Options options;

    /** Creates a loss with PyTorch's defaults. */
    public PoissonNLLLoss() {
        this(options());
    }

    /** Creates a loss with options. */
    public PoissonNLLLoss(Options options) {
        this.options = options;
    }

    @Override
    public Tensor forward(Tensor input, Tensor target) {
        return input.poissonNllLoss(target, options.logInput, options.full, options.eps, options.reduction.text());
    }
}
