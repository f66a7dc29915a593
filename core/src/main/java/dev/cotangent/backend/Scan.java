package dev.cotangent.backend;

/** Scans (inclusive cumulative reductions) along a dimension. */
public enum Scan {
    /** Cumulative sum. */
    SUM,
    /** Cumulative product. */
    PROD,
    /** Cumulative maximum; NaN from the first NaN on. */
    MAX,
    /** Cumulative minimum; NaN from the first NaN on. */
    MIN
}
