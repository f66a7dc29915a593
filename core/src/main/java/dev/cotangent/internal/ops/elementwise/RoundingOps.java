package dev.cotangent.internal.ops.elementwise;

import static dev.cotangent.internal.ops.elementwise.ElementwiseOp.TypePromotion.COMPARE;
import static dev.cotangent.internal.ops.elementwise.ElementwiseOp.TypePromotion.FLOAT;
import static dev.cotangent.internal.ops.elementwise.ElementwiseOp.TypePromotion.PROMOTE;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.FLOATS;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.NUMBERS;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.binary;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.takes;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.ternary;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.unary;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.unaryWithScalar;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.unaryWithThreeScalars;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.movement.ComplexViews;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.ScalarOp;
import org.jspecify.annotations.Nullable;

/** The registry of rounding, signs, clamping, maximum and minimum. */
public final class RoundingOps {
    private static final String NO_CLAMP = "clamp is not supported for complex types";

    static final OpRegistry REGISTRY = new OpRegistry();

    private RoundingOps() {}

    private static final ElementwiseOp.TypeCheck SAME_TYPES = types -> {
        if (types.operands()[0] != types.operands()[1]) {
            throw new CotangentException("heaviside is not yet implemented for tensors with different dtypes.");
        }
    };

    /** Checks types of scalar bounds: PyTorch's kernels for them support fewer. */
    private static ElementwiseOp.TypeCheck ofScalar(String kernel) {
        ElementwiseOp.TypeCheck check = takes(kernel, NUMBERS);
        return types -> {
            if (types.operands()[1] == null) check.of(types);
        };
    }

    /** Defines a rounding, the identity on integers. */
    private static ElementwiseOp.Definition<UnaryOp> rounding(String name, ScalarOp op) {
        return unary(name, PROMOTE, x -> x.dtype().isFloatingPoint() ? x.call(op) : x)
                .check(takes(name + "_vml_cpu", NUMBERS));
    }

    /** Rounding down. */
    public static final UnaryOp FLOOR =
            REGISTRY.add(rounding("floor", ScalarOp.FLOOR).refusesComplex("floor is not supported for complex inputs"));

    /** Rounding up. */
    public static final UnaryOp CEIL =
            REGISTRY.add(rounding("ceil", ScalarOp.CEIL).refusesComplex("ceil is not supported for complex inputs"));

    /** Rounding to the nearest integer, ties to even. */
    public static final UnaryOp ROUND = REGISTRY.add(rounding("round", ScalarOp.ROUND));

    /** Rounding towards zero. */
    public static final UnaryOp TRUNC =
            REGISTRY.add(rounding("trunc", ScalarOp.TRUNC).refusesComplex("trunc is not supported for complex inputs"));

    // The parameter is the power of ten of the decimals, after or before the point.
    private static final UnaryOp.WithScalar ROUND_AFTER = REGISTRY.add(unaryWithScalar(
                    "round",
                    PROMOTE,
                    (x, power) -> x.mul(power).call(ScalarOp.ROUND).div(power))
            .check(takes("round_cpu", FLOATS))
            .node("RoundBackward1"));

    private static final UnaryOp.WithScalar ROUND_BEFORE = REGISTRY.add(unaryWithScalar(
                    "round",
                    PROMOTE,
                    (x, power) -> x.div(power).call(ScalarOp.ROUND).mul(power))
            .check(takes("round_cpu", FLOATS))
            .node("RoundBackward1"));

    /** x - trunc(x). */
    public static final UnaryOp FRAC = REGISTRY.add(
            unary("frac", PROMOTE, x -> x.sub(x.call(ScalarOp.TRUNC))).check(takes("frac_cpu", FLOATS)));

    /** -1, 0 or 1. */
    public static final UnaryOp SIGN = REGISTRY.add(sign("sign")
            .refusesComplex("Unlike NumPy, torch.sign is not intended to support complex numbers. Please use torch.sgn"
                    + " instead. In Java: sgn()."));

    /** -1, 0 or 1. */
    public static final UnaryOp SGN = REGISTRY.add(sign("sgn"));

    private static ElementwiseOp.Definition<UnaryOp> sign(String name) {
        return unary(name, PROMOTE, x -> x.dtype() == Dtype.BOOL ? x : x.sign());
    }

