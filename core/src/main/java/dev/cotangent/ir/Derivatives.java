package dev.cotangent.ir;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reverse-mode symbolic differentiation of scalar programs: the derivative of a program is a program. Holds the
 * derivatives of all primitives.
 */
public final class Derivatives {
    private static final double TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

    private Derivatives() {}

    /**
     * Returns the gradient of a leaf: the vector-Jacobian product of the result with its gradient.
     *
     * @param root the result
     * @param seed the gradient of the result, of its type
     * @param leaf an input, scalar or other subexpression of the root
     * @return an expression of the leaf's type; the constant 0 if the result does not depend on it
     */
    public static Expr gradient(Expr root, Expr seed, Expr leaf) {
        List<Expr> order = new ArrayList<>();
        Map<Expr, Boolean> seen = new IdentityHashMap<>();
        sort(root, leaf, order, seen);
        Map<Expr, Expr> adjoint = new IdentityHashMap<>();
        adjoint.put(root, seed);
        for (int i = order.size() - 1; i >= 0; i--) {
            Expr e = order.get(i);
            Expr g = adjoint.get(e);
            if (e == leaf || g == null || !e.dtype().isDifferentiable()) continue;
            switch (e.kind()) {
                case CAST -> {
                    Expr a = e.arg(0);
                    if (a.dtype().isDifferentiable()) accumulate(adjoint, a, g.cast(a.dtype()));
                }
                case CALL -> {
                    if (e.is(ScalarOp.WHERE)) {
                        // Each branch separately, so that NaNs of the branch not taken do not enter the gradient.
                        Expr a = gradient(e.arg(1), g, leaf);
                        Expr b = gradient(e.arg(2), g, leaf);
                        if (a.isConstant(0) && b.isConstant(0)) continue;
                        accumulate(adjoint, leaf, e.arg(0).where(a, b));
                        continue;
                    }
                    @Nullable Expr[] parts = of(e, g, seen);
                    for (int k = 0; k < parts.length; k++) {
                        Expr p = parts[k];
                        if (p != null && seen.getOrDefault(e.arg(k), false)) accumulate(adjoint, e.arg(k), p);
                    }
                }
                default -> {}
            }
        }
        Expr g = adjoint.get(leaf);
        return g == null ? leaf.like(0) : g;
    }

    /** Lists subexpressions in topological order, and records for each whether it contains the leaf. */
    private static boolean sort(Expr e, Expr leaf, List<Expr> order, Map<Expr, Boolean> seen) {
        Boolean known = seen.get(e);
        if (known != null) return known;
        boolean depends = e == leaf;
        if (!depends) for (int i = 0; i < e.arity(); i++) depends |= sort(e.arg(i), leaf, order, seen);
        seen.put(e, depends);
        order.add(e);
        return depends;
    }

    private static void accumulate(Map<Expr, Expr> adjoint, Expr e, Expr g) {
        adjoint.merge(e, g, Expr::add);
    }

