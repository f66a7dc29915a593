package dev.cotangent.fft;

import dev.cotangent.internal.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * Says how several dimensions are transformed. Immutable; each method returns changed options: {@code
 * Fft.fftnOptions().dim(1, 2).s(8, 8)}.
 *
 * @param s the lengths of the signal in these dimensions, to which it is padded with zeros or cut, -1 for what it is; null for what
 *     all are
 * @param dim the dimensions; null for the last ones that {@code s} has lengths for, or all
 * @param norm how results are scaled
 */
public record FftnOptions(long @Nullable [] s, int @Nullable [] dim, FftNorm norm) {
    static final FftnOptions DEFAULT = new FftnOptions(null, null, FftNorm.BACKWARD);

    /** Creates options of these values, which are copied. */
    public FftnOptions {
        s = s == null ? null : s.clone();
        dim = dim == null ? null : dim.clone();
    }

    /** Returns options with another {@code s}. */
    public FftnOptions s(long... value) {
        return new FftnOptions(Arguments.notNull("fft", "s", value), dim, norm);
    }

    /** Returns options with another {@code dim}. */
    public FftnOptions dim(int... value) {
        return new FftnOptions(s, Arguments.notNull("fft", "dim", value), norm);
    }

    /** Returns options with another {@code norm}. */
    public FftnOptions norm(FftNorm value) {
        return new FftnOptions(s, dim, Arguments.notNull("fft", "norm", value));
    }

    /** Returns options with another {@code norm}, by its name: {@code backward}, {@code ortho} or {@code forward}. */
    public FftnOptions norm(String value) {
        return norm(FftNorm.of(Arguments.notNull("fft", "norm", value)));
    }
}
