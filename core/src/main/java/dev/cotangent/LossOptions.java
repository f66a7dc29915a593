package dev.cotangent;

import dev.cotangent.internal.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * Options of classification losses. Immutable; each method returns changed options: {@code scores.crossEntropy(labels,
 * lossOptions().weight(w).labelSmoothing(0.1))}.
 *
 * @param reduction reduction of the losses
 * @param weight per class, or per loss in the binary cross entropies; null for 1
 * @param posWeight weight of positive targets in the binary cross entropy with logits; null for 1
 * @param ignoreIndex a class to ignore
 * @param labelSmoothing fraction of a target distributed over all classes, from 0 to 1
 */
public record LossOptions(
        LossReduction reduction,
        @Nullable Tensor weight,
        @Nullable Tensor posWeight,
        long ignoreIndex,
        double labelSmoothing) {
    static final LossOptions DEFAULT = new LossOptions(LossReduction.MEAN, null, null, -100, 0);

    /** Sets PyTorch's {@code reduction}. */
    public LossOptions reduction(LossReduction value) {
        Arguments.notNull("LossOptions", "reduction", value);
        return new LossOptions(value, weight, posWeight, ignoreIndex, labelSmoothing);
    }

    /** Sets PyTorch's {@code reduction}, such as {@code "sum"}; throws its ValueError for other text. */
    public LossOptions reduction(String value) {
        return reduction(LossReduction.of(value));
    }

    /** Sets PyTorch's {@code weight}. */
    public LossOptions weight(Tensor value) {
        Arguments.notNull("LossOptions", "weight", value);
        return new LossOptions(reduction, value, posWeight, ignoreIndex, labelSmoothing);
    }

    /** Sets PyTorch's {@code pos_weight}. */
    public LossOptions posWeight(Tensor value) {
        Arguments.notNull("LossOptions", "pos_weight", value);
        return new LossOptions(reduction, weight, value, ignoreIndex, labelSmoothing);
    }

    /** Sets PyTorch's {@code ignore_index}. */
    public LossOptions ignoreIndex(long value) {
        return new LossOptions(reduction, weight, posWeight, value, labelSmoothing);
    }

    /** Sets PyTorch's {@code label_smoothing}. */
    public LossOptions labelSmoothing(double value) {
        return new LossOptions(reduction, weight, posWeight, ignoreIndex, value);
    }
}