    /** Test of the sign bit. */
    public static final UnaryOp SIGNBIT = REGISTRY.add(unary(
                    "signbit",
                    COMPARE,
                    x -> x.dtype() == Dtype.BOOL
                            ? x.lt(x)
                            : x.dtype().isFloatingPoint()
                                    ? x.like(1).call(ScalarOp.COPYSIGN, x).lt(0)
                                    : x.lt(0))
            .refusesComplex("signbit is not implemented for complex tensors."));

    /** Magnitude of the first operand with the sign of the second. */
    public static final BinaryOp COPYSIGN =
            REGISTRY.add(binary("copysign", FLOAT, (x, y) -> x.call(ScalarOp.COPYSIGN, y))
                    .savesResult()
                    .scalarNode("CopysignBackward1"));

    /** Next representable number towards the second operand. */
    public static final BinaryOp NEXTAFTER =
            REGISTRY.add(binary("nextafter", PROMOTE, (x, y) -> x.call(ScalarOp.NEXTAFTER, y))
                    .check(takes("nextafter_cpu", FLOATS))
                    .grad((g, x, p, y) -> {
                        Expr same = x[0].eq(x[1]);
                        return new Expr[] {same.where(g.like(0), g), g.like(0)};
                    }));

    /** 0 for negative, 1 for positive, a given value for zero. */
    public static final BinaryOp HEAVISIDE = REGISTRY.add(binary(
                    "heaviside",
                    PROMOTE,
                    (x, y) -> x.eq(x.like(0)).where(y, x.gt(x.like(0)).where(x.like(1), x.like(0))))
            .check(SAME_TYPES)
            .notDifferentiable()
            .refusesComplex("heaviside is not yet implemented for complex tensors."));

    /** Maximum that propagates NaN. */
    public static final BinaryOp MAXIMUM = REGISTRY.add(binary("maximum", PROMOTE, Expr::max)
            .writesGradients()
            .refusesComplex("maximum not implemented for complex tensors."));

    /** Minimum that propagates NaN. */
    public static final BinaryOp MINIMUM = REGISTRY.add(binary("minimum", PROMOTE, Expr::min)
            .writesGradients()
            .refusesComplex("minimum not implemented for complex tensors."));

    /** Maximum that ignores NaN. */
    public static final BinaryOp FMAX = REGISTRY.add(binary("fmax", PROMOTE, (x, y) -> known(x, y, x.max(y)))
            .grad((g, x, p, y) -> split(g, x[0].ge(x[1]).or(x[1].isNan())))
            .refusesComplex("fmax not implemented for complex tensors."));

    /** Minimum that ignores NaN. */
    public static final BinaryOp FMIN = REGISTRY.add(binary("fmin", PROMOTE, (x, y) -> known(x, y, x.min(y)))
            .grad((g, x, p, y) -> split(g, x[0].le(x[1]).or(x[1].isNan())))
            .refusesComplex("fmin not implemented for complex tensors."));

    private static Expr known(Expr x, Expr y, Expr both) {
        return x.dtype().isFloatingPoint() ? x.isNan().where(y, y.isNan().where(x, both)) : both;
    }

    private static Expr[] split(Expr g, Expr first) {
        return new Expr[] {first.where(g, g.like(0)), first.where(g.like(0), g)};
    }

    /** max(x, bound). */
    public static final BinaryOp CLAMP_MIN = REGISTRY.add(least("ClampMinBackward1", "ClampMinBackward0"));

    /** min(x, bound). */
    public static final BinaryOp CLAMP_MAX = REGISTRY.add(most("ClampMaxBackward1", "ClampMaxBackward0"));

    /** {@code clamp} with one bound, with the node names of two bounds. */
    private static final BinaryOp CLAMP_FROM =
            least("ClampBackward0", "ClampBackward1").done();

    private static final BinaryOp CLAMP_TO =
            most("ClampBackward0", "ClampBackward1").done();

    private static ElementwiseOp.Definition<BinaryOp> least(String node, String scalarNode) {
        return binary("clamp_min", PROMOTE, Expr::max)
                .refusesComplex(NO_CLAMP)
                .check(ofScalar("clamp_min_scalar_cpu"))
                .holdsScalars()
                .grad((g, x, p, y) -> split(g, x[0].ge(x[1]), x[0].lt(x[1])))
                .node(node)
                .scalarNode(scalarNode);
    }

    private static ElementwiseOp.Definition<BinaryOp> most(String node, String scalarNode) {
        return binary("clamp_max", PROMOTE, Expr::min)
                .refusesComplex(NO_CLAMP)
                .check(ofScalar("clamp_max_scalar_cpu"))
                .holdsScalars()
                .grad((g, x, p, y) -> split(g, x[0].le(x[1]), x[0].gt(x[1])))
                .node(node)
                .scalarNode(scalarNode);
    }

