package dev.cotangent.op;

import static dev.cotangent.op.Elementwise.Typing.FLOAT;
import static dev.cotangent.op.Elementwise.Typing.PROMOTE;
import static dev.cotangent.op.Elementwise.row;
import static dev.cotangent.op.Table.FLOATS;
import static dev.cotangent.op.Table.INTEGERS;
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

/** The table of arithmetic: sums, products, quotients and powers. */
public final class ArithmeticOps {
    static final Table TABLE = new Table();

    private ArithmeticOps() {}

    private static final Elementwise.Check NO_BOOL_NEG = (type, arguments) -> {
        if (type == Dtype.BOOL) {
            throw new CotangentException(
                    "Negation, the `-` operator, on a bool tensor is not supported. If you are trying"
                            + " to invert a mask, use the `~` or `logical_not()` operator instead.");
        }
    };

    private static final Elementwise.Check NO_BOOL_SUB = (type, arguments) -> {
        boolean a = Promotion.resultType(arguments[0]) == Dtype.BOOL;
        boolean b = Promotion.resultType(arguments[1]) == Dtype.BOOL;
        if (a && b) {
            throw new CotangentException(
                    "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^`"
                            + " or `logical_xor()` operator instead.");
        }
        if (a || b) {
            throw new CotangentException(
                    "Subtraction, the `-` operator, with a bool tensor is not supported. If you are"
                            + " trying to invert a mask, use the `~` or `logical_not()` operator instead.");
        }
    };

    private static final Elementwise.Check ALPHA = (type, arguments) -> {
        if (!type.isFloatingPoint() && Promotion.isFloating(arguments[2])) {
            throw new CotangentException(
                    "For integral input tensors, argument alpha must not be a floating point number.");
        }
    };

    private static final Elementwise.Check NO_INTEGER_ADDCDIV = (type, arguments) -> {
        if (!Promotion.resultType(arguments[1]).isFloatingPoint()
                && !Promotion.resultType(arguments[2]).isFloatingPoint()) {
            throw new CotangentException(
                    "Integer division with addcdiv is no longer supported, and in a future  release addcdiv will"
                        + " perform a true division of tensor1 and tensor2. The historic addcdiv behavior can be"
                        + " implemented as (input + value * torch.trunc(tensor1 / tensor2)).to(input.dtype) for"
                        + " integer inputs and as (input + value * tensor1 / tensor2) for float inputs. The future"
                        + " addcdiv behavior is just the latter implementation: (input + value * tensor1 / tensor2),"
                        + " for all dtypes.");
        }
    };

    private static final Elementwise.Check SAME_TYPES = (type, arguments) -> {
        Tensor self = (Tensor) arguments[0];
        sameType(self, (Tensor) arguments[1], "end");
        if (arguments[2] instanceof Tensor weight) sameType(self, weight, "weight");
    };

    private static void sameType(Tensor self, Tensor other, String name) {
        if (self.dtype() != other.dtype()) {
            throw new CotangentException("expected dtype " + self.dtype().cName() + " for `" + name + "` but got dtype "
                    + other.dtype().cName());
        }
    }

    /** Sum. */
    public static final Elementwise ADD = TABLE.add(binary("add", PROMOTE, Expr::add));

    /** Sum with a multiple of the second. */
    public static final Elementwise ADD_SCALED = TABLE.add(row("add", PROMOTE, 2, 1, (x, p) -> x[0].add(p[0].mul(x[1])))
            .check(ALPHA)
            .holds(2));

    /** Difference. */
    public static final Elementwise SUB =
            TABLE.add(binary("sub", PROMOTE, Expr::sub).check(NO_BOOL_SUB));

    /** Difference from a multiple of the second. */
    public static final Elementwise SUB_SCALED = TABLE.add(row("sub", PROMOTE, 2, 1, (x, p) -> x[0].sub(p[0].mul(x[1])))
            .check(NO_BOOL_SUB)
            .check(ALPHA)
            .holds(2));

