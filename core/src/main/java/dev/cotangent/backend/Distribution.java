package dev.cotangent.backend;

/** What random numbers a backend draws; {@link Philox} defines each of them bit for bit. */
public enum Distribution {
    /** Floating point, even in [0, 1); of float16 the upper 11 bits, of bfloat16 the upper 8, so that none rounds to 1. */
    UNIFORM,
    /** Floating point, normal with mean 0 and standard deviation 1. */
    NORMAL,
    /** 64 random bits each (int64). */
    BITS
}
