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
 * Replaces functions of float32 without a loop of their own by arithmetic and functions that have one. What is computed
 * is then the same whatever loops it runs in. Results are within 4 ulps. Polynomials are minimax fits to the relative
 * error.
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
        if (e.kind() != Expr.Kind.CALL || e.dtype() != Dtype.FLOAT32) return false;
        return switch (e.op()) {
            case TAN, ASIN, ACOS, ATAN, SINH, COSH, ASINH, ACOSH, ATANH -> true;
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
                yield isLowered(e) ? function(e.op(), args[0]) : pool.call(e.op(), args);
            }
        };
    }

    private static Expr function(ScalarOp op, Expr x) {
        return switch (op) {
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

    /** log(1 + s), or where x is large log(2x), whose argument might be infinite. */
    private static Expr large(Expr x, Expr less1, Expr s) {
        Expr isLarge = x.gt(LARGE);
        return isLarge.where(less1, s).log1p().add(isLarge.where(x.like(LN2), x.like(0)));
    }

    private static Expr signed(Expr x, Expr sign) {
        return x.call(ScalarOp.COPYSIGN, sign);
    }

    /** By tan(a - b) for what is above tan(pi / 8), and for what is above its reciprocal. */
    private static Expr atan(Expr a) {
        Expr isMiddle = a.gt(Math.tan(Math.PI / 8));
        Expr isLarge = a.gt(1 / Math.tan(Math.PI / 8));
        Expr y = isLarge.where(a.rdiv(-1), isMiddle.where(a.sub(1).div(a.add(1)), a));
        Expr base = isLarge.where(a.like(HALF), isMiddle.where(a.like(QUARTER), a.like(0)));
        return base.add(odd(y, y.square(), ATAN));
    }

    /** The inverse sine of what is at most 1 / 2, else of the root of (1 - a) / 2, half of whose complement it is. */
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