    /** Second minus first. */
    public static final Elementwise RSUB = TABLE.add(
            binary("rsub", PROMOTE, (x, y) -> y.sub(x)).check(NO_BOOL_SUB).numberNode("RsubBackward1"));

    /** Second minus a multiple of the first. */
    public static final Elementwise RSUB_SCALED =
            TABLE.add(row("rsub", PROMOTE, 2, 1, (x, p) -> x[1].sub(p[0].mul(x[0])))
                    .check(NO_BOOL_SUB)
                    .check(ALPHA)
                    .holds(2)
                    .numberNode("RsubBackward1"));

    /** Product. */
    public static final Elementwise MUL =
            TABLE.add(binary("mul", PROMOTE, Expr::mul).wide());

    /** Quotient. */
    public static final Elementwise DIV =
            TABLE.add(binary("div", FLOAT, Expr::div).wide());

    /** Quotient rounded towards zero. */
    public static final Elementwise DIV_TRUNC = TABLE.add(binary(
                    "div",
                    PROMOTE,
                    (x, y) -> x.dtype().isFloatingPoint() ? x.div(y).call(ScalarOp.TRUNC) : x.div(y))
            .wide()
            .check(takes("div_trunc_cpu", NUMBERS))
            .node("DivBackward2")
            .numberNode("DivBackward3"));

    /** Quotient rounded down. */
    public static final Elementwise DIV_FLOOR =
            TABLE.add(binary("div", PROMOTE, (x, y) -> x.call(ScalarOp.FLOOR_DIV, y))
                    .wide()
                    .check(takes("div_floor_cpu", NUMBERS))
                    .node("DivBackward2")
                    .numberNode("DivBackward3"));

    /** Quotient rounded down, without a derivative. */
    public static final Elementwise FLOOR_DIVIDE =
            TABLE.add(binary("floor_divide", PROMOTE, (x, y) -> x.call(ScalarOp.FLOOR_DIV, y))
                    .wide()
                    .check(takes("div_floor_cpu", NUMBERS))
                    .notDifferentiable());

    /** Remainder with the divisor's sign. */
    public static final Elementwise REMAINDER =
            TABLE.add(binary("remainder", PROMOTE, (x, y) -> x.call(ScalarOp.REMAINDER, y))
                    .check(takes("remainder_cpu", NUMBERS))
                    .node("RemainderBackward1")
                    .numberNode("RemainderBackward0"));

    /** Remainder of a number by a tensor, without a derivative. */
    public static final Elementwise RREMAINDER =
            TABLE.add(binary("remainder", PROMOTE, (x, y) -> y.call(ScalarOp.REMAINDER, x))
                    .check(takes("remainder_cpu", NUMBERS))
                    .notDifferentiable());

    /** Remainder with the dividend's sign. */
    public static final Elementwise FMOD = TABLE.add(binary("fmod", PROMOTE, (x, y) -> x.call(ScalarOp.FMOD, y))
            .check(takes("fmod_cpu", NUMBERS))
            .node("FmodBackward1")
            .numberNode("FmodBackward0"));

    /** Power. */
    public static final Elementwise POW = TABLE.add(binary("pow", PROMOTE, Expr::pow)
            .wide()
            .check(takes("pow", NUMBERS))
            .keepsResult()
            .node("PowBackward1")
            .numberNode("PowBackward0"));

    /** Number to the power of a tensor. */
    public static final Elementwise RPOW = TABLE.add(binary("pow", PROMOTE, (x, y) -> y.pow(x))
            .wide()
            .check(takes("pow", NUMBERS))
            .keepsResult()
            .node("PowBackward2"));

    /** Square of floating point. */
    public static final Elementwise SQUARE =
            TABLE.add(unary("pow", PROMOTE, Expr::square).check(takes("pow", NUMBERS)));

