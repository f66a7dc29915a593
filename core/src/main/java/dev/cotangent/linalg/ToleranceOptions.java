package dev.cotangent.linalg;

import dev.cotangent.Tensor;
import dev.cotangent.internal.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * The tolerance below which singular values count as 0 in {@link Linalg#pinv} and {@link Linalg#matrixRank}: those not
 * above {@code max(atol, rtol * largest)}. Immutable; each method returns changed options.
 *
 * @param atol a {@link Number} or a {@link Tensor} with one for each matrix; null for 0
 * @param rtol as {@code atol}; null for 0 where {@code atol} is greater than 0, else the dtype's precision times the
 *     larger of the matrix's sizes
 * @param hermitian whether the matrices are symmetric: of them only the lower triangle is read
 */
public record ToleranceOptions(
        @Nullable Object atol, @Nullable Object rtol, boolean hermitian) {
    static final ToleranceOptions DEFAULT = new ToleranceOptions(null, null, false);

    /** Sets PyTorch's {@code atol}. */
    public ToleranceOptions atol(Number value) {
        return new ToleranceOptions(Arguments.notNull("linalg", "atol", value), rtol, hermitian);
    }

    /** Sets PyTorch's {@code atol}, one for each matrix. */
    public ToleranceOptions atol(Tensor value) {
        return new ToleranceOptions(Arguments.notNull("linalg", "atol", value), rtol, hermitian);
    }

    /** Sets PyTorch's {@code rtol}. */
    public ToleranceOptions rtol(Number value) {
        return new ToleranceOptions(atol, Arguments.notNull("linalg", "rtol", value), hermitian);
    }

    /** Sets PyTorch's {@code rtol}, one for each matrix. */
    public ToleranceOptions rtol(Tensor value) {
        return new ToleranceOptions(atol, Arguments.notNull("linalg", "rtol", value), hermitian);
    }

    /** Sets PyTorch's {@code hermitian}. */
    public ToleranceOptions hermitian(boolean value) {
        return new ToleranceOptions(atol, rtol, value);
    }
}
