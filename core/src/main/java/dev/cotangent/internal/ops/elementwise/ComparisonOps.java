package dev.cotangent.internal.ops.elementwise;

import static dev.cotangent.internal.ops.elementwise.ElementwiseOp.TypePromotion.BITS;
import static dev.cotangent.internal.ops.elementwise.ElementwiseOp.TypePromotion.COMPARE;
import static dev.cotangent.internal.ops.elementwise.ElementwiseOp.TypePromotion.FILL;
import static dev.cotangent.internal.ops.elementwise.ElementwiseOp.TypePromotion.LOGIC;
import static dev.cotangent.internal.ops.elementwise.ElementwiseOp.TypePromotion.SELECT;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.INTEGERS;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.WHOLE;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.binary;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.takes;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.ternary;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.unary;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.ScalarOp;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The registry of comparison, logical and bitwise operations, and of selection. */
public final class ComparisonOps {
    static final OpRegistry REGISTRY = new OpRegistry();

    private ComparisonOps() {}

    private static ElementwiseOp.Definition<BinaryOp> compare(String name, ScalarOp op) {
        return binary(name, COMPARE, (x, y) -> x.call(op, y));
    }

    private static ElementwiseOp.Definition<BinaryOp> bits(String name, String kernel, Set<Dtype> types, ScalarOp op) {
        return binary(name, BITS, (x, y) -> x.call(op, y)).check(takes(kernel, types));
    }

    /** Defines a test of floating-point values; integers and bool all give {@code whole}. */
    private static ElementwiseOp.Definition<UnaryOp> test(String name, boolean whole, UnaryOperator<Expr> body) {
        return unary(name, COMPARE, x -> x.dtype().isDifferentiable() ? body.apply(x) : whole ? x.eq(x) : x.ne(x));
    }

    /** a == b. */
    public static final BinaryOp EQ = REGISTRY.add(compare("eq", ScalarOp.EQ).complex());

    /** a != b. */
    public static final BinaryOp NE = REGISTRY.add(compare("ne", ScalarOp.NE).complex());

    /** {@code a < b}. */
    public static final BinaryOp LT = REGISTRY.add(compare("lt", ScalarOp.LT));

    /** {@code a <= b}. */
    public static final BinaryOp LE = REGISTRY.add(compare("le", ScalarOp.LE));

    /** {@code a > b}. */
    public static final BinaryOp GT = REGISTRY.add(compare("gt", ScalarOp.GT));

    /** {@code a >= b}. */
    public static final BinaryOp GE = REGISTRY.add(compare("ge", ScalarOp.GE));

    /** Logical and. */
    public static final BinaryOp LOGICAL_AND =
            REGISTRY.add(binary("logical_and", LOGIC, Expr::and).complex());

    /** Logical or. */
    public static final BinaryOp LOGICAL_OR =
            REGISTRY.add(binary("logical_or", LOGIC, Expr::or).complex());

    /** Logical exclusive or. */
    public static final BinaryOp LOGICAL_XOR = REGISTRY.add(
            binary("logical_xor", LOGIC, (x, y) -> x.call(ScalarOp.XOR, y)).complex());

    /** Logical not. */
    public static final UnaryOp LOGICAL_NOT =
            REGISTRY.add(unary("logical_not", LOGIC, Expr::not).complex());

    /** Bitwise and. */
    public static final BinaryOp BITWISE_AND =
            REGISTRY.add(bits("bitwise_and", "bitwise_and_cpu", WHOLE, ScalarOp.AND));

    /** Bitwise or. */
    public static final BinaryOp BITWISE_OR = REGISTRY.add(bits("bitwise_or", "bitwise_or_cpu", WHOLE, ScalarOp.OR));

    /** Bitwise exclusive or. */
    public static final BinaryOp BITWISE_XOR =
            REGISTRY.add(bits("bitwise_xor", "bitwise_xor_cpu", WHOLE, ScalarOp.XOR));

    /** Bitwise not. */
    public static final UnaryOp BITWISE_NOT =
            REGISTRY.add(unary("bitwise_not", BITS, Expr::not).check(takes("bitwise_not_cpu", WHOLE)));

    /** Left shift. */
    public static final BinaryOp LEFT_SHIFT =
            REGISTRY.add(bits("bitwise_left_shift", "lshift_cpu", INTEGERS, ScalarOp.SHL));

    /** Right shift. */
    public static final BinaryOp RIGHT_SHIFT =
            REGISTRY.add(bits("bitwise_right_shift", "rshift_cpu", INTEGERS, ScalarOp.SHR));

    /** Test for NaN. */
    public static final UnaryOp ISNAN =
            REGISTRY.add(test("isnan", false, Expr::isNan).complex());

    /** Test for an infinity. */
    public static final UnaryOp ISINF = REGISTRY.add(
            test("isinf", false, x -> x.abs().eq(Double.POSITIVE_INFINITY)).complex());

    /** Test for a finite number. */
    public static final UnaryOp ISFINITE = REGISTRY.add(test(
                    "isfinite",
                    true,
                    x -> x.dtype().isComplex() ? x.sub(x).eq(0) : x.abs().lt(Double.POSITIVE_INFINITY))
            .complex());

