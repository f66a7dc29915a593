package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import java.util.Arrays;

/** What a register of the block interpreter is made of. */
enum RegisterType {
    /** {@code float[]}: float32, and the half types, whose values it holds rounded. */
    FLOAT,
    /** {@code double[]}: float64. */
    DOUBLE,
    /** {@code long[]}: the integer types, always within their own range. */
    LONG,
    /** {@code boolean[]}: bool. */
    BOOL;

    static RegisterType of(Dtype dtype) {
        return switch (dtype) {
            case FLOAT32, FLOAT16, BFLOAT16 -> FLOAT;
            case FLOAT64 -> DOUBLE;
            case BOOL -> BOOL;
            default -> LONG;
        };
    }

    /** Allocates a register of that length. */
    Object allocate(int n) {
        return switch (this) {
            case FLOAT -> new float[n];
            case DOUBLE -> new double[n];
            case LONG -> new long[n];
            case BOOL -> new boolean[n];
        };
    }

    /** Sets part of a register to zero. */
    static void clear(Object register, int from, int to) {
        switch (register) {
            case float[] r -> Arrays.fill(r, from, to, 0);
            case double[] r -> Arrays.fill(r, from, to, 0);
            case long[] r -> Arrays.fill(r, from, to, 0);
            case boolean[] r -> Arrays.fill(r, from, to, false);
            default -> throw new IllegalArgumentException(register.getClass() + " is no register");
        }
    }
}
