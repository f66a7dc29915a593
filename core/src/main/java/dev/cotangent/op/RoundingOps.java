package dev.cotangent.op;

import static dev.cotangent.op.Elementwise.Typing.COMPARE;
import static dev.cotangent.op.Elementwise.Typing.FLOAT;
import static dev.cotangent.op.Elementwise.Typing.PROMOTE;
import static dev.cotangent.op.Elementwise.row;
import static dev.cotangent.op.Table.FLOATS;
import static dev.cotangent.op.Table.NUMBERS;
import static dev.cotangent.op.Table.binary;
import static dev.cotangent.op.Table.takes;
import static dev.cotangent.op.Table.unary;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.program.Expr;
import dev.cotangent.program.ScalarOp;
import org.jspecify.annotations.Nullable;

/** The table of rounding, signs, bounds and the larger or smaller of two. */
public final class RoundingOps {
    static final Table TABLE = new Table();

    private RoundingOps() {}

    private static final Elementwise.Check SAME_TYPES = (type, arguments) -> {
        if (Promotion.resultType(arguments[0]) != Promotion.resultType(arguments[1])) {
            throw new CotangentException("heaviside is not yet implemented for tensors with different dtypes.");
        }
    };

    /** PyTorch has other kernels for a bound that is a number; they take fewer types. */
    private static Elementwise.Check ofNumber(String kernel) {
        Elementwise.Check check = takes(kernel, NUMBERS);
        return (type, arguments) -> {
            if (!(arguments[1] instanceof Tensor)) check.of(type, arguments);
        };
    }

    /** Integers are their own rounding. */
    private static Elementwise.Builder rounding(String name, ScalarOp op) {
        return unary(name, PROMOTE, x -> x.dtype().isFloatingPoint() ? x.call(op) : x)
                .check(takes(name + "_vml_cpu", NUMBERS));
    }

    /** Largest integer not above. */
    public static final Elementwise FLOOR = TABLE.add(rounding("floor", ScalarOp.FLOOR));

    /** Smallest integer not below. */
    public static final Elementwise CEIL = TABLE.add(rounding("ceil", ScalarOp.CEIL));

    /** Nearest integer, ties to even. */
    public static final Elementwise ROUND = TABLE.add(rounding("round", ScalarOp.ROUND));

    /** Without the fraction. */
    public static final Elementwise TRUNC = TABLE.add(rounding("trunc", ScalarOp.TRUNC));

    // The parameter is the power of ten of the digits after the point, or before it.
    private static final Elementwise ROUND_AFTER = TABLE.add(row(
                    "round",
                    PROMOTE,
                    1,
                    1,
                    (x, p) -> x[0].mul(p[0]).call(ScalarOp.ROUND).div(p[0]))
            .check(takes("round_cpu", FLOATS))
            .node("RoundBackward1"));

    private static final Elementwise ROUND_BEFORE = TABLE.add(row(
                    "round",
                    PROMOTE,
                    1,
                    1,
                    (x, p) -> x[0].div(p[0]).call(ScalarOp.ROUND).mul(p[0]))
            .check(takes("round_cpu", FLOATS))
            .node("RoundBackward1"));

    /** The fraction. */
    public static final Elementwise FRAC =
            TABLE.add(unary("frac", PROMOTE, x -> x.sub(x.call(ScalarOp.TRUNC))).check(takes("frac_cpu", FLOATS)));

    /** -1, 0 or 1. */
    public static final Elementwise SIGN = TABLE.add(sign("sign"));

    /** -1, 0 or 1. */
    public static final Elementwise SGN = TABLE.add(sign("sgn"));

    private static Elementwise.Builder sign(String name) {
        return unary(name, PROMOTE, x -> x.dtype() == Dtype.BOOL ? x : x.sign());
    }

    /** Whether the sign bit is set. */
    public static final Elementwise SIGNBIT = TABLE.add(unary(
            "signbit",
            COMPARE,
            x -> x.dtype() == Dtype.BOOL
                    ? x.lt(x)
                    : x.dtype().isFloatingPoint()
                            ? x.like(1).call(ScalarOp.COPYSIGN, x).lt(0)
                            : x.lt(0)));

    /** The magnitude of the first with the sign of the second. */
    public static final Elementwise COPYSIGN =
            TABLE.add(binary("copysign", FLOAT, (x, y) -> x.call(ScalarOp.COPYSIGN, y))
                    .keepsResult()
                    .numberNode("CopysignBackward1"));

    /** The next number towards another. */
    public static final Elementwise NEXTAFTER =
            TABLE.add(binary("nextafter", PROMOTE, (x, y) -> x.call(ScalarOp.NEXTAFTER, y))
                    .check(takes("nextafter_cpu", FLOATS))
                    .grad((g, x, p, y) -> {
                        Expr same = x[0].eq(x[1]);
                        return new Expr[] {same.where(g.like(0), g), g.like(0)};
                    }));

    /** 0 below zero, 1 above, and a value at zero. */
    public static final Elementwise HEAVISIDE = TABLE.add(binary(
                    "heaviside",
                    PROMOTE,
                    (x, y) -> x.eq(x.like(0)).where(y, x.gt(x.like(0)).where(x.like(1), x.like(0))))
            .check(SAME_TYPES)
            .notDifferentiable());

    /** The larger, NaN where one is. */
    public static final Elementwise MAXIMUM =
            TABLE.add(binary("maximum", PROMOTE, Expr::max).writesGradients());

    /** The smaller, NaN where one is. */
    public static final Elementwise MINIMUM =
            TABLE.add(binary("minimum", PROMOTE, Expr::min).writesGradients());

