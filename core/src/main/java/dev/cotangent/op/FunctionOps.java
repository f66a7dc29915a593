package dev.cotangent.op;

import static dev.cotangent.op.Elementwise.Typing.FLOAT;
import static dev.cotangent.op.Elementwise.Typing.PROMOTE;
import static dev.cotangent.op.Table.FLOATS;
import static dev.cotangent.op.Table.binary;
import static dev.cotangent.op.Table.function;
import static dev.cotangent.op.Table.takes;
import static dev.cotangent.op.Table.unary;

import dev.cotangent.program.Expr;
import dev.cotangent.program.ScalarOp;

/** The table of elementary functions: exponentials, logarithms, angles. */
public final class FunctionOps {
    static final Table TABLE = new Table();
    private static final double LN2 = Math.log(2);

    private FunctionOps() {}

    private static Elementwise.Builder hyperbolic(String name, ScalarOp op) {
        return unary(name, op).check(takes(name + "_cpu", FLOATS));
    }

    /** Exponential. */
    public static final Elementwise EXP =
            TABLE.add(function("exp", ScalarOp.EXP).keepsResult());

    /** Power of two. */
    public static final Elementwise EXP2 =
            TABLE.add(unary("exp2", FLOAT, x -> x.like(2).pow(x))
                    .check(takes("exp2", FLOATS))
                    .grad((g, x, p, y) -> new Expr[] {g.mul(y).mul(LN2)}));

    /** Exponential minus 1. */
    public static final Elementwise EXPM1 =
            TABLE.add(function("expm1", ScalarOp.EXPM1).keepsResult());

    /** Natural logarithm. */
    public static final Elementwise LOG = TABLE.add(function("log", ScalarOp.LOG));

    /** Logarithm to base 2. */
    public static final Elementwise LOG2 = TABLE.add(function("log2", ScalarOp.LOG2));

    /** Logarithm to base 10. */
    public static final Elementwise LOG10 = TABLE.add(function("log10", ScalarOp.LOG10));

    /** Natural logarithm of 1 plus. */
    public static final Elementwise LOG1P = TABLE.add(function("log1p", ScalarOp.LOG1P));

    /** Logarithm of the sum of exponentials. */
    public static final Elementwise LOGADDEXP = TABLE.add(binary("logaddexp", PROMOTE, (a, b) -> {
                Expr sum = a.max(b).add(a.sub(b).abs().neg().exp().log1p());
                return endless(a, b).where(a, sum);
            })
            .check(takes("logaddexp_cpu", FLOATS))
            .grad((g, x, p, y) -> new Expr[] {
                g.div(x[1].sub(x[0]).exp().add(1)), g.div(x[0].sub(x[1]).exp().add(1))
            }));

    /** Logarithm to base 2 of the sum of powers of two. */
    public static final Elementwise LOGADDEXP2 = TABLE.add(binary("logaddexp2", PROMOTE, (a, b) -> {
                Expr less = a.like(2).pow(a.sub(b).abs().neg());
                return endless(a, b).where(a, a.max(b).add(less.log1p().mul(1 / LN2)));
            })
            .check(takes("logaddexp2_cpu", FLOATS))
            .grad((g, x, p, y) -> new Expr[] {
                g.div(g.like(2).pow(x[1].sub(x[0])).add(1)),
                g.div(g.like(2).pow(x[0].sub(x[1])).add(1))
            }));

    /** Both the same infinity, whose difference is none. */
    private static Expr endless(Expr a, Expr b) {
        return a.eq(b).and(a.abs().eq(Double.POSITIVE_INFINITY));
    }

    /** Square root. */
    public static final Elementwise SQRT =
            TABLE.add(function("sqrt", ScalarOp.SQRT).keepsResult());

    /** 1 through the square root. */
    public static final Elementwise RSQRT =
            TABLE.add(unary("rsqrt", FLOAT, x -> x.sqrt().rdiv(1))
                    .check(takes("rsqrt_cpu", FLOATS))
                    .grad((g, x, p, y) -> new Expr[] {g.mul(-0.5).mul(y.square().mul(y))}));

