package dev.cotangent.internal.ops.elementwise;

import static dev.cotangent.internal.ops.elementwise.ElementwiseOp.TypePromotion.FLOAT;
import static dev.cotangent.internal.ops.elementwise.ElementwiseOp.TypePromotion.PROMOTE;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.FLOATS;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.binary;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.function;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.takes;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.unary;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Frexp;
import dev.cotangent.Tensor;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.ScalarOp;

/** The registry of elementary functions. */
public final class ElementaryOps {
    static final OpRegistry REGISTRY = new OpRegistry();
    private static final double LN2 = Math.log(2);

    private ElementaryOps() {}

    private static ElementwiseOp.Definition<UnaryOp> hyperbolic(String name, ScalarOp op) {
        return unary(name, op).check(takes(name + "_cpu", FLOATS));
    }

    /** Exponential. */
    public static final UnaryOp EXP =
            REGISTRY.add(function("exp", ScalarOp.EXP).savesResult().complex());

    /** Power of two. */
    public static final UnaryOp EXP2 =
            REGISTRY.add(unary("exp2", FLOAT, x -> x.like(2).pow(x))
                    .check(takes("exp2", FLOATS))
                    .grad((g, x, p, y) -> new Expr[] {g.mul(y).mul(LN2)})
                    .complex());

    /** Exponential minus 1. */
    public static final UnaryOp EXPM1 =
            REGISTRY.add(function("expm1", ScalarOp.EXPM1).savesResult().complex());

    /** Natural logarithm. */
    public static final UnaryOp LOG = REGISTRY.add(function("log", ScalarOp.LOG).complex());

    /** Logarithm to base 2. */
    public static final UnaryOp LOG2 =
            REGISTRY.add(function("log2", ScalarOp.LOG2).complex());

    /** Logarithm to base 10. */
    public static final UnaryOp LOG10 =
            REGISTRY.add(function("log10", ScalarOp.LOG10).complex());

    /** log(1 + x). */
    public static final UnaryOp LOG1P =
            REGISTRY.add(function("log1p", ScalarOp.LOG1P).complex());

    /** Logarithm of the sum of exponentials. */
    public static final BinaryOp LOGADDEXP = REGISTRY.add(binary("logaddexp", PROMOTE, (a, b) -> {
                if (a.dtype().isComplex()) {
                    // Ordered by real parts, as the comparison of complex numbers is lowered.
                    Expr largest = a.ge(b).where(a, b);
                    Expr other = a.ge(b).where(b, a);
                    return endless(a, b)
                            .where(a, largest.add(other.sub(largest).exp().log1p()));
                }
                Expr sum = a.max(b).add(a.sub(b).abs().neg().exp().log1p());
                return endless(a, b).where(a, sum);
            })
            .complex()
            .check(takes("logaddexp_cpu", FLOATS))
            .grad((g, x, p, y) -> new Expr[] {
                g.div(x[1].sub(x[0]).exp().add(1)), g.div(x[0].sub(x[1]).exp().add(1))
            }));

    /** Logarithm to base 2 of the sum of powers of two. */
    public static final BinaryOp LOGADDEXP2 = REGISTRY.add(binary("logaddexp2", PROMOTE, (a, b) -> {
                Expr less = a.like(2).pow(a.sub(b).abs().neg());
                return endless(a, b).where(a, a.max(b).add(less.log1p().mul(1 / LN2)));
            })
            .check(takes("logaddexp2_cpu", FLOATS))
            .grad((g, x, p, y) -> new Expr[] {
                g.div(g.like(2).pow(x[1].sub(x[0])).add(1)),
                g.div(g.like(2).pow(x[0].sub(x[1])).add(1))
            }));

    /** Tests whether both are the same infinity, whose difference is NaN. */
    private static Expr endless(Expr a, Expr b) {
        return a.eq(b).and(a.abs().eq(Double.POSITIVE_INFINITY));
    }

    /** Square root. */
    public static final UnaryOp SQRT =
            REGISTRY.add(function("sqrt", ScalarOp.SQRT).savesResult().complex());

    /** Reciprocal square root. */
    public static final UnaryOp RSQRT =
            REGISTRY.add(unary("rsqrt", FLOAT, x -> x.sqrt().rdiv(1))
                    .check(takes("rsqrt_cpu", FLOATS))
                    .grad((g, x, p, y) -> new Expr[] {g.mul(-0.5).mul(y.square().mul(y))})
                    .complex());

    /** Square root of the sum of squares. */
    public static final BinaryOp HYPOT = REGISTRY.add(binary("hypot", PROMOTE, (x, y) -> x.call(ScalarOp.HYPOT, y))
            .check(takes("hypot_cpu", FLOATS))
            .savesResult());

    /** The fraction of a floating-point number, from 1/2 to 1. */
    public static final UnaryOp FREXP_MANTISSA = REGISTRY.add(unary("frexp", FLOAT, x -> parts(x)[0])
            .grad((g, x, p, y) -> new Expr[] {whole(x[0]).where(g, g.mul(y.div(x[0])))}));

    /** The exponent of a floating-point number, as floating point. */
    public static final UnaryOp FREXP_EXPONENT =
            REGISTRY.add(unary("frexp", FLOAT, x -> parts(x)[1]).notRecorded());

    /** Returns whether a number is 0 or not finite, and so its own fraction. */
    private static Expr whole(Expr x) {
        return x.eq(0).or(x.sub(x).ne(0));
    }

