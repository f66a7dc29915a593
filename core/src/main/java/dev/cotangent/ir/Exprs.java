package dev.cotangent.ir;

import dev.cotangent.Dtype;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The pool of one program's expressions: creates each once, and simplifies where no bit of the result changes. Not
 * thread-safe.
 */
public final class Exprs {
    private record Key(
            Expr.Kind kind, Dtype dtype, @Nullable ScalarOp op, long bits, int[] args) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key k
                    && kind == k.kind
                    && dtype == k.dtype
                    && op == k.op
                    && bits == k.bits
                    && Arrays.equals(args, k.args);
        }

        @Override
        public int hashCode() {
            int h = kind.hashCode() * 31 + dtype.hashCode();
            h = h * 31 + (op == null ? 0 : op.hashCode());
            return (h * 31 + Long.hashCode(bits)) * 31 + Arrays.hashCode(args);
        }
    }

    private final Map<Key, Expr> known = new HashMap<>();

    /** Creates an empty pool. */
    public Exprs() {}

    /** Returns the element of an input, of the input's dtype. */
    public Expr input(int index, Dtype dtype) {
        return make(Expr.Kind.INPUT, dtype, null, index);
    }

    /** Returns a run-time scalar. */
    public Expr scalar(int index, Dtype dtype) {
        return make(Expr.Kind.SCALAR, dtype, null, index);
    }

    /** Returns a constant: truncated for integer types, tested for nonzero for bool. */
    public Expr constant(Dtype dtype, double value) {
        long bits = dtype.isDifferentiable()
                ? Double.doubleToRawLongBits(dtype.realType() == Dtype.FLOAT64 ? value : (float) value)
                : dtype == Dtype.BOOL ? (value != 0 ? 1 : 0) : (long) value;
        return make(Expr.Kind.CONST, dtype, null, bits);
    }

    /** Returns a copy of another pool's constant. */
    public Expr constant(Expr other) {
        return make(Expr.Kind.CONST, other.dtype(), null, other.bits());
    }

    /** Returns a conversion; the operand itself if it has the type. */
    public Expr cast(Expr x, Dtype to) {
        if (x.dtype() == to) return x;
        if (x.kind() == Expr.Kind.CONST && !to.isComplex() && !x.dtype().isComplex()) {
            if (!to.isHalf() && x.dtype() == Dtype.FLOAT32) return constant(to, x.constant());
            if (!to.isFloatingPoint() || !to.isHalf() && Math.abs(x.constant()) <= 1 << 24) {
                return constant(to, x.constant());
            }
        }
        // Widening a half is exact, so half -> float32 -> the same half is the identity.
        if (x.kind() == Expr.Kind.CAST && x.dtype() == Dtype.FLOAT32 && x.arg(0).dtype() == to && to.isHalf()) {
            return x.arg(0);
        }
        return make(Expr.Kind.CAST, to, null, 0, x);
    }

    /** Returns an op of operands, whose number and types must fit. */
    public Expr call(ScalarOp op, Expr... args) {
        if (args.length != op.arity()) throw new IllegalArgumentException(op + " takes " + op.arity() + " operands");
        Dtype type = args[args.length - 1].dtype();
        int first = op.kind() == ScalarOp.Kind.SELECT ? 1 : 0;
        for (int i = first; i < args.length; i++) {
            if (args[i].dtype() != type) {
                throw new IllegalArgumentException(op + " of mixed types: " + Arrays.toString(args));
            }
        }
        boolean fits = switch (op.kind()) {
            case SAME -> !type.isHalf();
            case FLOAT -> type.isDifferentiable() && !type.isHalf();
            case COMPARE -> !type.isHalf();
            case BITS -> !type.isDifferentiable();
            case SELECT -> args[0].dtype() == Dtype.BOOL;
        };
        if (!fits) throw new IllegalArgumentException(op + " does not take " + Arrays.toString(args));
        Expr simpler = simplify(op, args);
        if (simpler != null) return simpler;
        return make(Expr.Kind.CALL, op.kind() == ScalarOp.Kind.COMPARE ? Dtype.BOOL : type, op, 0, args);
    }

    /**
     * Copies an expression of another pool into this one.
     *
     * @param leaves maps inputs and run-time scalars to expressions of this pool
     * @param known already copied expressions; new copies are added
     */
    public Expr copy(Expr x, UnaryOperator<Expr> leaves, Map<Expr, Expr> known) {
        Expr done = known.get(x);
        if (done != null) return done;
        Expr made = switch (x.kind()) {
            case INPUT, SCALAR -> leaves.apply(x);
            case CONST -> constant(x);
            case CAST -> cast(copy(x.arg(0), leaves, known), x.dtype());
            case CALL -> {
                Expr[] args = new Expr[x.arity()];
                for (int i = 0; i < args.length; i++) args[i] = copy(x.arg(i), leaves, known);
                yield call(x.op(), args);
            }
        };
        known.put(x, made);
        return made;
    }

    private static @Nullable Expr simplify(ScalarOp op, Expr[] args) {
        return switch (op) {
            case MUL ->
                args[1].dtype() == Dtype.BOOL
                        ? null
                        : args[1].isConstant(1)
                                ? args[0]
                                : args[0].isConstant(1)
                                        ? args[1]
                                        : args[1].isConstant(-1)
                                                ? args[0].neg()
                                                : args[0].isConstant(-1) ? args[1].neg() : null;
            case DIV -> args[1].isConstant(1) ? args[0] : null;
            case NEG -> args[0].is(ScalarOp.NEG) ? args[0].arg(0) : null;
            case NOT -> args[0].is(ScalarOp.NOT) ? args[0].arg(0) : null;
            case WHERE -> args[1] == args[2] ? args[1] : null;
            default -> null;
        };
    }

    private Expr make(Expr.Kind kind, Dtype dtype, @Nullable ScalarOp op, long bits, Expr... args) {
        int[] ids = new int[args.length];
        for (int i = 0; i < ids.length; i++) {
            if (args[i].pool() != this) throw new IllegalArgumentException("an operand belongs to another program");
            ids[i] = args[i].id();
        }
        Key key = new Key(kind, dtype, op, bits, ids);
        Expr e = known.get(key);
        if (e == null) {
            e = new Expr(this, kind, dtype, op, bits, args, known.size());
            known.put(key, e);
        }
        return e;
    }
}
