package dev.cotangent.fft;

import dev.cotangent.CotangentException;
import dev.cotangent.internal.Arguments;
import java.util.Locale;

/** Says how the results of Fourier transforms of n elements are scaled: PyTorch's {@code norm}. */
public enum FftNorm {
    /** Inverse transforms are divided by n: PyTorch's default. */
    BACKWARD,
    /** Transforms are divided by the square root of n, which makes them orthonormal. */
    ORTHO,
    /** Forward transforms are divided by n. */
    FORWARD;

    /** Returns the mode of PyTorch's name; throws its error for another one. */
    public static FftNorm of(String name) {
        Arguments.notNull("FftNorm.of", "name", name);
        for (FftNorm m : values()) if (m.name().toLowerCase(Locale.ROOT).equals(name)) return m;
        throw new CotangentException("Invalid normalization mode: \"" + name + "\"");
    }

    /** Returns the factor of a transform's results. */
    public double factor(double n, boolean inverse) {
        return switch (this) {
            case BACKWARD -> inverse ? 1 / n : 1;
            case ORTHO -> 1 / Math.sqrt(n);
            case FORWARD -> inverse ? 1 : 1 / n;
        };
    }
}
