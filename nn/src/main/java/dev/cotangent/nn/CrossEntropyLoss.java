package dev.cotangent.nn;

import dev.cotangent.LossReduction;
import dev.cotangent.Tensor;
import org.jspecify.annotations.Nullable;

/** Computes the cross entropy of logits and classes (indices or probabilities); PyTorch's {@code nn.CrossEntropyLoss}. */
public final class CrossEntropyLoss extends Module {
    /**
     * Options of {@link CrossEntropyLoss}, immutable: each method returns a copy.
     *
     * @param weight a weight for each class or element, null for none
     * @param ignoreIndex a target that counts for nothing
     * @param reduction what becomes of the losses of all elements
     * @param labelSmoothing the part of the probability that is spread over all classes
     */
    public record Options(@Nullable Tensor weight, long ignoreIndex, LossReduction reduction, double labelSmoothing) {
        /** Returns a copy with {@code weight}. */
        public Options weight(@Nullable Tensor value) {
            return new Options(value, ignoreIndex, reduction, labelSmoothing);
        }

        /** Returns a copy with {@code ignoreIndex}. */
        public Options ignoreIndex(long value) {
            return new Options(weight, value, reduction, labelSmoothing);
        }

        /** Returns a copy with {@code reduction}. */
        public Options reduction(LossReduction value) {
            return new Options(weight, ignoreIndex, value, labelSmoothing);
        }

        /** Returns a copy with {@code labelSmoothing}. */
        public Options labelSmoothing(double value) {
            return new Options(weight, ignoreIndex, reduction, value);
        }
    }

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return new Options(null, -100, LossReduction.MEAN, 0);
    }

    private final Options options;
    private final @Nullable Tensor weight;

    /** Creates a loss with PyTorch's defaults. */
    public CrossEntropyLoss() {
        this(options());
    }

    /** Creates a loss with options. */
    public CrossEntropyLoss(Options options) {
        this.options = options;
        weight = registerBuffer("weight", options.weight);
    }

    @Override
    public Tensor forward(Tensor input, Tensor target) {
        return input.crossEntropy(
                target, weight, options.ignoreIndex, options.reduction.text(), options.labelSmoothing);
    }
}