    /** Power 0.5 of floating point: PyTorch's is the root, so that of -0 is -0, and that of minus infinity no number. */
    public static final Elementwise ROOT = TABLE.add(unary("pow", FLOAT, Expr::sqrt)
            .check(takes("pow", NUMBERS))
            .grad((g, x, p, y) -> new Expr[] {g.mul(x[0].sqrt().rdiv(1).mul(0.5))}));

    /** Power -0.5 of floating point: 1 through the root. */
    public static final Elementwise INVERSE_ROOT = TABLE.add(unary(
                    "pow", FLOAT, x -> x.sqrt().rdiv(1))
            .check(takes("pow", NUMBERS))
            .grad((g, x, p, y) -> new Expr[] {g.mul(x[0].pow(x[0].like(-1.5)).mul(-0.5))}));

    /** Cube of floating point. */
    public static final Elementwise CUBE =
            TABLE.add(unary("pow", PROMOTE, x -> x.square().mul(x))
                    .check(takes("pow", NUMBERS))
                    .grad((g, x, p, y) -> new Expr[] {g.mul(x[0].square().mul(3))}));

    /** Minus. */
    public static final Elementwise NEG =
            TABLE.add(unary("neg", PROMOTE, Expr::neg).check(NO_BOOL_NEG));

    /** Absolute value. */
    public static final Elementwise ABS =
            TABLE.add(unary("abs", PROMOTE, Expr::abs).check(takes("abs_cpu", NUMBERS)));

    /** 1 through. */
    public static final Elementwise RECIPROCAL = TABLE.add(unary("reciprocal", FLOAT, x -> x.rdiv(1))
            .check(takes("reciprocal_cpu", FLOATS))
            .grad((g, x, p, y) -> new Expr[] {g.neg().mul(y.square())}));

    /** Sum with a multiple of a product. */
    public static final Elementwise ADDCMUL = TABLE.add(row(
                    "addcmul", PROMOTE, 3, 1, (x, p) -> x[0].add(p[0].mul(x[1]).mul(x[2])))
            .check(takes("addcmul_cpu_out", NUMBERS))
            .holds(3)
            .grad((g, x, p, y) ->
                    new Expr[] {g, g.mul(rounded(x[2].mul(p[0]), x[2])), g.mul(rounded(x[1].mul(p[0]), x[1]))}));

    /** Sum with a multiple of a quotient. */
    public static final Elementwise ADDCDIV = TABLE.add(row(
                    "addcdiv", PROMOTE, 3, 1, (x, p) -> x[0].add(p[0].mul(x[1]).div(x[2])))
            .check(NO_INTEGER_ADDCDIV)
            .grad((g, x, p, y) -> new Expr[] {
                g,
                g.mul(rounded(p[0].div(x[2]), x[2])),
                g.neg().mul(rounded(p[0].mul(x[1]), x[1]).div(rounded(x[2].square(), x[2])))
            }));

    /** As PyTorch's gradients have it of operands of several types: rounded to a half type if the operand has that. */
    private static Expr rounded(Expr x, Expr operand) {
        if (operand.kind() != Expr.Kind.CAST || !operand.arg(0).dtype().isHalf()) return x;
        return x.cast(operand.arg(0).dtype()).cast(x.dtype());
    }

    /** Linear interpolation, from the nearer end. */
    public static final Elementwise LERP = TABLE.add(row("lerp", PROMOTE, 3, 0, (x, p) -> {
                Expr way = x[1].sub(x[0]);
                return x[2].abs().lt(0.5).where(x[0].add(x[2].mul(way)), x[1].sub(way.mul(x[2].rsub(1))));
            })
            .check(SAME_TYPES)
            .check(takes("lerp_kernel_tensor", FLOATS))
            .grad((g, x, p, y) -> new Expr[] {g.mul(x[2].rsub(1)), g.mul(x[2]), g.mul(x[1].sub(x[0]))})
            .node("LerpBackward1")
            .numberNode("LerpBackward0"));

    /** Greatest common divisor. */
    public static final Elementwise GCD =
            TABLE.add(binary("gcd", PROMOTE, (x, y) -> x.call(ScalarOp.GCD, y)).check(takes("gcd_cpu", INTEGERS)));

