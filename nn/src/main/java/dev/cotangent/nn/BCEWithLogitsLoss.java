package dev.cotangent.nn;

import dev.cotangent.LossReduction;
import dev.cotangent.Tensor;
import org.jspecify.annotations.Nullable;

/** Computes the binary cross entropy of logits; PyTorch's {@code nn.BCEWithLogitsLoss}. */
public final class BCEWithLogitsLoss extends Module {
    /**
     * Options of {@link BCEWithLogitsLoss}, immutable: each method returns a copy.
     *
     * @param weight a weight for each class or element, null for none
     * @param reduction what becomes of the losses of all elements
     * @param posWeight a weight of positive targets for each class
     */
    public record Options(
            @Nullable Tensor weight,
            LossReduction reduction,
            @Nullable Tensor posWeight) {
        /** Returns a copy with {@code weight}. */
        public Options weight(@Nullable Tensor value) {
            return new Options(value, reduction, posWeight);
        }

        /** Returns a copy with {@code reduction}. */
        public Options reduction(LossReduction value) {
            return new Options(weight, value, posWeight);
        }

        /** Returns a copy with {@code posWeight}. */
        public Options posWeight(@Nullable Tensor value) {
            return new Options(weight, reduction, value);
        }
    }

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return new Options(null, LossReduction.MEAN, null);
    }

    private final Options options;
    private final @Nullable Tensor weight;
    private final @Nullable Tensor posWeight;

    /** Creates a loss with PyTorch's defaults. */
    public BCEWithLogitsLoss() {
        this(options());
    }

    /** Creates a loss with options. */
    public BCEWithLogitsLoss(Options options) {
        this.options = options;
        weight = registerBuffer("weight", options.weight);
        posWeight = registerBuffer("pos_weight", options.posWeight);
    }

    @Override
    public Tensor forward(Tensor input, Tensor target) {
        return input.binaryCrossEntropyWithLogits(target, weight, options.reduction.text(), posWeight);
    }
}
