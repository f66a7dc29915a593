package dev.cotangent.backend;

/** Distributions of the random numbers that a backend draws; {@link Philox} defines each bit for bit. */
public enum Distribution {
    /**
     * Floating point, uniform in [0, 1); float16 takes the upper 11 bits, bfloat16 the upper 8, so that none rounds
     * to 1.
     */
    UNIFORM,
    /** Floating point, normal with mean 0 and standard deviation 1. */
    NORMAL,
    /** 64 random bits each (int64). */
    BITS
}