    private static Expr[] split(Expr g, Expr first, Expr second) {
        return new Expr[] {first.where(g, g.like(0)), second.where(g, g.like(0))};
    }

    /** Clamped to two bounds; the upper one if they cross. */
    public static final TernaryOp CLAMP =
            REGISTRY.add(ternary("clamp", PROMOTE, (x, min, max) -> x.max(min).min(max))
                    .check(ofScalar("clamp_scalar_cpu"))
                    .holdsScalars()
                    .grad((g, x, p, y) -> new Expr[] {
                        x[0].ge(x[1]).and(x[0].le(x[2])).where(g, g.like(0)),
                        x[1].lt(x[2]).and(x[0].lt(x[1])).where(g, g.like(0)),
                        x[0].gt(x[2]).or(x[2].lt(x[1])).where(g, g.like(0))
                    })
                    .scalarNode("ClampBackward1")
                    .refusesComplex(NO_CLAMP));

    private static final UnaryOp.WithThreeScalars NAN_TO_NUM =
            REGISTRY.add(unaryWithThreeScalars("nan_to_num", PROMOTE, (x, nan, high, low) -> {
                if (!x.dtype().isFloatingPoint()) return x;
                Expr notLow = x.eq(Double.NEGATIVE_INFINITY).where(low, x);
                return x.isNan().where(nan, x.eq(Double.POSITIVE_INFINITY).where(high, notLow));
            }));

    /** Rounds to a number of decimals, negative for digits before the point. */
    public static Tensor round(Tensor self, long decimals, boolean inPlace) {
        if (decimals == 0) return inPlace ? ROUND.callInPlace(self) : ROUND.call(self);
        UnaryOp.WithScalar op = decimals > 0 ? ROUND_AFTER : ROUND_BEFORE;
        double power = Math.pow(10, Math.abs(decimals));
        return inPlace ? op.callInPlace(self, power) : op.call(self, power);
    }

    /** Clamps to bounds, one of them optionally null; in place if {@code inPlace}. */
    public static Tensor clamp(Tensor self, @Nullable Tensor min, @Nullable Tensor max, boolean inPlace) {
        if (min != null && max != null) {
            return inPlace ? CLAMP.callInPlace(self, min, max) : CLAMP.call(self, min, max);
        }
        if (min != null) return inPlace ? CLAMP_FROM.callInPlace(self, min) : CLAMP_FROM.call(self, min);
        if (max != null) return inPlace ? CLAMP_TO.callInPlace(self, max) : CLAMP_TO.call(self, max);
        throw noBound();
    }

    /** Works as {@link #clamp(Tensor, Tensor, Tensor, boolean)} with scalar bounds. */
    public static Tensor clamp(Tensor self, @Nullable Number min, @Nullable Number max, boolean inPlace) {
        if (min != null && max != null) {
            return inPlace ? CLAMP.callInPlace(self, min, max) : CLAMP.call(self, min, max);
        }
        if (min != null) return inPlace ? CLAMP_FROM.callInPlace(self, min) : CLAMP_FROM.call(self, min);
        if (max != null) return inPlace ? CLAMP_TO.callInPlace(self, max) : CLAMP_TO.call(self, max);
        throw noBound();
    }

    private static CotangentException noBound() {
        return new CotangentException("torch.clamp: At least one of 'min' or 'max' must not be None");
    }

    /** Replaces NaN and infinities; null means PyTorch's default: 0, and the dtype's largest and smallest number. */
    public static Tensor nanToNum(
            Tensor self, @Nullable Number nan, @Nullable Number posinf, @Nullable Number neginf, boolean inPlace) {
        if (self.isComplex()) {
            Tensor re = nanToNum(self.real(), nan, posinf, neginf, inPlace);
            Tensor im = nanToNum(self.imag(), nan, posinf, neginf, inPlace);
            return inPlace ? self : ComplexViews.complex(re, im);
        }
        if (inPlace && !self.dtype().isFloatingPoint()) return self;
        double largest = Promotion.largest(self.dtype());
        double forNan = nan == null ? 0 : nan.doubleValue();
        double high = posinf == null ? largest : posinf.doubleValue();
        double low = neginf == null ? -largest : neginf.doubleValue();
        return inPlace ? NAN_TO_NUM.callInPlace(self, forNan, high, low) : NAN_TO_NUM.call(self, forNan, high, low);
    }
}