    /** Test for positive infinity. */
    public static final UnaryOp ISPOSINF = REGISTRY.add(test("isposinf", false, x -> x.eq(Double.POSITIVE_INFINITY)));

    /** Test for negative infinity. */
    public static final UnaryOp ISNEGINF = REGISTRY.add(test("isneginf", false, x -> x.eq(Double.NEGATIVE_INFINITY)));

    /** Test for a real number, true for every supported dtype. */
    public static final UnaryOp ISREAL =
            REGISTRY.add(test("isreal", true, x -> x.eq(x).or(x.ne(x))));

    private static final TernaryOp WHERE =
            REGISTRY.add(ternary("where", SELECT, Expr::where).holdsScalars().complex());

    private static final TernaryOp MASKED_FILL =
            REGISTRY.add(ternary("masked_fill", FILL, (x, mask, value) -> mask.where(value, x))
                    .holdsScalars()
                    .node("MaskedFillBackward1")
                    .scalarNode("MaskedFillBackward0")
                    .complex());

    /** Returns the first operand where the condition is true, else the second; {@code torch.where}. */
    public static Tensor where(Tensor condition, Tensor input, Tensor other) {
        checkCondition(condition);
        return WHERE.call(condition, input, other);
    }

    /** Works as {@link #where(Tensor, Tensor, Tensor)} for a scalar and a tensor. */
    public static Tensor where(Tensor condition, Number input, Tensor other) {
        checkCondition(condition);
        return WHERE.call(condition, input, other);
    }

    /** Works as {@link #where(Tensor, Tensor, Tensor)} for a tensor and a scalar. */
    public static Tensor where(Tensor condition, Tensor input, Number other) {
        checkCondition(condition);
        return WHERE.call(condition, input, other);
    }

    /** Works as {@link #where(Tensor, Tensor, Tensor)} for two scalars. */
    public static Tensor where(Tensor condition, Number input, Number other) {
        checkCondition(condition);
        return WHERE.call(condition, input, other);
    }

    private static void checkCondition(Tensor condition) {
        if (condition.dtype() != Dtype.BOOL && condition.dtype() != Dtype.UINT8) {
            throw new CotangentException("where expected condition to be a boolean tensor, but got a tensor with dtype "
                    + condition.dtype().scalarName());
        }
    }

    /** Fills with a value where the mask is true; in place if {@code inPlace}. */
    public static Tensor maskedFill(Tensor self, Tensor mask, Tensor value, boolean inPlace) {
        if (value.dim() > 0) {
            throw new CotangentException("masked_fill only supports a 0-dimensional value tensor, but got tensor with "
                    + value.dim() + " dimension(s).");
        }
        checkMask(mask);
        return inPlace ? MASKED_FILL.callInPlace(self, mask, value) : MASKED_FILL.call(self, mask, value);
    }

    /** Works as {@link #maskedFill(Tensor, Tensor, Tensor, boolean)} with a scalar. */
    public static Tensor maskedFill(Tensor self, Tensor mask, Number value, boolean inPlace) {
        checkMask(mask);
        return inPlace ? MASKED_FILL.callInPlace(self, mask, value) : MASKED_FILL.call(self, mask, value);
    }

    private static void checkMask(Tensor mask) {
        if (mask.dtype() != Dtype.BOOL) {
            throw new CotangentException("masked_fill_ only supports boolean masks, but got mask with dtype "
                    + mask.dtype().cName());
        }
    }

    /** Returns whether |self - other| is at most {@code atol + rtol * |other|}. */
    public static Tensor isclose(Tensor self, Tensor other, double rtol, double atol, boolean equalNan) {
        if (self.dtype() != other.dtype()) {
            throw new CotangentException(self.dtype().scalarName() + " did not match "
                    + other.dtype().scalarName());
        }
        if (rtol < 0) {
            throw new CotangentException("rtol must be greater than or equal to zero, but got " + number(rtol));
        }
        if (atol < 0) {
            throw new CotangentException("atol must be greater than or equal to zero, but got " + number(atol));
        }
        Tensor a = self.detach();
        Tensor b = other.detach();
        boolean inexact = a.dtype().isDifferentiable();
        Tensor close = a.eq(b);
        if (equalNan && inexact) close = close.logicalOr(a.isnan().logicalAnd(b.isnan()));
        if (rtol == 0 && atol == 0) return close;
        Tensor wide = inexact ? b : b.to(Dtype.FLOAT32);
        Tensor distance =
                (a.dtype() == Dtype.BOOL ? a.to(Dtype.FLOAT32) : a).sub(wide).abs();
        Tensor allowed = wide.mul(rtol).abs().add(atol);
        return close.logicalOr(distance.isfinite().logicalAnd(distance.le(allowed)));
    }

    /** Returns a double as C++ streams print it: six digits. */
    static String number(double x) {
        String text = String.format(java.util.Locale.ROOT, "%.6g", x);
        return text.contains(".") && !text.contains("e")
                ? text.replaceAll("0+$", "").replaceAll("\\.$", "")
                : text;
    }
}
