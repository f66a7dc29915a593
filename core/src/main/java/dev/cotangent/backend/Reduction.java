package dev.cotangent.backend;

/** How a reduction joins elements. Each has PyTorch's rules for NaN: it wins in MAX, MIN, ARGMAX and ARGMIN. */
public enum Reduction {
    /** Sum; 0 of nothing. Floating point is summed at least as accurately as by pairs; half types in float32. */
    SUM,
    /** Product; 1 of nothing. */
    PROD,
    /** Largest. Never asked of nothing. */
    MAX,
    /** Smallest. Never asked of nothing. */
    MIN,
    /** Index (int64) of the first largest, row-major within the reduced dimensions. Never asked of nothing. */
    ARGMAX,
    /** Index (int64) of the first smallest, row-major within the reduced dimensions. Never asked of nothing. */
    ARGMIN,
    /** Whether one is not zero (bool); false of nothing. */
    ANY,
    /** Whether none is zero (bool); true of nothing. */
    ALL
}
