package dev.cotangent.nn;

import dev.cotangent.LossReduction;
import dev.cotangent.Tensor;

/** Computes absolute differences that are smooth up to {@code beta}; PyTorch's {@code nn.SmoothL1Loss}. */
public final class SmoothL1Loss extends Module {
    /**
     * Options of {@link SmoothL1Loss}, immutable: each method returns a copy.
     *
     * @param reduction what becomes of the losses of all elements
     * @param beta where the loss becomes linear
     */
    public record Options(LossReduction reduction, double beta) {
        /** Returns a copy with {@code reduction}. */
        public Options reduction(LossReduction value) {
            return new Options(value, beta);
        }

        /** Returns a copy with {@code beta}. */
        public Options beta(double value) {
            return new Options(reduction, value);
        }
    }

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return new Options(LossReduction.MEAN, 1);
    }

    private final Options options;

    /** Creates a loss with PyTorch's defaults. */
    public SmoothL1Loss() {
        this(options());
    }

    /** Creates a loss with options. */
    public SmoothL1Loss(Options options) {
        this.options = options;
    }

    @Override
    public Tensor forward(Tensor input, Tensor target) {
        return input.smoothL1Loss(target, options.reduction.text(), options.beta);
    }
}