    /** Square root of the sum of squares. */
    public static final Elementwise HYPOT = TABLE.add(binary("hypot", PROMOTE, (x, y) -> x.call(ScalarOp.HYPOT, y))
            .check(takes("hypot_cpu", FLOATS))
            .keepsResult());

    /** Sine. */
    public static final Elementwise SIN = TABLE.add(function("sin", ScalarOp.SIN));

    /** Cosine. */
    public static final Elementwise COS = TABLE.add(function("cos", ScalarOp.COS));

    /** Tangent. */
    public static final Elementwise TAN =
            TABLE.add(function("tan", ScalarOp.TAN).keepsResult());

    /** Inverse sine. */
    public static final Elementwise ASIN = TABLE.add(function("asin", ScalarOp.ASIN));

    /** Inverse cosine. */
    public static final Elementwise ACOS = TABLE.add(function("acos", ScalarOp.ACOS));

    /** Inverse tangent. */
    public static final Elementwise ATAN = TABLE.add(function("atan", ScalarOp.ATAN));

    /** The angle of a point. */
    public static final Elementwise ATAN2 = TABLE.add(
            binary("atan2", FLOAT, (x, y) -> x.call(ScalarOp.ATAN2, y)).check(takes("atan2_cpu", FLOATS)));

    /** Hyperbolic sine. */
    public static final Elementwise SINH = TABLE.add(hyperbolic("sinh", ScalarOp.SINH));

    /** Hyperbolic cosine. */
    public static final Elementwise COSH = TABLE.add(hyperbolic("cosh", ScalarOp.COSH));

    /** Hyperbolic tangent. */
    public static final Elementwise TANH =
            TABLE.add(function("tanh", ScalarOp.TANH).keepsResult());

    /** Inverse hyperbolic sine. */
    public static final Elementwise ASINH = TABLE.add(hyperbolic("asinh", ScalarOp.ASINH));

    /** Inverse hyperbolic cosine. */
    public static final Elementwise ACOSH = TABLE.add(hyperbolic("acosh", ScalarOp.ACOSH)
            .grad((g, x, p, y) -> new Expr[] {g.div(x[0].square().sub(1).sqrt())}));

    /** Inverse hyperbolic tangent. */
    public static final Elementwise ATANH = TABLE.add(hyperbolic("atanh", ScalarOp.ATANH));

    /** Degrees as radians. */
    public static final Elementwise DEG2RAD = TABLE.add(unary("deg2rad", FLOAT, x -> x.mul(Math.PI / 180)));

    /** Radians as degrees. */
    public static final Elementwise RAD2DEG = TABLE.add(unary("rad2deg", FLOAT, x -> x.mul(180 / Math.PI)));

    /** The angle of a number in the complex plane: 0, or pi below zero. */
    public static final Elementwise ANGLE = TABLE.add(unary(
                    "angle",
                    FLOAT,
                    x -> x.lt(0).where(x.like(Math.PI), x.isNan().where(x, x.like(0))))
            .grad((g, x, p, y) -> new Expr[] {g.like(0)}));

    /** sin(pi x) / (pi x). */
    public static final Elementwise SINC = TABLE.add(unary("sinc", FLOAT, x -> {
                Expr t = x.mul(Math.PI);
                return x.eq(0).where(x.like(1), t.call(ScalarOp.SIN).div(t));
            })
            .check(takes("sinc_cpu", FLOATS))
            .grad((g, x, p, y) -> {
                Expr t = x[0].mul(Math.PI);
                Expr slope =
                        t.call(ScalarOp.COS).mul(t).sub(t.call(ScalarOp.SIN)).div(t.mul(x[0]));
                // Near zero the square is 0, and so is the slope.
                return new Expr[] {t.mul(x[0]).eq(0).where(g.like(0), g.mul(slope))};
            }));
}
