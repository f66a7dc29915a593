package dev.cotangent.nn;

import dev.cotangent.LossReduction;
import dev.cotangent.Tensor;
import org.jspecify.annotations.Nullable;

/** Computes the binary cross entropy of probabilities; PyTorch's {@code nn.BCELoss}. */
public final class BCELoss extends Module {
    /**
     * Options of {@link BCELoss}, immutable: each method returns a copy.
     *
     * @param weight a weight for each class or element, null for none
     * @param reduction what becomes of the losses of all elements
     */
    public record Options(@Nullable Tensor weight, LossReduction reduction) {
        /** Returns a copy with {@code weight}. */
        public Options weight(@Nullable Tensor value) {
            return new Options(value, reduction);
        }

        /** Returns a copy with {@code reduction}. */
        public Options reduction(LossReduction value) {
            return new Options(weight, value);
        }
    }

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return new Options(null, LossReduction.MEAN);
    }

    private final Options options;
    private final @Nullable Tensor weight;

    /** Creates a loss with PyTorch's defaults. */
    public BCELoss() {
        this(options());
    }

    /** Creates a loss with options. */
    public BCELoss(Options options) {
        this.options = options;
        weight = registerBuffer("weight", options.weight);
    }

    @Override
    public Tensor forward(Tensor input, Tensor target) {
        return input.binaryCrossEntropy(target, weight, options.reduction.text());
    }
}
