package dev.cotangent;

import dev.cotangent.internal.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * Options of a covariance. Immutable; each method returns changed options.
 *
 * @param correction the number subtracted from the number of observations
 * @param fweights how often each observation was made, null for once; integers
 * @param aweights how important each observation is, null for 1; floating point
 */
public record CovarianceOptions(
        long correction,
        @Nullable Tensor fweights,
        @Nullable Tensor aweights) {
    private static final CovarianceOptions DEFAULTS = new CovarianceOptions(1, null, null);

    /** Returns PyTorch's defaults: a correction of 1, no weights. */
    public static CovarianceOptions defaults() {
        return DEFAULTS;
    }

    /** PyTorch's {@code correction}. */
    public CovarianceOptions correction(long value) {
        return new CovarianceOptions(value, fweights, aweights);
    }

    /** PyTorch's {@code fweights}. */
    public CovarianceOptions fweights(Tensor value) {
        return new CovarianceOptions(correction, Arguments.notNull("CovarianceOptions", "fweights", value), aweights);
    }

    /** PyTorch's {@code aweights}. */
    public CovarianceOptions aweights(Tensor value) {
        return new CovarianceOptions(correction, fweights, Arguments.notNull("CovarianceOptions", "aweights", value));
    }
}
