package dev.cotangent.fft;

import dev.cotangent.internal.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * Says how one dimension is transformed. Immutable; each method returns changed options: {@code
 * Fft.fftOptions().n(16).norm(FftNorm.ORTHO)}.
 *
 * @param n the length of the signal, to which it is padded with zeros or cut; null for what it is
 * @param dim the dimension
 * @param norm how results are scaled
 */
public record FftOptions(@Nullable Long n, int dim, FftNorm norm) {
    static final FftOptions DEFAULT = new FftOptions(null, -1, FftNorm.BACKWARD);

    /** Returns options with another {@code n}. */
    public FftOptions n(long value) {
        return new FftOptions(value, dim, norm);
    }

    /** Returns options with another {@code dim}. */
    public FftOptions dim(int value) {
        return new FftOptions(n, value, norm);
    }

    /** Returns options with another {@code norm}. */
    public FftOptions norm(FftNorm value) {
        return new FftOptions(n, dim, Arguments.notNull("fft", "norm", value));
    }

    /** Returns options with another {@code norm}, by its name: {@code backward}, {@code ortho} or {@code forward}. */
    public FftOptions norm(String value) {
        return norm(FftNorm.of(Arguments.notNull("fft", "norm", value)));
    }
}