    /** Splits into mantissa and exponent by exact multiplications with powers of two. */
    private static Expr[] parts(Expr x) {
        int largest = x.dtype() == Dtype.FLOAT64 ? 512 : 64;
        Expr a = x.abs();
        Expr exponent = x.like(0);
        for (int k = largest; k > 0; k /= 2) {
            // Twice the largest step, since the smallest number is further from 1 than the largest is.
            for (int times = k == largest ? 2 : 1; times > 0; times--) {
                Expr high = a.ge(Math.scalb(1.0, k));
                a = high.where(a.mul(Math.scalb(1.0, -k)), a);
                exponent = exponent.add(high.where(x.like(k), x.like(0)));
                Expr low = a.lt(Math.scalb(1.0, -k));
                a = low.where(a.mul(Math.scalb(1.0, k)), a);
                exponent = exponent.sub(low.where(x.like(k), x.like(0)));
            }
        }
        Expr above = a.ge(1);
        a = above.where(a.mul(0.5), a);
        exponent = exponent.add(above.where(x.like(1), x.like(0)));
        Expr itself = whole(x);
        return new Expr[] {itself.where(x, a.call(ScalarOp.COPYSIGN, x)), itself.where(x.like(0), exponent)};
    }

    /** Implements {@code torch.frexp}. */
    public static Frexp frexp(Tensor x) {
        if (!x.dtype().isFloatingPoint()) {
            throw new CotangentException("torch.frexp() only supports floating-point dtypes");
        }
        return new Frexp(FREXP_MANTISSA.call(x), FREXP_EXPONENT.call(x.detach()).to(Dtype.INT32));
    }

    /** Sine. */
    public static final UnaryOp SIN = REGISTRY.add(function("sin", ScalarOp.SIN).complex());

    /** Cosine. */
    public static final UnaryOp COS = REGISTRY.add(function("cos", ScalarOp.COS).complex());

    /** Tangent. */
    public static final UnaryOp TAN =
            REGISTRY.add(function("tan", ScalarOp.TAN).savesResult().complex());

    /** Inverse sine. */
    public static final UnaryOp ASIN =
            REGISTRY.add(function("asin", ScalarOp.ASIN).complex());

    /** Inverse cosine. */
    public static final UnaryOp ACOS =
            REGISTRY.add(function("acos", ScalarOp.ACOS).complex());

    /** Inverse tangent. */
    public static final UnaryOp ATAN =
            REGISTRY.add(function("atan", ScalarOp.ATAN).complex());

    /** Angle of the point (x, y). */
    public static final BinaryOp ATAN2 = REGISTRY.add(
            binary("atan2", FLOAT, (x, y) -> x.call(ScalarOp.ATAN2, y)).check(takes("atan2_cpu", FLOATS)));

    /** Hyperbolic sine. */
    public static final UnaryOp SINH =
            REGISTRY.add(hyperbolic("sinh", ScalarOp.SINH).complex());

    /** Hyperbolic cosine. */
    public static final UnaryOp COSH =
            REGISTRY.add(hyperbolic("cosh", ScalarOp.COSH).complex());

    /** Hyperbolic tangent. */
    public static final UnaryOp TANH =
            REGISTRY.add(function("tanh", ScalarOp.TANH).savesResult().complex());

    /** Inverse hyperbolic sine. */
    public static final UnaryOp ASINH =
            REGISTRY.add(hyperbolic("asinh", ScalarOp.ASINH).complex());

    /** Inverse hyperbolic cosine. */
    public static final UnaryOp ACOSH = REGISTRY.add(hyperbolic("acosh", ScalarOp.ACOSH)
            .grad((g, x, p, y) -> new Expr[] {g.div(x[0].square().sub(1).sqrt())})
            .complex());

    /** Inverse hyperbolic tangent. */
    public static final UnaryOp ATANH =
            REGISTRY.add(hyperbolic("atanh", ScalarOp.ATANH).complex());

    /** Degrees to radians. */
    public static final UnaryOp DEG2RAD = REGISTRY.add(unary("deg2rad", FLOAT, x -> x.mul(Math.PI / 180)));

    /** Radians to degrees. */
    public static final UnaryOp RAD2DEG = REGISTRY.add(unary("rad2deg", FLOAT, x -> x.mul(180 / Math.PI)));

    /** Argument in the complex plane: 0, or pi for negative numbers. */
    public static final UnaryOp ANGLE = REGISTRY.add(unary(
                    "angle",
                    FLOAT,
                    x -> x.lt(0).where(x.like(Math.PI), x.isNan().where(x, x.like(0))))
            .grad((g, x, p, y) -> new Expr[] {g.like(0)}));

    /** sin(pi x) / (pi x). */
    public static final UnaryOp SINC = REGISTRY.add(unary("sinc", FLOAT, x -> {
                Expr t = x.mul(Math.PI);
                return x.eq(0).where(x.like(1), t.call(ScalarOp.SIN).div(t));
            })
            .check(takes("sinc_cpu", FLOATS))
            .grad((g, x, p, y) -> {
                Expr t = x[0].mul(Math.PI);
                Expr slope =
                        t.call(ScalarOp.COS).mul(t).sub(t.call(ScalarOp.SIN)).div(t.mul(x[0]));
                // Near zero the square underflows to 0, and the slope is 0.
                return new Expr[] {t.mul(x[0]).eq(0).where(g.like(0), g.mul(slope))};
            })
            .complex());
}
