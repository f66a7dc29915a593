package dev.cotangent.nn;

import dev.cotangent.LossReduction;
import dev.cotangent.Tensor;

/** Computes the Kullback-Leibler divergence of log-probabilities from targets; PyTorch's {@code nn.KLDivLoss}. */
public final class KLDivLoss extends Module {
    /**
     * Options of {@link KLDivLoss}, immutable: each method returns a copy.
     *
     * @param reduction what becomes of the losses of all elements
     * @param logTarget whether targets are log-probabilities
     */
    public record Options(LossReduction reduction, boolean logTarget) {
        /** Returns a copy with {@code reduction}. */
        public Options reduction(LossReduction value) {
            return new Options(value, logTarget);
        }

        /** Returns a copy with {@code logTarget}. */
        public Options logTarget(boolean value) {
            return new Options(reduction, value);
        }
    }

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return new Options(LossReduction.MEAN, false);
    }

    private final Options options;

    /** Creates a loss with PyTorch's defaults. */
    public KLDivLoss() {
        this(options());
    }

    /** Creates a loss with options. */
    public KLDivLoss(Options options) {
        this.options = options;
    }

    @Override
    public Tensor forward(Tensor input, Tensor target) {
        return input.klDiv(target, options.reduction.text(), options.logTarget);
    }
}
