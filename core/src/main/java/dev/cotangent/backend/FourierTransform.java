package dev.cotangent.backend;

/**
 * A discrete Fourier transform of one dimension: {@code X[k] = factor * sum over j of x[j] exp(-2 pi i j k / length)}, or with the
 * opposite sign in the exponent.
 *
 * @param kind which operands are complex
 * @param inverse whether the exponent has the opposite sign, {@code +}
 * @param length the number of elements
 * @param factor by which results are multiplied
 */
public record FourierTransform(Kind kind, boolean inverse, long length, double factor) {
    /** Says which operands of a transform are complex. */
    public enum Kind {
        /** Both. */
        COMPLEX,
        /** The result, of which only the first {@code length / 2 + 1} elements are written: the others are conjugates. */
        REAL_TO_COMPLEX,
        /** The input, of which only the first {@code length / 2 + 1} elements are read: the others are conjugates. */
        COMPLEX_TO_REAL
    }

    /** Returns the number of elements that the transform reads. */
    public long inputs() {
        return kind == Kind.COMPLEX_TO_REAL ? length / 2 + 1 : length;
    }

    /** Returns the number of elements that the transform writes. */
    public long outputs() {
        return kind == Kind.REAL_TO_COMPLEX ? length / 2 + 1 : length;
    }
}
