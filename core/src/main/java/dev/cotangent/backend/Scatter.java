package dev.cotangent.backend;

/** What a scatter does where it writes. */
public enum Scatter {
    /** Writes; where several write to one place, the last in row-major order of the index wins. */
    SET,
    /** Adds, in row-major order of the index. */
    ADD,
    /** Multiplies. */
    MUL,
    /** Keeps the larger, NaN where one is. */
    MAX,
    /** Keeps the smaller, NaN where one is. */
    MIN
}
