package dev.cotangent.distributed;

import dev.cotangent.Dtype;
import dev.cotangent.ValueException;

/** How a reduction combines the elements of the ranks; PyTorch's {@code ReduceOp}. */
public enum ReduceOp {
    /** Adds; of bool: whether any is true. */
    SUM,
    /** Adds and divides by the number of ranks; floating-point types only. */
    AVG,
    /** Multiplies; of bool: whether all are true. */
    PRODUCT,
    /** Takes the smallest; NaN if one is NaN. */
    MIN,
    /** Takes the largest; NaN if one is NaN. */
    MAX,
    /** Combines bits by AND; integers and bool only. */
    BAND,
    /** Combines bits by OR; integers and bool only. */
    BOR,
    /** Combines bits by XOR; integers and bool only. */
    BXOR;

    void check(String operation, Dtype dtype) {
        boolean bits = this == BAND || this == BOR || this == BXOR;
        if (bits && dtype.isFloatingPoint() || this == AVG && !dtype.isFloatingPoint()) {
            throw new ValueException("Cannot use ReduceOp." + this + " with " + dtype + ": " + operation + " takes "
                    + (bits ? "it of integers and bool only" : "it of floating-point types only; use SUM"));
        }
    }
}
