package dev.cotangent.nn;

import dev.cotangent.LossReduction;
import dev.cotangent.Tensor;

/** Computes the margin loss of the order of two inputs; PyTorch's {@code nn.MarginRankingLoss}. */
public final class MarginRankingLoss extends Module {
    /**
     * Options of {@link MarginRankingLoss}, immutable: each method returns a copy.
     *
     * @param margin the margin
     * @param reduction what becomes of the losses of all elements
     */
    public record Options(double margin, LossReduction reduction) {
        /** Returns a copy with {@code margin}. */
        public Options margin(double value) {
            return new Options(value, reduction);
        }

        /** Returns a copy with {@code reduction}. */
        public Options reduction(LossReduction value) {
            return new Options(margin, value);
        }
    }

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return new Options(0, LossReduction.MEAN);
    }

    private final Options options;

    /** Creates a loss with PyTorch's defaults. */
    public MarginRankingLoss() {
        this(options());
    }

    /** Creates a loss with options. */
    public MarginRankingLoss(Options options) {
        this.options = options;
    }

    @Override
    public Tensor forward(Tensor input, Tensor other, Tensor target) {
        return input.marginRankingLoss(other, target, options.margin, options.reduction.text());
    }
}