    /** The larger, the other where one is NaN. */
    public static final Elementwise FMAX = TABLE.add(binary("fmax", PROMOTE, (x, y) -> known(x, y, x.max(y)))
            .grad((g, x, p, y) -> split(g, x[0].ge(x[1]).or(x[1].isNan()))));

    /** The smaller, the other where one is NaN. */
    public static final Elementwise FMIN = TABLE.add(binary("fmin", PROMOTE, (x, y) -> known(x, y, x.min(y)))
            .grad((g, x, p, y) -> split(g, x[0].le(x[1]).or(x[1].isNan()))));

    private static Expr known(Expr x, Expr y, Expr both) {
        return x.dtype().isFloatingPoint() ? x.isNan().where(y, y.isNan().where(x, both)) : both;
    }

    private static Expr[] split(Expr g, Expr first) {
        return new Expr[] {first.where(g, g.like(0)), first.where(g.like(0), g)};
    }

    /** At least a bound. */
    public static final Elementwise CLAMP_MIN = TABLE.add(least("ClampMinBackward1", "ClampMinBackward0"));

    /** At most a bound. */
    public static final Elementwise CLAMP_MAX = TABLE.add(most("ClampMaxBackward1", "ClampMaxBackward0"));

    /** {@code clamp} with one bound: its nodes are those of two. */
    private static final Elementwise CLAMP_FROM =
            least("ClampBackward0", "ClampBackward1").done();

    private static final Elementwise CLAMP_TO =
            most("ClampBackward0", "ClampBackward1").done();

    private static Elementwise.Builder least(String node, String numberNode) {
        return binary("clamp_min", PROMOTE, Expr::max)
                .check(ofNumber("clamp_min_scalar_cpu"))
                .holds(1)
                .grad((g, x, p, y) -> split(g, x[0].ge(x[1]), x[0].lt(x[1])))
                .node(node)
                .numberNode(numberNode);
    }

    private static Elementwise.Builder most(String node, String numberNode) {
        return binary("clamp_max", PROMOTE, Expr::min)
                .check(ofNumber("clamp_max_scalar_cpu"))
                .holds(1)
                .grad((g, x, p, y) -> split(g, x[0].le(x[1]), x[0].gt(x[1])))
                .node(node)
                .numberNode(numberNode);
    }

    private static Expr[] split(Expr g, Expr first, Expr second) {
        return new Expr[] {first.where(g, g.like(0)), second.where(g, g.like(0))};
    }

    /** Between two bounds; the upper one where they cross. */
    public static final Elementwise CLAMP =
            TABLE.add(row("clamp", PROMOTE, 3, 0, (x, p) -> x[0].max(x[1]).min(x[2]))
                    .check(ofNumber("clamp_scalar_cpu"))
                    .holds(1)
                    .grad((g, x, p, y) -> new Expr[] {
                        x[0].ge(x[1]).and(x[0].le(x[2])).where(g, g.like(0)),
                        x[1].lt(x[2]).and(x[0].lt(x[1])).where(g, g.like(0)),
                        x[0].gt(x[2]).or(x[2].lt(x[1])).where(g, g.like(0))
                    })
                    .numberNode("ClampBackward1"));

    private static final Elementwise NAN_TO_NUM = TABLE.add(row("nan_to_num", PROMOTE, 1, 3, (x, p) -> {
        Expr v = x[0];
        if (!v.dtype().isFloatingPoint()) return v;
        Expr low = v.eq(Double.NEGATIVE_INFINITY).where(p[2], v);
        return v.isNan().where(p[0], v.eq(Double.POSITIVE_INFINITY).where(p[1], low));
    }));

    /** Returns the largest finite number of a floating-point type. */
    static double largest(Dtype type) {
        return switch (type) {
            case FLOAT32 -> Float.MAX_VALUE;
            case FLOAT16 -> 65504;
            case BFLOAT16 -> Float.intBitsToFloat(0x7F7F0000);
            default -> Double.MAX_VALUE;
        };
    }

    /** Rounded at a number of digits after the point, negative before it. */
    public static Tensor round(Tensor self, long decimals, boolean inPlace) {
        Elementwise row = decimals == 0 ? ROUND : decimals > 0 ? ROUND_AFTER : ROUND_BEFORE;
        Object[] operands = decimals == 0 ? new Object[] {self} : new Object[] {self, Math.pow(10, Math.abs(decimals))};
        return inPlace ? row.callInPlace(operands) : row.call(operands);
    }

    /** Between bounds, each a number, a tensor or nothing; written into the tensor where {@code inPlace}. */
    public static Tensor clamp(Tensor self, @Nullable Object min, @Nullable Object max, boolean inPlace) {
        if (min == null && max == null) {
            throw new CotangentException("torch.clamp: At least one of 'min' or 'max' must not be None");
        }
        Elementwise row = max == null ? CLAMP_FROM : min == null ? CLAMP_TO : CLAMP;
        Object[] operands = max == null
                ? new Object[] {self, min}
                : min == null ? new Object[] {self, max} : new Object[] {self, min, max};
        return inPlace ? row.callInPlace(operands) : row.call(operands);
    }

    /** Numbers for NaN and the infinities; null means PyTorch's: 0, and the dtype's largest and smallest number. */
    public static Tensor nanToNum(
            Tensor self, @Nullable Number nan, @Nullable Number posinf, @Nullable Number neginf, boolean inPlace) {
        if (inPlace && !self.dtype().isFloatingPoint()) return self;
        double largest = largest(self.dtype());
        Object[] operands = {
            self,
            nan == null ? 0 : nan.doubleValue(),
            posinf == null ? largest : posinf.doubleValue(),
            neginf == null ? -largest : neginf.doubleValue()
        };
        return inPlace ? NAN_TO_NUM.callInPlace(operands) : NAN_TO_NUM.call(operands);
    }
}
