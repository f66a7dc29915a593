package dev.cotangent.ir;

import dev.cotangent.Dtype;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A value in a scalar program: an input, a run-time scalar, a constant, a conversion or an op applied to other values.
 * Expressions are hash-consed in their {@link Exprs}: equal ones are one object. Methods that take a {@code double} make
 * a constant of this expression's type.
 */
public final class Expr {
    /** What an expression is. */
    public enum Kind {
        /** Element of input number {@link #index}, of the input's own dtype. */
        INPUT,
        /** Run-time scalar number {@link #index}. */
        SCALAR,
        /** The constant whose {@link #bits} these are. */
        CONST,
        /** The one operand converted to this type; to a half type this rounds. */
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

    /** What this is. */
    public Kind kind() {
        return kind;
    }

    /** The type of the value. */
    public Dtype dtype() {
        return dtype;
    }

    /** The op of a {@link Kind#CALL}. */
    public ScalarOp op() {
        if (op == null) throw new IllegalStateException(kind + " has no op");
        return op;
    }

    /** Whether this is that op applied to something. */
    public boolean is(ScalarOp other) {
        return op == other;
    }

    /** The number of the input or of the scalar. */
    public int index() {
        return (int) bits;
    }

    /** The bits of a constant: those of a double where the type is floating point, otherwise the integer itself. */
    public long bits() {
        return bits;
    }

    /** The value of a constant as a double. */
    public double constant() {
        return dtype.isFloatingPoint() ? Double.longBitsToDouble(bits) : bits;
    }

    /** The number of operands. */
    public int arity() {
        return args.length;
    }

    /** An operand. */
    public Expr arg(int i) {
        return args[i];
    }

    /** The expressions this one was made among. */
    public Exprs pool() {
        return pool;
    }

    int id() {
        return id;
    }

    /** Whether this is the constant of that value. */
    public boolean isConstant(double value) {
        return kind == Kind.CONST && constant() == value;
    }

    /** A constant of this expression's type. */
    public Expr like(double value) {
        return pool.constant(dtype, value);
    }

    /** This op applied to this expression. */
    public Expr call(ScalarOp unary) {
        return pool.call(unary, this);
    }

    /** This op applied to this expression and another. */
    public Expr call(ScalarOp binary, Expr other) {
        return pool.call(binary, this, other);
    }

    /** Converted to a type; itself where that changes nothing. */
    public Expr cast(Dtype to) {
        return pool.cast(this, to);
    }

    /** Sum. */
    public Expr add(Expr o) {
        return call(ScalarOp.ADD, o);
    }

    /** Sum with a constant. */
    public Expr add(double o) {
        return add(like(o));
    }

    /** Difference. */
    public Expr sub(Expr o) {
        return call(ScalarOp.SUB, o);
    }

    /** Difference with a constant. */
    public Expr sub(double o) {
        return sub(like(o));
    }

    /** A constant minus this. */
    public Expr rsub(double o) {
        return like(o).sub(this);
    }

    /** Product. */
    public Expr mul(Expr o) {
        return call(ScalarOp.MUL, o);
    }

    /** Product with a constant. */
    public Expr mul(double o) {
        return mul(like(o));
    }

    /** Quotient. */
    public Expr div(Expr o) {
        return call(ScalarOp.DIV, o);
    }

    /** Quotient with a constant. */
    public Expr div(double o) {
        return div(like(o));
    }

    /** A constant divided by this. */
    public Expr rdiv(double o) {
        return like(o).div(this);
    }

    /** Power. */
    public Expr pow(Expr o) {
        return call(ScalarOp.POW, o);
    }

    /** Square. */
    public Expr square() {
        return mul(this);
    }

    /** Minus this. */
    public Expr neg() {
        return call(ScalarOp.NEG);
    }

    /** Absolute value. */
    public Expr abs() {
        return call(ScalarOp.ABS);
    }

    /** Sign. */
    public Expr sign() {
        return call(ScalarOp.SIGN);
    }

    /** e to this. */
    public Expr exp() {
        return call(ScalarOp.EXP);
    }

    /** Natural logarithm. */
    public Expr log() {
        return call(ScalarOp.LOG);
    }

    /** Natural logarithm of 1 + this. */
    public Expr log1p() {
        return call(ScalarOp.LOG1P);
    }

    /** Square root. */
    public Expr sqrt() {
        return call(ScalarOp.SQRT);
    }

    /** Hyperbolic tangent. */
    public Expr tanh() {
        return call(ScalarOp.TANH);
    }

    /** 1 / (1 + e^-this). */
    public Expr sigmoid() {
        return neg().exp().add(1).rdiv(1);
    }

    /** The larger, NaN where one is. */
    public Expr max(Expr o) {
        return call(ScalarOp.MAX, o);
    }

    /** The smaller, NaN where one is. */
    public Expr min(Expr o) {
        return call(ScalarOp.MIN, o);
    }

    /** Equal. */
    public Expr eq(Expr o) {
        return call(ScalarOp.EQ, o);
    }

    /** Equal to a constant. */
    public Expr eq(double o) {
        return eq(like(o));
    }

    /** Not equal. */
    public Expr ne(Expr o) {
        return call(ScalarOp.NE, o);
    }

    /** Not equal to a constant. */
    public Expr ne(double o) {
        return ne(like(o));
    }

    /** Less. */
    public Expr lt(Expr o) {
        return call(ScalarOp.LT, o);
    }

    /** Less than a constant. */
    public Expr lt(double o) {
        return lt(like(o));
    }

    /** Less or equal. */
    public Expr le(Expr o) {
        return call(ScalarOp.LE, o);
    }

    /** At most a constant. */
    public Expr le(double o) {
        return le(like(o));
    }

    /** Greater. */
    public Expr gt(Expr o) {
        return call(ScalarOp.GT, o);
    }

    /** Greater than a constant. */
    public Expr gt(double o) {
        return gt(like(o));
    }

    /** Greater or equal. */
    public Expr ge(Expr o) {
        return call(ScalarOp.GE, o);
    }

    /** At least a constant. */
    public Expr ge(double o) {
        return ge(like(o));
    }

    /** Bitwise or logical and. */
    public Expr and(Expr o) {
        return call(ScalarOp.AND, o);
    }

    /** Bitwise or logical or. */
    public Expr or(Expr o) {
        return call(ScalarOp.OR, o);
    }

    /** Bitwise complement or logical not. */
    public Expr not() {
        return call(ScalarOp.NOT);
    }

    /** True of NaN. */
    public Expr isNan() {
        return ne(this);
    }

    /** {@code a} where this (a bool) is true, else {@code b}. */
    public Expr where(Expr a, Expr b) {
        return pool.call(ScalarOp.WHERE, this, a, b);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case INPUT -> "x" + bits + ":" + dtype.torchName();
            case SCALAR -> "s" + bits + ":" + dtype.torchName();
            case CONST -> dtype.isFloatingPoint() ? Double.toString(constant()) : Long.toString(bits);
            case CAST -> dtype.torchName() + "(" + args[0] + ")";
            case CALL ->
                op().name().toLowerCase(java.util.Locale.ROOT)
                        + Arrays.toString(args).replace('[', '(').replace(']', ')');
        };
    }
}
