package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.program.ScalarOp;
import org.jspecify.annotations.Nullable;

/**
 * The loops of one op for one type. Code of the Vector API is slow until it is compiled, so small work goes to the
 * plain loop: where both give the same bits, until enough has been asked for to make compiling worth it; where they
 * differ in the last bit, by the size of the tensor alone, so that a result never depends on what ran before.
 */
final class Kernel {
    /** So many elements make a vector loop that differs from the plain one worth its start. */
    private static final int SMALL = 256;
    /** Fewer elements fill no vector. */
    private static final int FEW = 8;
    /** So many elements in all are left to the plain loop where that makes no difference but time. */
    private static final int COLD = 100_000;

    private final ScalarOp op;
    private final Dtype dtype;
    private final Loop plain;
    private final @Nullable VectorLoops vectors;
    private final boolean exact;
    private volatile @Nullable Loop vector;
    private volatile boolean none;
    private long seen;

    Kernel(ScalarOp op, Dtype dtype, @Nullable VectorLoops vectors) {
        this.op = op;
        this.dtype = dtype;
        this.plain = Ops.plain(op, dtype);
        boolean floating = Kind.of(dtype) == Kind.FLOAT || Kind.of(dtype) == Kind.DOUBLE;
        this.vectors = floating ? vectors : null;
        this.none = this.vectors == null;
        this.exact = vectors != null && vectors.exact(op, Kind.of(dtype) == Kind.DOUBLE);
    }

    /** The loop for a tensor of that many elements. */
    Loop choose(long numel) {
        if (none || numel < FEW || (exact ? (seen += numel) < COLD : numel < SMALL)) return plain;
        Loop v = vector;
        return v != null ? v : define();
    }

    private synchronized Loop define() {
        Loop v = vector;
        if (v == null && vectors != null && !none) vector = v = vectors.loop(op, Kind.of(dtype) == Kind.DOUBLE);
        if (v != null) return v;
        none = true;
        return plain;
    }

    /** About how many tenths of a nanosecond an element takes. */
    int cost() {
        return switch (op) {
            case ADD, SUB, MUL, NEG, ABS, MAX, MIN, EQ, NE, LT, LE, GT, GE, AND, OR, XOR, NOT, WHERE -> 2;
            case DIV, SQRT, SIGN, FLOOR, CEIL, ROUND, TRUNC -> 5;
            default -> none ? 150 : 15;
        };
    }
}
