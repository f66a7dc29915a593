package dev.cotangent;

import dev.cotangent.internal.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * Says how a loss of classes or of probabilities is computed. Immutable; each method returns changed options: {@code
 * scores.crossEntropy(labels, lossOptions().weight(w).labelSmoothing(0.1))}.
 *
 * @param reduction what becomes of the losses of single elements
 * @param weight of each class, or of each loss in the binary cross entropies; null for 1
 * @param posWeight of the part of the targets that are 1, in the binary cross entropy with logits; null for 1
 * @param ignoreIndex a class that does not count
 * @param labelSmoothing how much of a target is spread over all classes, from 0 to 1
 */
public record LossOptions(
        LossReduction reduction,
        @Nullable Tensor weight,
        @Nullable Tensor posWeight,
        long ignoreIndex,
        double labelSmoothing) {
    static final LossOptions DEFAULT = new LossOptions(LossReduction.MEAN, null, null, -100, 0);

    /** PyTorch's {@code reduction}. */
    public LossOptions reduction(LossReduction value) {
        Arguments.notNull("LossOptions", "reduction", value);
        return new LossOptions(value, weight, posWeight, ignoreIndex, labelSmoothing);
    }

    /** PyTorch's {@code reduction}, such as {@code "sum"}; throws its ValueError of other text. */
    public LossOptions reduction(String value) {
        return reduction(LossReduction.of(value));
    }

    /** PyTorch's {@code weight}. */
    public LossOptions weight(Tensor value) {
        Arguments.notNull("LossOptions", "weight", value);
        return new LossOptions(reduction, value, posWeight, ignoreIndex, labelSmoothing);
    }

    /** PyTorch's {@code pos_weight}. */
    public LossOptions posWeight(Tensor value) {
        Arguments.notNull("LossOptions", "pos_weight", value);
        return new LossOptions(reduction, weight, value, ignoreIndex, labelSmoothing);
    }

    /** PyTorch's {@code ignore_index}. */
    public LossOptions ignoreIndex(long value) {
        return new LossOptions(reduction, weight, posWeight, value, labelSmoothing);
    }

    /** PyTorch's {@code label_smoothing}. */
    public LossOptions labelSmoothing(double value) {
        return new LossOptions(reduction, weight, posWeight, ignoreIndex, value);
    }
}