    /** Least common multiple. */
    public static final Elementwise LCM = TABLE.add(binary("lcm", PROMOTE, (x, y) -> {
                Expr gcd = x.call(ScalarOp.GCD, y);
                return gcd.eq(0)
                        .where(
                                gcd,
                                x.div(gcd.eq(0).where(gcd.like(1), gcd)).mul(y).abs());
            })
            .check(takes("lcm_cpu", INTEGERS)));

    /** {@link #ldexp} in place. */
    public static Tensor ldexpInPlace(Tensor self, Tensor other) {
        Tensor factor = other.rpow(2.0);
        if (!self.dtype().accepts(Promotion.resultType(self, factor))) {
            throw new CotangentException("ldexp can't be cast to the desired output type "
                    + self.dtype().scalarName());
        }
        return self.mul_(factor);
    }

    /** First times 2 to the second. */
    public static Tensor ldexp(Tensor self, Tensor other) {
        return self.mul(other.rpow(2.0));
    }

    /** The row of a division, by its rounding mode. */
    public static Elementwise division(@Nullable String roundingMode) {
        return switch (roundingMode) {
            case null -> DIV;
            case "trunc" -> DIV_TRUNC;
            case "floor" -> DIV_FLOOR;
            default ->
                throw new CotangentException(
                        "div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '" + roundingMode
                                + "'");
        };
    }

    /** A power by a number. */
    public static Tensor pow(Tensor self, Number exponent) {
        Elementwise special = special(self, exponent);
        return special != null ? special.call(self) : POW.call(self, exponent);
    }

    /** A power by a number, in place. */
    public static Tensor powInPlace(Tensor self, Number exponent) {
        Elementwise special = special(self, exponent);
        return special != null ? special.callInPlace(self) : POW.callInPlace(self, exponent);
    }

    /** Powers that are products or roots cost less; of integers a negative power is PyTorch's error. */
    private static @Nullable Elementwise special(Tensor self, Number exponent) {
        double e = exponent.doubleValue();
        if (self.dtype().isFloatingPoint()) {
            if (e == 2) return SQUARE;
            if (e == 3) return CUBE;
            // PyTorch has no such way for float16.
            if (self.dtype() == Dtype.FLOAT16) return null;
            return e == 0.5 ? ROOT : e == -0.5 ? INVERSE_ROOT : null;
        }
        if (e < 0 && !Promotion.isFloating(exponent)) {
            throw new CotangentException("Integers to negative integer powers are not allowed.");
        }
        return null;
    }

    /** A power in float64; operands are tensors or numbers. */
    public static Tensor floatPower(Object self, Object exponent) {
        Object base = self instanceof Tensor t ? t.to(Dtype.FLOAT64) : ((Number) self).doubleValue();
        Object power = exponent instanceof Tensor t ? t.to(Dtype.FLOAT64) : ((Number) exponent).doubleValue();
        if (!(base instanceof Tensor b)) return RPOW.call((Tensor) power, (Number) base);
        return power instanceof Tensor p ? POW.call(b, p) : pow(b, (Number) power);
    }

    /** A power in float64, written into the base, which has to be float64. */
    public static Tensor floatPowerInPlace(Tensor self, Object exponent) {
        if (self.dtype() != Dtype.FLOAT64) {
            throw new CotangentException("the base given to float_power_ has dtype "
                    + self.dtype().scalarName() + " but the operation's result requires dtype Double");
        }
        return exponent instanceof Tensor t
                ? POW.callInPlace(self, t.to(Dtype.FLOAT64))
                : powInPlace(self, ((Number) exponent).doubleValue());
    }

    /** Itself; PyTorch's error where it is bool. */
    public static Tensor positive(Tensor self) {
        if (self.dtype() == Dtype.BOOL) {
            throw new CotangentException("The `+` operator, on a bool tensor is not supported.");
        }
        return self;
    }
}
