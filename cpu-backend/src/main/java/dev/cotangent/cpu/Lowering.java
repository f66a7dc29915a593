package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import dev.cotangent.ir.ScalarOp;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Replaces functions of float32 without a loop of their own by arithmetic and functions that have one, and rounding and the sign
 * of float64 as well. What is computed is then the same whatever loops it runs in. Results are within 4 ulps, of the inverse of the
 * error function within 8, and rounding is exact. Polynomials are minimax fits to the relative error.
 */
final class Lowering {
    private static final double QUARTER = Math.PI / 4;
    private static final double HALF = Math.PI / 2;
    private static final double LN2 = 0.6931471805599453;

    /** From here on x^2 + 1 is x^2. */
    private static final double LARGE = 1e10;

    // (atan(x) - x) / x^3 in x^2, for |x| of at most tan(pi / 8).
    private static final double[] ATAN = {-0.33332968, 0.19978248, -0.1388263, 0.08067759};
    // (asin(x) - x) / x^3 in x^2, for |x| of at most 1 / 2.
    private static final double[] ASIN = {0.1666675, 0.07495335, 0.045467496, 0.02418819, 0.042158116};

    private static final double[] ERFINV_NEAR = {
        2.81022636e-08,
        3.43273939e-07,
        -3.5233877e-06,
        -4.39150654e-06,
        0.00021858087,
        -0.00125372503,
        -0.00417768164,
        0.246640727,
        1.50140941
    };

    private static final double[] ERFINV_FAR = {
        -0.000200214257,
        0.000100950558,
        0.00134934322,
        -0.00367342844,
        0.00573950773,
        -0.0076224613,
        0.00943887047,
        1.00167406,
        2.83297682
    };

    private Lowering() {}

    /** Returns the program without what can be replaced, or the program itself. */
    static Program lower(Program program) {
        boolean any = false;
        for (Expr e : program.steps()) any |= isLowered(e);
        if (!any) return program;
        Exprs pool = new Exprs();
        Map<Expr, Expr> known = new IdentityHashMap<>();
        List<Expr> outputs = new ArrayList<>();
        for (Expr e : program.steps()) known.put(e, lower(e, pool, known));
        for (Expr e : program.outputs()) outputs.add(known.get(e));
        return new Program(program.inputs(), program.scalars(), outputs);
    }

    private static boolean isLowered(Expr e) {
        if (e.kind() != Expr.Kind.CALL || !e.dtype().isFloatingPoint()) return false;
        return switch (e.op()) {
            case FLOOR, CEIL, ROUND, TRUNC, SIGN -> true;
            case TAN, ASIN, ACOS, ATAN, SINH, COSH, ASINH, ACOSH, ATANH, ATAN2, HYPOT, ERFINV ->
                e.dtype() == Dtype.FLOAT32;
            default -> false;
        };
    }

    private static Expr lower(Expr e, Exprs pool, Map<Expr, Expr> known) {
        return switch (e.kind()) {
            case INPUT -> pool.input(e.index(), e.dtype());
            case SCALAR -> pool.scalar(e.index(), e.dtype());
            case CONST -> pool.constant(e);
            case CAST -> pool.cast(known.get(e.arg(0)), e.dtype());
            case CALL -> {
                Expr[] args = new Expr[e.arity()];
                for (int i = 0; i < args.length; i++) args[i] = known.get(e.arg(i));
                yield isLowered(e) ? function(e.op(), args) : pool.call(e.op(), args);
            }
        };
    }

    private static Expr function(ScalarOp op, Expr[] args) {
        Expr x = args[0];
        return switch (op) {
            case FLOOR -> {
                Expr s = signed(rounded(x.abs()), x);
                yield signed(s.gt(x).where(s.sub(1), s), x);
            }
            case CEIL -> {
                Expr s = signed(rounded(x.abs()), x);
                yield signed(s.lt(x).where(s.add(1), s), x);
            }
            case ROUND -> signed(rounded(x.abs()), x);
            case TRUNC -> {
                Expr a = x.abs();
                Expr r = rounded(a);
                yield signed(r.gt(a).where(r.sub(1), r), x);
            }
            case SIGN -> x.gt(0).cast(x.dtype()).sub(x.lt(0).cast(x.dtype()));
            case ATAN2 -> atan2(x, args[1]);
            case HYPOT -> hypot(x, args[1]);
            case ERFINV -> inverseError(x);
            case TAN -> x.call(ScalarOp.SIN).div(x.call(ScalarOp.COS));
            case ATAN -> signed(atan(x.abs()), x);
            case ASIN -> {
                Expr a = x.abs();
                Expr p = asin(a);
                yield signed(a.gt(0.5).where(p.mul(-2).add(HALF), p), x);
            }
            case ACOS -> {
                Expr a = x.abs();
                Expr p = asin(a);
                Expr outer = x.lt(0).where(p.mul(-2).add(Math.PI), p.mul(2));
                yield a.gt(0.5).where(outer, signed(p, x).rsub(HALF));
            }
            case SINH -> {
                Expr a = x.abs();
                Expr t = a.min(a.like(1)).call(ScalarOp.EXPM1);
                Expr small = t.add(t.div(t.add(1))).mul(0.5);
                Expr half = a.mul(0.5).exp();
                Expr large = half.mul(half.mul(0.5)).sub(half.rdiv(0.5).div(half));
                yield signed(a.lt(1).where(small, large), x);
            }
            case COSH -> {
                Expr half = x.abs().mul(0.5).exp();
                yield half.mul(half.mul(0.5)).add(half.rdiv(0.5).div(half));
            }
            case ATANH -> {
                Expr a = x.abs();
                yield signed(a.mul(2).div(a.rsub(1)).log1p().mul(0.5), x);
            }
            case ASINH -> {
                Expr a = x.abs();
                Expr inverse = a.rdiv(1);
                Expr s = a.add(a.div(inverse.add(inverse.square().add(1).sqrt())));
                yield signed(large(a, a.sub(1), s), x);
            }
            case ACOSH -> {
                Expr t = x.sub(1);
                yield large(x, t, t.add(t.sqrt().mul(t.add(2).sqrt())));
            }
            default -> throw new IllegalArgumentException(op + " has no formula");
        };
    }