    /** Returns each operand's gradient in a call, null if it does not depend on the leaf. */
    private static @Nullable Expr[] of(Expr y, Expr g, Map<Expr, Boolean> depends) {
        Expr a = y.arg(0);
        Expr b = y.arity() > 1 ? y.arg(1) : a;
        boolean first = depends.getOrDefault(a, false);
        boolean second = y.arity() > 1 && depends.getOrDefault(b, false);
        return switch (y.op()) {
            case ADD -> both(g, g);
            case SUB -> both(g, second ? g.neg() : null);
            case MUL -> both(first ? g.mul(b) : null, second ? g.mul(a) : null);
            case DIV -> both(first ? g.div(b) : null, second ? g.neg().mul(y.div(b)) : null);
            case REMAINDER -> both(g, second ? g.neg().mul(a.call(ScalarOp.FLOOR_DIV, b)) : null);
            case FMOD -> both(g, second ? g.neg().mul(a.div(b).call(ScalarOp.TRUNC)) : null);
            case POW -> both(first ? powBase(g, a, b) : null, second ? powExponent(g, a, b, y) : null);
            case ATAN2 -> {
                Expr squares = a.square().add(b.square());
                Expr scale = squares.eq(0).where(g.like(0), g.div(squares));
                yield both(scale.mul(b), second ? scale.mul(a.neg()) : null);
            }
            case MAX -> both(first ? tie(g, a, b, a.lt(b)) : null, second ? tie(g, a, b, a.gt(b)) : null);
            case MIN -> both(first ? tie(g, a, b, a.gt(b)) : null, second ? tie(g, a, b, a.lt(b)) : null);
            case HYPOT -> both(first ? g.mul(a.div(y)) : null, second ? g.mul(b.div(y)) : null);
            case COPYSIGN -> both(a.eq(0).where(a.like(0), g.mul(y.div(a))), null);
            case NEG -> one(g.neg());
            case ABS -> one(g.mul(a.sign()));
            case SQRT -> one(g.div(y.mul(2)));
            case EXP -> one(g.mul(y));
            case EXPM1 -> one(g.mul(y.add(1)));
            case LOG -> one(g.div(a));
            case LOG2 -> one(g.div(a.mul(Math.log(2))));
            case LOG10 -> one(g.div(a.mul(Math.log(10))));
            case LOG1P -> one(g.div(a.add(1)));
            case SIN -> one(g.mul(a.call(ScalarOp.COS)));
            case COS -> one(g.mul(a.call(ScalarOp.SIN).neg()));
            case TAN -> one(g.mul(y.square().add(1)));
            case ASIN -> one(g.div(a.square().rsub(1).sqrt()));
            case ACOS -> one(g.div(a.square().rsub(1).sqrt()).neg());
            case ATAN -> one(g.div(a.square().add(1)));
            case SINH -> one(g.mul(a.call(ScalarOp.COSH)));
            case COSH -> one(g.mul(a.call(ScalarOp.SINH)));
            case TANH -> one(g.mul(y.square().rsub(1)));
            case ASINH -> one(g.div(a.square().add(1).sqrt()));
            case ACOSH -> one(g.div(a.sub(1).sqrt().mul(a.add(1).sqrt())));
            case ATANH -> one(g.div(a.square().rsub(1)));
            case ERF -> one(g.mul(a.square().neg().exp().mul(TWO_OVER_SQRT_PI)));
            case ERFC -> one(g.mul(a.square().neg().exp().mul(-TWO_OVER_SQRT_PI)));
            case ERFINV -> one(g.mul(y.square().exp().mul(Math.sqrt(Math.PI) / 2)));
            case LGAMMA -> one(g.mul(a.call(ScalarOp.DIGAMMA)));
            case DIGAMMA -> one(g.mul(a.like(1).call(ScalarOp.POLYGAMMA, a)));
            case POLYGAMMA -> both(null, g.mul(a.add(1).call(ScalarOp.POLYGAMMA, b)));
            case ZETA -> both(null, g.mul(a.neg()).mul(a.add(1).call(ScalarOp.ZETA, b)));
            case GAMMAINC -> both(null, g.mul(gammaDensity(a, b)));
            case GAMMAINCC -> both(null, g.neg().mul(gammaDensity(a, b)));
            case CHEBYSHEV_T, CHEBYSHEV_U, CHEBYSHEV_V, CHEBYSHEV_W -> both(null, null);
            case HERMITE_H, HERMITE_HE, LAGUERRE_L, LEGENDRE_P -> both(null, null);
            case SIGN, FLOOR, CEIL, ROUND, TRUNC, NOT -> one(null);
            case FLOOR_DIV, NEXTAFTER, EQ, NE, LT, LE, GT, GE, AND, OR, XOR, SHL, SHR, GCD, WHERE -> both(null, null);
        };
    }

    /** Returns the density of the gamma distribution of shape a at x. */
    private static Expr gammaDensity(Expr a, Expr x) {
        return a.sub(1).mul(x.log()).sub(x).sub(a.call(ScalarOp.LGAMMA)).exp();
    }

    private static @Nullable Expr[] one(@Nullable Expr a) {
        return new Expr[] {a};
    }

    private static @Nullable Expr[] both(@Nullable Expr a, @Nullable Expr b) {
        return new Expr[] {a, b};
    }

    /** Returns d/da a^b; 0 if the exponent is 0, even at a = 0. */
    private static Expr powBase(Expr g, Expr a, Expr b) {
        if (b.kind() == Expr.Kind.CONST && b.constant() == 2) return g.mul(a.mul(2));
        Expr slope = g.mul(b.mul(a.pow(b.sub(1))));
        return b.eq(0).where(g.like(0), slope);
    }

    /** Returns d/db a^b; 0 at a = 0 for b >= 0. */
    private static Expr powExponent(Expr g, Expr a, Expr b, Expr y) {
        return a.eq(0).and(b.ge(0)).where(g.like(0), g.mul(y.mul(a.log())));
    }

    /** Returns the gradient of a maximum or minimum, which ties share evenly. */
    private static Expr tie(Expr g, Expr a, Expr b, Expr loses) {
        return a.eq(b).where(g.div(2), loses.where(g.like(0), g));
    }
}
