package dev.cotangent.internal.ops.elementwise;

import static dev.cotangent.internal.ops.elementwise.ElementwiseOp.TypePromotion.FLOAT;
import static dev.cotangent.internal.ops.elementwise.ElementwiseOp.TypePromotion.PROMOTE;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.FLOATS;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.INTEGERS;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.NUMBERS;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.binary;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.binaryWithScalar;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.takes;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.ternary;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.ternaryWithScalar;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.unary;

import dev.cotangent.Complex;
import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.ScalarOp;
import org.jspecify.annotations.Nullable;

/** The registry of arithmetic operations. */
public final class ArithmeticOps {
    static final OpRegistry REGISTRY = new OpRegistry();

    private ArithmeticOps() {}

    private static final ElementwiseOp.TypeCheck NO_BOOL_NEG = types -> {
        if (types.common() == Dtype.BOOL) {
            throw new CotangentException(
                    "Negation, the `-` operator, on a bool tensor is not supported. If you are trying"
                            + " to invert a mask, use the `~` or `logical_not()` operator instead.");
        }
    };

    private static final ElementwiseOp.TypeCheck NO_BOOL_SUB = types -> {
        boolean a = types.operands()[0] == Dtype.BOOL;
        boolean b = types.operands()[1] == Dtype.BOOL;
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

    private static final ElementwiseOp.ScalarCheck ALPHA = (type, alpha) -> {
        if (!type.isComplex() && alpha.dtype().isComplex()) {
            throw new CotangentException("For non-complex input tensors, argument alpha must not be a complex number.");
        }
        if (!type.isDifferentiable() && alpha.dtype().isFloatingPoint()) {
            throw new CotangentException(
                    "For integral input tensors, argument alpha must not be a floating point number.");
        }
    };

    private static final ElementwiseOp.TypeCheck NO_INTEGER_ADDCDIV = types -> {
        if (!isFloating(types.operands()[1]) && !isFloating(types.operands()[2])) {
            throw new CotangentException(
                    "Integer division with addcdiv is no longer supported, and in a future  release addcdiv will"
                        + " perform a true division of tensor1 and tensor2. The historic addcdiv behavior can be"
                        + " implemented as (input + value * torch.trunc(tensor1 / tensor2)).to(input.dtype) for"
                        + " integer inputs and as (input + value * tensor1 / tensor2) for float inputs. The future"
                        + " addcdiv behavior is just the latter implementation: (input + value * tensor1 / tensor2),"
                        + " for all dtypes.");
        }
    };

    private static final ElementwiseOp.TypeCheck SAME_TYPES = types -> {
        @Nullable Dtype[] dtypes = types.operands();
        sameType(dtypes[0], dtypes[1], "end");
        sameType(dtypes[0], dtypes[2], "weight");
    };

    private static void sameType(@Nullable Dtype self, @Nullable Dtype other, String name) {
        if (self != null && other != null && self != other) {
            throw new CotangentException(
                    "expected dtype " + self.cName() + " for `" + name + "` but got dtype " + other.cName());
        }
    }

    private static boolean isFloating(@Nullable Dtype dtype) {
        return dtype != null && dtype.isDifferentiable();
    }

    /** a + b. */
    public static final BinaryOp ADD =
            REGISTRY.add(binary("add", PROMOTE, Expr::add).complex());

    /** a + alpha b. */
    public static final BinaryOp.WithScalar ADD_SCALED =
            REGISTRY.add(binaryWithScalar("add", PROMOTE, (x, y, alpha) -> x.add(alpha.mul(y)))
                    .checkParameters(ALPHA)
                    .holdsParameters()
                    .complex());

    /** a - b. */
    public static final BinaryOp SUB =
            REGISTRY.add(binary("sub", PROMOTE, Expr::sub).check(NO_BOOL_SUB).complex());

    /** a - alpha b. */
    public static final BinaryOp.WithScalar SUB_SCALED =
            REGISTRY.add(binaryWithScalar("sub", PROMOTE, (x, y, alpha) -> x.sub(alpha.mul(y)))
                    .check(NO_BOOL_SUB)
                    .checkParameters(ALPHA)
                    .holdsParameters()
                    .complex());

    /** b - a. */
    public static final BinaryOp RSUB = REGISTRY.add(binary("rsub", PROMOTE, (x, y) -> y.sub(x))
            .check(NO_BOOL_SUB)
            .scalarNode("RsubBackward1")
            .complex());

    /** b - alpha a. */
    public static final BinaryOp.WithScalar RSUB_SCALED =
            REGISTRY.add(binaryWithScalar("rsub", PROMOTE, (x, y, alpha) -> y.sub(alpha.mul(x)))
                    .check(NO_BOOL_SUB)
                    .checkParameters(ALPHA)
                    .holdsParameters()
                    .scalarNode("RsubBackward1")
                    .complex());

    /** a b. */
    public static final BinaryOp MUL =
            REGISTRY.add(binary("mul", PROMOTE, Expr::mul).exactScalars().complex());

    /** a / b. */
    public static final BinaryOp DIV =
            REGISTRY.add(binary("div", FLOAT, Expr::div).exactScalars().complex());

    /** a / b truncated. */
    public static final BinaryOp DIV_TRUNC = REGISTRY.add(binary(
                    "div",
                    PROMOTE,
                    (x, y) -> x.dtype().isFloatingPoint() ? x.div(y).call(ScalarOp.TRUNC) : x.div(y))
            .exactScalars()
            .check(takes("div_trunc_cpu", NUMBERS))
            .node("DivBackward2")
            .scalarNode("DivBackward3"));

    /** a / b rounded down. */
    public static final BinaryOp DIV_FLOOR =
            REGISTRY.add(binary("div", PROMOTE, (x, y) -> x.call(ScalarOp.FLOOR_DIV, y))
                    .exactScalars()
                    .check(takes("div_floor_cpu", NUMBERS))
                    .node("DivBackward2")
                    .scalarNode("DivBackward3"));

    /** a / b rounded down, not differentiable. */
    public static final BinaryOp FLOOR_DIVIDE =
            REGISTRY.add(binary("floor_divide", PROMOTE, (x, y) -> x.call(ScalarOp.FLOOR_DIV, y))
                    .exactScalars()
                    .check(takes("div_floor_cpu", NUMBERS))
                    .notDifferentiable());

    /** Remainder with the divisor's sign. */
    public static final BinaryOp REMAINDER =
            REGISTRY.add(binary("remainder", PROMOTE, (x, y) -> x.call(ScalarOp.REMAINDER, y))
                    .check(takes("remainder_cpu", NUMBERS))
                    .node("RemainderBackward1")
                    .scalarNode("RemainderBackward0"));

    /** Remainder of a scalar by a tensor, not differentiable. */
    public static final BinaryOp RREMAINDER =
            REGISTRY.add(binary("remainder", PROMOTE, (x, y) -> y.call(ScalarOp.REMAINDER, x))
                    .check(takes("remainder_cpu", NUMBERS))
                    .notDifferentiable());

    /** Remainder with the dividend's sign. */
    public static final BinaryOp FMOD = REGISTRY.add(binary("fmod", PROMOTE, (x, y) -> x.call(ScalarOp.FMOD, y))
            .check(takes("fmod_cpu", NUMBERS))
            .node("FmodBackward1")
            .scalarNode("FmodBackward0"));

    /** a to the power b. */
    public static final BinaryOp POW = REGISTRY.add(binary("pow", PROMOTE, Expr::pow)
            .exactScalars()
            .check(takes("pow", NUMBERS))
            .savesResult()
            .node("PowBackward1")
            .scalarNode("PowBackward0")
            .complex());

    /** Power with a scalar base. */
    public static final BinaryOp RPOW = REGISTRY.add(binary("pow", PROMOTE, (x, y) -> y.pow(x))
            .exactScalars()
            .check(takes("pow", NUMBERS))
            .savesResult()
            .node("PowBackward2")
            .complex());

    /** Square of a floating-point tensor. */
    public static final UnaryOp SQUARE = REGISTRY.add(
            unary("pow", PROMOTE, Expr::square).check(takes("pow", NUMBERS)).complex());

    /** Power 0.5 as the square root, as in PyTorch: -0 for -0, NaN for minus infinity. */
    public static final UnaryOp ROOT = REGISTRY.add(unary("pow", FLOAT, Expr::sqrt)
            .check(takes("pow", NUMBERS))
            .grad((g, x, p, y) -> new Expr[] {g.mul(x[0].sqrt().rdiv(1).mul(0.5))})
            .complex());

    /** Power -0.5 as the reciprocal square root. */
    public static final UnaryOp INVERSE_ROOT = REGISTRY.add(unary(
                    "pow", FLOAT, x -> x.sqrt().rdiv(1))
            .check(takes("pow", NUMBERS))
            .grad((g, x, p, y) -> new Expr[] {g.mul(x[0].pow(x[0].like(-1.5)).mul(-0.5))})
            .complex());

    /** Cube of a floating-point tensor. */
    public static final UnaryOp CUBE =
            REGISTRY.add(unary("pow", PROMOTE, x -> x.square().mul(x))
                    .check(takes("pow", NUMBERS))
                    .grad((g, x, p, y) -> new Expr[] {g.mul(x[0].square().mul(3))})
                    .complex());

    /** -x. */
    public static final UnaryOp NEG =
            REGISTRY.add(unary("neg", PROMOTE, Expr::neg).check(NO_BOOL_NEG).complex());

    /** |x|. */
    public static final UnaryOp ABS =
            REGISTRY.add(unary("abs", PROMOTE, Expr::abs).check(takes("abs_cpu", NUMBERS)));

    /** 1 / x. */
    public static final UnaryOp RECIPROCAL = REGISTRY.add(unary("reciprocal", FLOAT, x -> x.rdiv(1))
            .check(takes("reciprocal_cpu", FLOATS))
            .grad((g, x, p, y) -> new Expr[] {g.neg().mul(y.square())})
            .complex());

    /** a + value b c. */
    public static final TernaryOp.WithScalar ADDCMUL = REGISTRY.add(ternaryWithScalar(
                    "addcmul", PROMOTE, (x, y, z, value) -> x.add(value.mul(y).mul(z)))
            .check(takes("addcmul_cpu_out", NUMBERS))
            .holdsParameters()
            .grad((g, x, p, y) ->
                    new Expr[] {g, g.mul(rounded(x[2].mul(p[0]), x[2])), g.mul(rounded(x[1].mul(p[0]), x[1]))})
            .complex());

    /** a + value b / c. */
    public static final TernaryOp.WithScalar ADDCDIV = REGISTRY.add(ternaryWithScalar(
                    "addcdiv", PROMOTE, (x, y, z, value) -> x.add(value.mul(y).div(z)))
            .check(NO_INTEGER_ADDCDIV)
            .grad((g, x, p, y) -> new Expr[] {
                g,
                g.mul(rounded(p[0].div(x[2]), x[2])),
                g.neg().mul(rounded(p[0].mul(x[1]), x[1]).div(rounded(x[2].square(), x[2])))
            })
            .complex());

    /** Rounds to the operand's dtype if that is a half type, as PyTorch's gradients of mixed types do. */
    private static Expr rounded(Expr x, Expr operand) {
        if (operand.kind() != Expr.Kind.CAST || !operand.arg(0).dtype().isHalf()) return x;
        return x.cast(operand.arg(0).dtype()).cast(x.dtype());
    }

    /** start + weight (end - start), computed from the nearer end. */
    public static final TernaryOp LERP = REGISTRY.add(ternary("lerp", PROMOTE, (start, end, weight) -> {
                Expr way = end.sub(start);
                return weight.abs().lt(0.5).where(start.add(weight.mul(way)), end.sub(way.mul(weight.rsub(1))));
            })
            .check(SAME_TYPES)
            .check(takes("lerp_kernel_tensor", FLOATS))
            .grad((g, x, p, y) -> new Expr[] {g.mul(x[2].rsub(1)), g.mul(x[2]), g.mul(x[1].sub(x[0]))})
            .node("LerpBackward1")
            .scalarNode("LerpBackward0")
            .complex());

    /** Greatest common divisor. */
    public static final BinaryOp GCD = REGISTRY.add(
            binary("gcd", PROMOTE, (x, y) -> x.call(ScalarOp.GCD, y)).check(takes("gcd_cpu", INTEGERS)));

    /** Least common multiple. */
    public static final BinaryOp LCM = REGISTRY.add(binary("lcm", PROMOTE, (x, y) -> {
                Expr gcd = x.call(ScalarOp.GCD, y);
                return gcd.eq(0)
                        .where(
                                gcd,
                                x.div(gcd.eq(0).where(gcd.like(1), gcd)).mul(y).abs());
            })
            .check(takes("lcm_cpu", INTEGERS)));

    /** Works as {@link #ldexp}, in place. */
    public static Tensor ldexpInPlace(Tensor self, Tensor other) {
        Tensor factor = other.rpow(2.0);
        if (!self.dtype().accepts(Promotion.resultType(self, factor))) {
            throw new CotangentException("ldexp can't be cast to the desired output type "
                    + self.dtype().scalarName());
        }
        return self.mul_(factor);
    }

    /** Computes a * 2^b. */
    public static Tensor ldexp(Tensor self, Tensor other) {
        return self.mul(other.rpow(2.0));
    }

    /** Returns the division of a rounding mode. */
    public static BinaryOp division(@Nullable String roundingMode) {
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

    /** Raises to a scalar power. */
    public static Tensor pow(Tensor self, Number exponent) {
        UnaryOp special = special(self, exponent);
        return special != null ? special.call(self) : POW.call(self, exponent);
    }

    /** Raises to a scalar power, in place. */
    public static Tensor powInPlace(Tensor self, Number exponent) {
        UnaryOp special = special(self, exponent);
        return special != null ? special.callInPlace(self) : POW.callInPlace(self, exponent);
    }

    /**
     * Returns a cheaper operation for small powers and roots, or null; throws PyTorch's error of negative integer
     * powers.
     */
    private static @Nullable UnaryOp special(Tensor self, Number exponent) {
        if (exponent instanceof Complex c && c.im() != 0) return null;
        double e = exponent.doubleValue();
        if (self.dtype().isDifferentiable()) {
            if (e == 2) return SQUARE;
            if (e == 3) return CUBE;
            // PyTorch does not special-case float16 here.
            if (self.dtype() == Dtype.FLOAT16) return null;
            return e == 0.5 ? ROOT : e == -0.5 ? INVERSE_ROOT : null;
        }
        if (e < 0 && !Promotion.isFloating(exponent)) {
            throw new CotangentException("Integers to negative integer powers are not allowed.");
        }
        return null;
    }

    /** Returns the power in float64; {@code torch.float_power}. */
    public static Tensor floatPower(Tensor self, Tensor exponent) {
        Dtype wide = wide(self.isComplex() || exponent.isComplex());
        return POW.call(self.to(wide), exponent.to(wide));
    }

    /** Works as {@link #floatPower(Tensor, Tensor)}, to a scalar. */
    public static Tensor floatPower(Tensor self, Number exponent) {
        Dtype wide = wide(self.isComplex() || exponent instanceof Complex);
        return pow(self.to(wide), exponent instanceof Complex ? exponent : (Number) exponent.doubleValue());
    }

    /** Raises the base, which must be float64, in place. */
    public static Tensor floatPowerInPlace(Tensor self, Tensor exponent) {
        Dtype wide = wide(self.isComplex() || exponent.isComplex());
        checkFloatPower(self, wide);
        return POW.callInPlace(self, exponent.to(wide));
    }

    /** Works as {@link #floatPowerInPlace(Tensor, Tensor)}, to a scalar. */
    public static Tensor floatPowerInPlace(Tensor self, Number exponent) {
        checkFloatPower(self, wide(self.isComplex() || exponent instanceof Complex));
        return powInPlace(self, exponent instanceof Complex ? exponent : (Number) exponent.doubleValue());
    }

    private static Dtype wide(boolean isComplex) {
        return isComplex ? Dtype.COMPLEX128 : Dtype.FLOAT64;
    }

    private static void checkFloatPower(Tensor self, Dtype wide) {
        if (self.dtype() != wide) {
            throw new CotangentException("the base given to float_power_ has dtype "
                    + self.dtype().scalarName() + " but the operation's result requires dtype " + wide.scalarName());
        }
    }

    /** Returns the tensor itself; throws PyTorch's error if it is bool. */
    public static Tensor positive(Tensor self) {
        if (self.dtype() == Dtype.BOOL) {
            throw new CotangentException("The `+` operator, on a bool tensor is not supported.");
        }
        return self;
    }
}