    /** Returns log(1 + s), or where x is large log(2x), whose argument might be infinite. */
    private static Expr large(Expr x, Expr less1, Expr s) {
        Expr isLarge = x.gt(LARGE);
        return isLarge.where(less1, s).log1p().add(isLarge.where(x.like(LN2), x.like(0)));
    }

    /** Rounds to even by adding a number that leaves no bits for a fraction, except for numbers without one. */
    private static Expr rounded(Expr a) {
        double whole = a.dtype() == Dtype.FLOAT64 ? 0x1p52 : 0x1p23;
        return a.lt(whole).where(a.add(whole).sub(whole), a);
    }

    private static Expr atan2(Expr y, Expr x) {
        Expr a = y.abs();
        Expr b = x.abs();
        Expr most = a.max(b);
        // Of two zeros the angle is 0, of two infinities that of equal ones.
        Expr ratio = a.eq(b).where(most.eq(0).where(a, a.like(1)), a.min(b).div(most));
        Expr isLarge = ratio.gt(Math.tan(Math.PI / 8));
        Expr z = isLarge.where(ratio.sub(1).div(ratio.add(1)), ratio);
        Expr near = isLarge.where(a.like(QUARTER), a.like(0)).add(odd(z, z.square(), ATAN));
        Expr right = a.gt(b).where(near.rsub(HALF), near);
        return signed(signed(x.like(1), x).lt(0).where(right.rsub(Math.PI), right), y);
    }

    /** Computes the length by the ratio of the smaller to the larger operand, so that no square overflows; infinite if one is. */
    private static Expr hypot(Expr x, Expr y) {
        Expr a = x.abs();
        Expr b = y.abs();
        Expr most = a.max(b);
        Expr ratio = a.eq(b).where(most.eq(0).where(a, a.like(1)), a.min(b).div(most));
        Expr length = most.mul(ratio.square().add(1).sqrt());
        return a.eq(Double.POSITIVE_INFINITY)
                .where(a, b.eq(Double.POSITIVE_INFINITY).where(b, length));
    }

    /** Implements Giles, Approximating the erfinv function, GPU Computing Gems 2, 2011, the formula of single precision. */
    private static Expr inverseError(Expr x) {
        Expr w = x.rsub(1).mul(x.add(1)).log().neg();
        Expr near = polynomial(w.sub(2.5), ERFINV_NEAR);
        Expr far = polynomial(w.sqrt().sub(3), ERFINV_FAR);
        return x.abs()
                .eq(1)
                .where(x.mul(Double.POSITIVE_INFINITY), w.lt(5).where(near, far).mul(x));
    }

    /** Evaluates a polynomial, the coefficient of the highest power first. */
    private static Expr polynomial(Expr x, double[] coefficients) {
        Expr p = x.mul(coefficients[0]).add(coefficients[1]);
        for (int i = 2; i < coefficients.length; i++) p = p.mul(x).add(coefficients[i]);
        return p;
    }

    private static Expr signed(Expr x, Expr sign) {
        return x.call(ScalarOp.COPYSIGN, sign);
    }

    /** Computes the arctangent, by tan(a - b) above tan(pi / 8) and above its reciprocal. */
    private static Expr atan(Expr a) {
        Expr isMiddle = a.gt(Math.tan(Math.PI / 8));
        Expr isLarge = a.gt(1 / Math.tan(Math.PI / 8));
        Expr y = isLarge.where(a.rdiv(-1), isMiddle.where(a.sub(1).div(a.add(1)), a));
        Expr base = isLarge.where(a.like(HALF), isMiddle.where(a.like(QUARTER), a.like(0)));
        return base.add(odd(y, y.square(), ATAN));
    }

    /** Computes the inverse sine of numbers up to 1 / 2, else from that of the root of (1 - a) / 2. */
    private static Expr asin(Expr a) {
        Expr isLarge = a.gt(0.5);
        Expr z = isLarge.where(a.rsub(1).mul(0.5), a.square());
        return odd(isLarge.where(z.sqrt(), a), z, ASIN);
    }

    private static Expr odd(Expr x, Expr square, double[] coefficients) {
        @Nullable Expr p = null;
        for (int i = coefficients.length - 1; i >= 0; i--) {
            p = p == null ? square.like(coefficients[i]) : p.mul(square).add(coefficients[i]);
        }
        return p == null ? x : p.mul(square).mul(x).add(x);
    }
}
