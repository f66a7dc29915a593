package dev.cotangent.nn;

import dev.cotangent.LossReduction;
import dev.cotangent.Tensor;

/** Computes the hinge loss of distances with targets 1 and -1; PyTorch's {@code nn.HingeEmbeddingLoss}. */
public final class HingeEmbeddingLoss extends Module {
    /**
     * Options of {@link HingeEmbeddingLoss}, immutable: each method returns a copy.
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
        return new Options(1, LossReduction.MEAN);
    }

    private final Options options;

    /** Creates a loss with PyTorch's defaults. */
    public HingeEmbeddingLoss() {
        this(options());
    }

    /** Creates a loss with options. */
    public HingeEmbeddingLoss(Options options) {
        this.options = options;
    }

    @Override
    public Tensor forward(Tensor input, Tensor target) {
        return input.hingeEmbeddingLoss(target, options.margin, options.reduction.text());
    }
}
