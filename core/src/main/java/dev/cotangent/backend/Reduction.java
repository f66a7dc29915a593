package dev.cotangent.backend;

/** Reductions. All propagate NaN as PyTorch: it is the result of MAX, MIN, ARGMAX and ARGMIN. */
public enum Reduction {
    /**
     * Sum; 0 if empty. Floating point is at least as accurate as pairwise summation; half types accumulate in
     * float32.
     */
    SUM,
    /** Product; 1 if empty. */
    PROD,
    /** Maximum, of at least one element. */
    MAX,
    /** Minimum, of at least one element. */
    MIN,
    /** Index (int64) of the first maximum, row-major within the reduced dimensions, of at least one element. */
    ARGMAX,
    /** Index (int64) of the first minimum, row-major within the reduced dimensions, of at least one element. */
    ARGMIN,
    /** Whether any element is nonzero (bool); false if empty. */
    ANY,
    /** Whether all elements are nonzero (bool); true if empty. */
    ALL
}
