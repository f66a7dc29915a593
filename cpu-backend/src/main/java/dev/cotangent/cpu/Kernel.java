package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.program.ScalarOp;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The loops of one op for one type. Code of the Vector API is slow until it is compiled, so small work goes to the
 * plain loop: where both give the same bits, until the other is warm ({@link Warming}); where they differ in the last bit, by the
 * size of the tensor alone, so that a result never depends on what ran before.
 */
final class Kernel {
    /** So many elements make a vector loop that differs from the plain one worth its start. */
    private static final int SMALL = 256;
    /** Fewer elements fill no vector. */
    private static final int FEW = 8;
    /** So many elements in all are left to the plain loop where that makes no difference but time. */
    static final int COLD = 1_000_000;
    /** So many at once where nothing is warmed aside: the first use waits for the compiler. */
    static final int COLD_AT_ONCE = 100_000;

    /** An exercise calls a loop so often, each time for so many elements: how often makes the compiler act. */
    private static final int CALLS = 100;

    private static final int N = 4 * Loop.LANES;

    private final ScalarOp op;
    private final Dtype dtype;
    private final Loop plain;
    private final @Nullable VectorLoops vectors;
    private final @Nullable Warming<Loop> warming;
    private final @Nullable Warming<Loop> folding;
    private volatile @Nullable Loop vector;
    private volatile boolean none;

    /** @param aside whether vector loops are warmed aside before they are used */
    Kernel(ScalarOp op, Dtype dtype, @Nullable VectorLoops vectors, boolean aside) {
        this.op = op;
        this.dtype = dtype;
        this.plain = Ops.plain(op, dtype);
        Kind kind = Kind.of(dtype);
        this.vectors = kind == Kind.FLOAT || kind == Kind.DOUBLE ? vectors : null;
        this.none = this.vectors == null;
        boolean exact = this.vectors != null && this.vectors.exact(op, kind == Kind.DOUBLE);
        this.warming = exact ? warming(l -> exercise(l, op, kind), aside) : null;
        boolean folds = exact && op.arity() == 2 && op.kind() != ScalarOp.Kind.COMPARE;
        this.folding = folds ? warming(l -> exerciseFolding(l, kind), aside) : null;
    }

    private Warming<Loop> warming(Consumer<Loop> exercise, boolean aside) {
        return new Warming<>(plain, this::define, exercise, aside ? COLD : COLD_AT_ONCE, aside);
    }

    /** The loop for a tensor of that many elements. */
    Loop choose(long numel) {
        if (none || numel < FEW) return plain;
        if (warming != null) return warming.choose(numel);
        return numel < SMALL ? plain : define();
    }

    /** The loop that joins that many elements. */
    Loop folding(long numel) {
        return folding != null && numel >= FEW ? folding.choose(numel) : choose(numel);
    }

    private Loop define() {
        Loop v = vector;
        return v != null ? v : defineOnce();
    }

    private synchronized Loop defineOnce() {
        Loop v = vector;
        if (v == null && vectors != null && !none) vector = v = vectors.loop(op, Kind.of(dtype) == Kind.DOUBLE);
        if (v != null) return v;
        none = true;
        return plain;
    }

    private static void exercise(Loop loop, ScalarOp op, Kind kind) {
        Object a = op == ScalarOp.WHERE ? new boolean[N] : kind.allocate(N);
        Object b = kind.allocate(N);
        Object out = op.kind() == ScalarOp.Kind.COMPARE ? new boolean[N] : kind.allocate(N);
        for (int i = 0; i < CALLS; i++) loop.run(out, 0, a, 0, b, 0, b, 0, N);
    }

    private static void exerciseFolding(Loop loop, Kind kind) {
        Object a = kind.allocate(8 * N);
        Object out = kind.allocate(8 + Loop.LANES + N);
        for (int i = 0; i < CALLS; i++) {
            loop.fold(out, 0, a, 0, N);
            loop.folds(out, 0, a, 0, N, N, 4);
            loop.rows(out, 0, a, 0, N, 8, N, i % 2 == 0);
        }
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
