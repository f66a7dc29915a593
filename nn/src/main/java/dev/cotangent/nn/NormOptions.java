package dev.cotangent.nn;

import org.jspecify.annotations.Nullable;

/**
 * Options of modules that normalise channels, immutable: each method returns a copy.
 *
 * @param eps added to variances
 * @param momentum how far running statistics move towards the batch's; null for a mean of all batches
 * @param affine whether channels are scaled and shifted
 * @param trackRunningStats whether there are running statistics
 * @param bias whether channels are shifted
 */
public record NormOptions(
        double eps, @Nullable Double momentum, boolean affine, boolean trackRunningStats, boolean bias) {
    /** Returns a copy with {@code eps}. */
    public NormOptions eps(double value) {
        return new NormOptions(value, momentum, affine, trackRunningStats, bias);
    }

    /** Returns a copy with {@code momentum}. */
    public NormOptions momentum(@Nullable Double value) {
        return new NormOptions(eps, value, affine, trackRunningStats, bias);
    }

    /** Returns a copy with {@code affine}. */
    public NormOptions affine(boolean value) {
        return new NormOptions(eps, momentum, value, trackRunningStats, bias);
    }

    /** Returns a copy with {@code trackRunningStats}. */
    public NormOptions trackRunningStats(boolean value) {
        return new NormOptions(eps, momentum, affine, value, bias);
    }

    /** Returns a copy with {@code bias}. */
    public NormOptions bias(boolean value) {
        return new NormOptions(eps, momentum, affine, trackRunningStats, value);
    }
}
