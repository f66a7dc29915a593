package dev.cotangent.nn;

import dev.cotangent.LossReduction;
import dev.cotangent.Tensor;

/** Computes squared differences up to {@code delta}, from there on linear ones; PyTorch's {@code nn.HuberLoss}. */
public final class HuberLoss extends Module {
    /**
     * Options of {@link HuberLoss}, immutable: each method returns a copy.
     *
     * @param reduction what becomes of the losses of all elements
     * @param delta where the loss becomes linear
     */
    public record Options(LossReduction reduction, double delta) {
        /** Returns a copy with {@code reduction}. */
        public Options reduction(LossReduction value) {
            return new Options(value, delta);
        }

        /** Returns a copy with {@code delta}. */
        public Options delta(double value) {
            return new Options(reduction, value);
        }
    }

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return new Options(LossReduction.MEAN, 1);
    }

    private final Options options;

    /** Creates a loss with PyTorch's defaults. */
    public HuberLoss() {
        this(options());
    }

    /** Creates a loss with options. */
    public HuberLoss(Options options) {
        this.options = options;
    }

    @Override
    public Tensor forward(Tensor input, Tensor target) {
        return input.huberLoss(target, options.reduction.text(), options.delta);
    }
}
