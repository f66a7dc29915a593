package dev.cotangent.nn;

import org.jspecify.annotations.Nullable;

/**
 * Options of {@link BatchNorm1d}, {@link InstanceNorm1d} and their like, immutable: each method returns a copy.
 *
 * @param eps added to variances
 * @param momentum how far running statistics move towards the batch's; null for a mean of all batches
 * @param affine whether channels are scaled and shifted
 * @param trackRunningStats whether there are running statistics
 * @param bias whether channels are shifted
 */
public record BatchNormOptions(
        double eps, @Nullable Double momentum, boolean affine, boolean trackRunningStats, boolean bias) {
    /** Returns a copy with {@code eps}. */
    public BatchNormOptions eps(double value) {
        return new BatchNormOptions(value, momentum, affine, trackRunningStats, bias);
    }

    /** Returns a copy with {@code momentum}. */
    public BatchNormOptions momentum(@Nullable Double value) {
        return new BatchNormOptions(eps, value, affine, trackRunningStats, bias);
    }

    /** Returns a copy with {@code affine}. */
    public BatchNormOptions affine(boolean value) {
        return new BatchNormOptions(eps, momentum, value, trackRunningStats, bias);
    }

    /** Returns a copy with {@code trackRunningStats}. */
    public BatchNormOptions trackRunningStats(boolean value) {
        return new BatchNormOptions(eps, momentum, affine, value, bias);
    }

    /** Returns a copy with {@code bias}. */
    public BatchNormOptions bias(boolean value) {
        return new BatchNormOptions(eps, momentum, affine, trackRunningStats, value);
    }
}
