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
    static final CovarianceOptions DEFAULT = new CovarianceOptions(1, null, null);

    /** Sets PyTorch's {@code correction}. */
    public CovarianceOptions correction(long value) {
        return new CovarianceOptions(value, fweights, aweights);
    }

    /** Sets PyTorch's {@code fweights}. */
    public CovarianceOptions fweights(Tensor value) {
        return new CovarianceOptions(correction, Arguments.notNull("CovarianceOptions", "fweights", value), aweights);
    }

    /** Sets PyTorch's {@code aweights}. */
    public CovarianceOptions aweights(Tensor value) {
        return new CovarianceOptions(correction, fweights, Arguments.notNull("CovarianceOptions", "aweights", value));
    }
}
