package dev.cotangent.backend;

/** How an element is made of the numbers in memory. */
public enum ElementForm {
    /** The number. */
    REAL,
    /** The negated number: PyTorch's negative bit. */
    NEGATED,
    /** Two consecutive numbers, the real and the imaginary part. */
    COMPLEX,
    /** The conjugate of two consecutive numbers: PyTorch's conjugate bit. */
    CONJUGATED;

    /** Returns whether an element is a complex number. */
    public boolean isComplex() {
        return this == COMPLEX || this == CONJUGATED;
    }

    /** Returns whether the number, or its imaginary part, is negated on reading and on writing. */
    public boolean isLazy() {
        return this == NEGATED || this == CONJUGATED;
    }

    /** Returns the conjugate of a complex form. */
    public ElementForm conjugate() {
        return this == COMPLEX ? CONJUGATED : this == CONJUGATED ? COMPLEX : this;
    }
}
