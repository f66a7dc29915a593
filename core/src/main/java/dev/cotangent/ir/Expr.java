package dev.cotangent.ir;

import dev.cotangent.Dtype;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A value in a scalar program: an input, a run-time scalar, a constant, a conversion or an op of other values.
 * Hash-consed within its {@link Exprs}: equal expressions are one object. Methods with a {@code double} parameter
 * create a constant of this expression's type.
 */
public final class Expr {
    /** Kinds of expressions. */
    public enum Kind {
        /** Element of the input at {@link #index}, of the input's dtype. */
        INPUT,
        /** Run-time scalar at {@link #index}. */
        SCALAR,
        /** Constant with the value {@link #bits}. */
        CONST,
        /** The operand converted to this type; a half type rounds. */
        CAST,
        /** {@link #op} of the operands. */
        CALL
    }

    private final Exprs pool;
    private final Kind kind;
    private final Dtype dtype;
    private final @Nullable ScalarOp op;
    private final long bits;
    private final Expr[] args;
    private final int id;

    Expr(Exprs pool, Kind kind, Dtype dtype, @Nullable ScalarOp op, long bits, Expr[] args, int id) {
        this.pool = pool;
        this.kind = kind;
        this.dtype = dtype;
        this.op = op;
        this.bits = bits;
        this.args = args;
        this.id = id;
    }

    /** Returns the kind. */
    public Kind kind() {
        return kind;
    }

    /** Returns the dtype of the value. */
    public Dtype dtype() {
        return dtype;
    }

    /** Returns the op of a {@link Kind#CALL}. */
    public ScalarOp op() {
        if (op == null) throw new IllegalStateException(kind + " has no op");
        return op;
    }

    /** Returns whether this is a call of that op. */
    public boolean is(ScalarOp other) {
        return op == other;
    }

    /** Returns the index of the input or scalar. */
    public int index() {
        return (int) bits;
    }

    /** Returns the bits of a constant: of a double for floating-point and complex types, else the integer. */
    public long bits() {
        return bits;
    }

    /** Returns the value of a constant as a double. */
    public double constant() {
        return dtype.isDifferentiable() ? Double.longBitsToDouble(bits) : bits;
    }

    /** Returns the number of operands. */
    public int arity() {
        return args.length;
    }

    /** Returns an operand. */
    public Expr arg(int i) {
        return args[i];
    }

    /** Returns the pool that owns this expression. */
    public Exprs pool() {
        return pool;
    }

    int id() {
        return id;
    }

    /** Returns whether this is the constant of that value. */
    public boolean isConstant(double value) {
        return kind == Kind.CONST && constant() == value;
    }

    /** Returns a constant of this expression's type. */
    public Expr like(double value) {
        return pool.constant(dtype, value);
    }

    /** Returns an op of this expression. */
    public Expr call(ScalarOp unary) {
        return pool.call(unary, this);
    }

    /** Returns an op of this expression and another. */
    public Expr call(ScalarOp binary, Expr other) {
        return pool.call(binary, this, other);
    }

    /** Returns this converted to a type; itself if it has that type. */
    public Expr cast(Dtype to) {
        return pool.cast(this, to);
    }

    /** Returns this + o. */
    public Expr add(Expr o) {
        return call(ScalarOp.ADD, o);
    }

    /** Returns this + o. */
    public Expr add(double o) {
        return add(like(o));
    }

    /** Returns this - o. */
    public Expr sub(Expr o) {
        return call(ScalarOp.SUB, o);
    }

    /** Returns this - o. */
    public Expr sub(double o) {
        return sub(like(o));
    }

    /** Returns o - this. */
    public Expr rsub(double o) {
        return like(o).sub(this);
    }

    /** Returns this * o. */
    public Expr mul(Expr o) {
        return call(ScalarOp.MUL, o);
    }

    /** Returns this * o. */
    public Expr mul(double o) {
        return mul(like(o));
    }

    /** Returns this / o. */
    public Expr div(Expr o) {
        return call(ScalarOp.DIV, o);
    }

    /** Returns this / o. */
    public Expr div(double o) {
        return div(like(o));
    }

