package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.ir.ScalarOp;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The loops of one op for one type. Where the op has a vector form, it has the bits of the scalar one, and takes over
 * when it is warm ({@link JitWarmup}): so a result never depends on what ran before.
 */
final class LoopKernel {
    /** Fewer elements fill no vector. */
    private static final int FEW = 8;
    /**
     * The threshold of work, in tenths of a nanosecond in vectors, that is left to the scalar loop, which takes several
     * times as long: of less the compiler would take more than vectors save.
     */
    private static final int COLD = 200_000_000;
    /** The threshold in elements without background warm-up, where the first use waits for the compiler. */
    private static final int COLD_AT_ONCE = 100_000;

    /** Tenths of a nanosecond that an element of a function takes in vectors. */
    static final int FUNCTION = 15;

    /** Calls of a loop in a warm-up run, and elements of each: the number of calls triggers the compiler. */
    private static final int CALLS = 100;

    private static final int N = 4 * Loop.LANES;

    private final ScalarOp op;
    private final RegisterType kind;
    private final int bits;
    private final Loop plain;
    private final @Nullable JitWarmup<Loop> warming;
    private final @Nullable JitWarmup<Loop> folding;

    /** @param inBackground whether vector loops are warmed up in the background before they are used */
    LoopKernel(ScalarOp op, Dtype dtype, @Nullable VectorLoops vectors, boolean inBackground) {
        this.op = op;
        this.kind = RegisterType.of(dtype);
        this.bits = 8 * dtype.bytes();
        this.plain = ScalarFunctions.plain(op, dtype);
        if (vectors == null || !hasVectors(vectors)) {
            this.warming = null;
            this.folding = null;
            return;
        }
        long cold = cold(cost(op, true), inBackground);
        boolean folds = kind != RegisterType.BOOL && op.arity() == 2 && op.kind() != ScalarOp.Kind.COMPARE;
        this.warming = new JitWarmup<>(plain, () -> vector(vectors), l -> exercise(l, op, kind), cold, inBackground);
        this.folding = folds
                ? new JitWarmup<>(plain, () -> vector(vectors), l -> exerciseFolding(l, kind), cold, inBackground)
                : null;
    }

    private boolean hasVectors(VectorLoops vectors) {
        return switch (kind) {
            case FLOAT, DOUBLE -> vectors.has(op, kind == RegisterType.DOUBLE);
            case BOOL -> vectors.hasOnBools(op);
            case LONG -> vectors.hasOnLongs(op);
        };
    }

    private Loop vector(VectorLoops vectors) {
        return switch (kind) {
            case FLOAT, DOUBLE -> vectors.loop(op, kind == RegisterType.DOUBLE);
            case BOOL -> vectors.loopOnBools(op);
            case LONG -> vectors.loopOnLongs(op, bits, plain);
        };
    }

    /** Returns the loop for a tensor of that many elements. */
    Loop choose(long numel) {
        return warming == null || numel < FEW ? plain : warming.choose(numel);
    }

    /** Returns the loop that reduces that many elements. */
    Loop folding(long numel) {
        if (kind == RegisterType.BOOL) return plain;
        return folding != null && numel >= FEW ? folding.choose(numel) : choose(numel);
    }

    private static void exercise(Loop loop, ScalarOp op, RegisterType kind) {
        Object b = numbers(kind, N);
        Object a = op == ScalarOp.WHERE ? new boolean[N] : b;
        Object out = op.kind() == ScalarOp.Kind.COMPARE ? new boolean[N] : kind.allocate(N);
        for (int i = 0; i < CALLS; i++) loop.run(out, 0, a, 0, b, 0, b, 0, length(i));
    }

    /** Returns arguments that every function handles on its fast path. */
    static Object numbers(RegisterType kind, int n) {
        Object numbers = kind.allocate(n);
        if (numbers instanceof float[] x) Arrays.fill(x, 1.5f);
        else if (numbers instanceof double[] x) Arrays.fill(x, 1.5);
        return numbers;
    }

    /** Returns lengths with and without remainders, since a branch that was never taken would cause recompilation. */
    private static int length(int call) {
        return call % 3 == 2 ? N - 3 : N;
    }

    private static void exerciseFolding(Loop loop, RegisterType kind) {
        Object a = kind.allocate(8 * N);
        Object out = kind.allocate(8 + Loop.LANES + N);
        for (int i = 0; i < CALLS; i++) {
            int n = length(i);
            loop.fold(out, 0, a, 0, n);
            loop.folds(out, 0, a, 0, n, N, 4);
            loop.rows(out, 0, a, 0, N, 8, n, i % 2 == 0);
        }
    }

    /** Returns the threshold in elements before warm-up, given tenths of a nanosecond for an element in vectors. */
    static long cold(int cost, boolean inBackground) {
        return inBackground ? COLD / cost : COLD_AT_ONCE;
    }

    /** Returns the approximate time of an element in tenths of a nanosecond. */
    int cost() {
        return cost(op, warming != null);
    }

    private static int cost(ScalarOp op, boolean vectors) {
        return switch (op) {
            case ADD, SUB, MUL, NEG, ABS, MAX, MIN, EQ, NE, LT, LE, GT, GE, AND, OR, XOR, NOT, WHERE -> 2;
            case DIV, SQRT, SIGN, FLOOR, CEIL, ROUND, TRUNC -> 5;
            default -> vectors ? FUNCTION : 150;
        };
    }
}
