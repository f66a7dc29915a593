package dev.cotangent.tests.conformance;

import dev.cotangent.Dtype;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import dev.cotangent.ir.ScalarOp;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Typed expressions of random shape over all scalar ops, with casts, half types, several inputs, scalars, outputs. */
final class RandomPrograms {
    private static final Dtype[] DTYPES = Dtype.reals();
    private final RandomGenerator random;
    private final boolean exactOnly;
    private final Exprs e = new Exprs();
    private final List<Dtype> inputs = new ArrayList<>();
    private final List<Dtype> scalars = new ArrayList<>();
    private final List<Expr> made = new ArrayList<>();

    private RandomPrograms(RandomGenerator random, boolean exactOnly) {
        this.random = random;
        this.exactOnly = exactOnly;
    }

    /** Draws a program, of all ops or only of those whose results are exact. */
    static Program next(RandomGenerator random, int calls, boolean exactOnly) {
        return new RandomPrograms(random, exactOnly).make(calls);
    }

    /** Draws run-time scalars for a program. */
    static long[] scalars(Program program, RandomGenerator random) {
        return program.scalars().stream()
                .mapToLong(d -> d.isFloatingPoint()
                        ? Double.doubleToRawLongBits(random.nextInt(-40, 40) / 8.0)
                        : d == Dtype.BOOL ? random.nextInt(2) : random.nextInt(0, 12))
                .toArray();
    }

    private Program make(int calls) {
        int ins = random.nextInt(1, 5);
        for (int i = 0; i < ins; i++) {
            inputs.add(DTYPES[random.nextInt(DTYPES.length)]);
            made.add(e.input(i, inputs.get(i)));
        }
        int count = random.nextInt(3);
        for (int i = 0; i < count; i++) {
            scalars.add(DTYPES[random.nextInt(DTYPES.length)]);
            made.add(e.scalar(i, scalars.get(i)));
        }
        while (calls > 0) {
            ScalarOp op = ScalarOp.values()[random.nextInt(ScalarOp.values().length)];
            Dtype type = DTYPES[random.nextInt(DTYPES.length)].computeType();
            if (!PointwiseConformance.takes(op, type)) continue;
            if (exactOnly && !exact(op, type)) continue;
            Expr result = call(op, type);
            if (type == Dtype.FLOAT32 && result.dtype() == type && random.nextInt(4) == 0) {
                result = result.cast(random.nextBoolean() ? Dtype.FLOAT16 : Dtype.BFLOAT16);
            }
            made.add(result);
            calls--;
        }
        List<Expr> outputs = new ArrayList<>(List.of(made.getLast()));
        int more = random.nextInt(3);
        for (int i = 0; i < more; i++) outputs.add(made.get(random.nextInt(made.size())));
        return new Program(inputs, scalars, outputs);
    }

    private static boolean exact(ScalarOp op, Dtype type) {
        Tolerance t = Tolerance.of(op, type);
        return t == Tolerance.EXACT || t == Tolerance.EXACT_BUT_ZEROS;
    }

    private Expr call(ScalarOp op, Dtype type) {
        Expr a = operand(type);
        Expr b = operand(type);
        boolean real = type.isFloatingPoint();
        return switch (op) {
            // The result of a division by 0 is undefined.
            case DIV, FLOOR_DIV, REMAINDER, FMOD -> a.call(op, real ? b : b.or(e.constant(type, 1)));
            // The sign of a NaN means nothing.
            case COPYSIGN -> a.call(op, b.eq(b).where(b, b.like(1)));
            // Either zero may win, so the sum makes one of them.
            case MAX, MIN -> real ? a.call(op, b).add(0) : a.call(op, b);
            case POLYGAMMA ->
                e.constant(type, random.nextInt(1, 5)).call(op, b.abs().add(0.1).min(b.like(1e4)));
            case ZETA, GAMMAINC, GAMMAINCC ->
                e.constant(type, random.nextInt(2, 6)).call(op, b.abs().add(0.1).min(b.like(1e3)));
            case CHEBYSHEV_T, CHEBYSHEV_U, CHEBYSHEV_V, CHEBYSHEV_W, HERMITE_H, HERMITE_HE, LAGUERRE_L, LEGENDRE_P ->
                a.max(a.like(-2)).min(a.like(2)).call(op, e.constant(type, random.nextInt(-1, 9)));
            case WHERE -> operand(Dtype.BOOL).where(a, b);
            default -> op.arity() == 1 ? a.call(op) : a.call(op, b);
        };
    }

    /** Returns a converted earlier expression, or a constant. */
    private Expr operand(Dtype type) {
        if (random.nextInt(8) == 0) {
            return e.constant(type, type.isFloatingPoint() ? random.nextInt(-24, 25) / 8.0 : random.nextInt(0, 6));
        }
        // Recent ones more often, so that programs get deep as well as wide.
        int back = Math.min(random.nextInt(made.size()), random.nextInt(made.size()));
        Expr x = made.get(made.size() - 1 - back);
        if (x.dtype().isFloatingPoint() && !type.isFloatingPoint() && type != Dtype.BOOL) {
            Expr wide = x.cast(x.dtype().computeType());
            Expr number = wide.eq(wide).where(wide, wide.like(0));
            x = number.max(number.like(type == Dtype.UINT8 ? 0 : -100)).min(number.like(100));
        }
        return x.cast(type);
    }
}
