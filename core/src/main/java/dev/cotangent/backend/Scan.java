package dev.cotangent.backend;

/** How a running result is made along a dimension. */
public enum Scan {
    /** Running sum. */
    SUM,
    /** Running product. */
    PROD,
    /** Running maximum; NaN from the first one on. */
    MAX,
    /** Running minimum; NaN from the first one on. */
    MIN
}
