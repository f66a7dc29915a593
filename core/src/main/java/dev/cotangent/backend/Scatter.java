package dev.cotangent.backend;

/** Scatter modes. */
public enum Scatter {
    /** Writes; of several writes to one element, the last in row-major order of the index wins. */
    SET,
    /** Accumulates in row-major order of the index. */
    ADD,
    /** Multiplies. */
    MUL,
    /** Takes the maximum, propagating NaN. */
    MAX,
    /** Takes the minimum, propagating NaN. */
    MIN
}