    /** Returns o / this. */
    public Expr rdiv(double o) {
        return like(o).div(this);
    }

    /** Returns this to the power o. */
    public Expr pow(Expr o) {
        return call(ScalarOp.POW, o);
    }

    /** Returns the square. */
    public Expr square() {
        return mul(this);
    }

    /** Returns -this. */
    public Expr neg() {
        return call(ScalarOp.NEG);
    }

    /** Returns the absolute value. */
    public Expr abs() {
        return call(ScalarOp.ABS);
    }

    /** Returns the sign. */
    public Expr sign() {
        return call(ScalarOp.SIGN);
    }

    /** Returns e to the power of this. */
    public Expr exp() {
        return call(ScalarOp.EXP);
    }

    /** Returns the natural logarithm. */
    public Expr log() {
        return call(ScalarOp.LOG);
    }

    /** Returns log(1 + this). */
    public Expr log1p() {
        return call(ScalarOp.LOG1P);
    }

    /** Returns the square root. */
    public Expr sqrt() {
        return call(ScalarOp.SQRT);
    }

    /** Returns the hyperbolic tangent. */
    public Expr tanh() {
        return call(ScalarOp.TANH);
    }

    /** Returns 1 / (1 + e^-this). */
    public Expr sigmoid() {
        return neg().exp().add(1).rdiv(1);
    }

    /** Returns the maximum, propagating NaN. */
    public Expr max(Expr o) {
        return call(ScalarOp.MAX, o);
    }

    /** Returns the minimum, propagating NaN. */
    public Expr min(Expr o) {
        return call(ScalarOp.MIN, o);
    }

    /** Returns this == o. */
    public Expr eq(Expr o) {
        return call(ScalarOp.EQ, o);
    }

    /** Returns this == o. */
    public Expr eq(double o) {
        return eq(like(o));
    }

    /** Returns this != o. */
    public Expr ne(Expr o) {
        return call(ScalarOp.NE, o);
    }

    /** Returns this != o. */
    public Expr ne(double o) {
        return ne(like(o));
    }

    /** Returns this &lt; o. */
    public Expr lt(Expr o) {
        return call(ScalarOp.LT, o);
    }

    /** Returns this &lt; o. */
    public Expr lt(double o) {
        return lt(like(o));
    }

    /** Returns this &lt;= o. */
    public Expr le(Expr o) {
        return call(ScalarOp.LE, o);
    }

    /** Returns this &lt;= o. */
    public Expr le(double o) {
        return le(like(o));
    }

    /** Returns this &gt; o. */
    public Expr gt(Expr o) {
        return call(ScalarOp.GT, o);
    }

    /** Returns this &gt; o. */
    public Expr gt(double o) {
        return gt(like(o));
    }

    /** Returns this &gt;= o. */
    public Expr ge(Expr o) {
        return call(ScalarOp.GE, o);
    }

    /** Returns this &gt;= o. */
    public Expr ge(double o) {
        return ge(like(o));
    }

    /** Returns the bitwise or logical and. */
    public Expr and(Expr o) {
        return call(ScalarOp.AND, o);
    }

    /** Returns the bitwise or logical or. */
    public Expr or(Expr o) {
        return call(ScalarOp.OR, o);
    }

    /** Returns the bitwise complement or logical not. */
    public Expr not() {
        return call(ScalarOp.NOT);
    }

    /** Returns whether this is NaN. */
    public Expr isNan() {
        return ne(this);
    }

    /** Returns {@code a} where this (a bool) is true, else {@code b}. */
    public Expr where(Expr a, Expr b) {
        return pool.call(ScalarOp.WHERE, this, a, b);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case INPUT -> "x" + bits + ":" + dtype.torchName();
            case SCALAR -> "s" + bits + ":" + dtype.torchName();
            case CONST -> dtype.isDifferentiable() ? Double.toString(constant()) : Long.toString(bits);
            case CAST -> dtype.torchName() + "(" + args[0] + ")";
            case CALL ->
                op().name().toLowerCase(java.util.Locale.ROOT)
                        + Arrays.toString(args).replace('[', '(').replace(']', ')');
        };
    }
}
