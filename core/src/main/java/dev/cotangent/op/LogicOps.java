package dev.cotangent.op;

import static dev.cotangent.op.Elementwise.Typing.BITS;
import static dev.cotangent.op.Elementwise.Typing.COMPARE;
import static dev.cotangent.op.Elementwise.Typing.FILL;
import static dev.cotangent.op.Elementwise.Typing.LOGIC;
import static dev.cotangent.op.Elementwise.Typing.SELECT;
import static dev.cotangent.op.Elementwise.row;
import static dev.cotangent.op.Table.INTEGERS;
import static dev.cotangent.op.Table.WHOLE;
import static dev.cotangent.op.Table.binary;
import static dev.cotangent.op.Table.takes;
import static dev.cotangent.op.Table.unary;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.program.Expr;
import dev.cotangent.program.ScalarOp;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The table of comparisons, truth values, bits and choices. */
public final class LogicOps {
    static final Table TABLE = new Table();

    private LogicOps() {}

    private static Elementwise.Builder compare(String name, ScalarOp op) {
        return binary(name, COMPARE, (x, y) -> x.call(op, y));
    }

    private static Elementwise.Builder bits(String name, String kernel, Set<Dtype> types, ScalarOp op) {
        return binary(name, BITS, (x, y) -> x.call(op, y)).check(takes(kernel, types));
    }

    /** A question that only floating point can answer with yes, or (where {@code whole}) any other type always does. */
    private static Elementwise.Builder test(String name, boolean whole, UnaryOperator<Expr> body) {
        return unary(name, COMPARE, x -> x.dtype().isFloatingPoint() ? body.apply(x) : whole ? x.eq(x) : x.ne(x));
    }

    /** Equal. */
    public static final Elementwise EQ = TABLE.add(compare("eq", ScalarOp.EQ));

    /** Not equal. */
    public static final Elementwise NE = TABLE.add(compare("ne", ScalarOp.NE));

    /** Less. */
    public static final Elementwise LT = TABLE.add(compare("lt", ScalarOp.LT));

    /** Less or equal. */
    public static final Elementwise LE = TABLE.add(compare("le", ScalarOp.LE));

    /** Greater. */
    public static final Elementwise GT = TABLE.add(compare("gt", ScalarOp.GT));

    /** Greater or equal. */
    public static final Elementwise GE = TABLE.add(compare("ge", ScalarOp.GE));

    /** Both true. */
    public static final Elementwise LOGICAL_AND = TABLE.add(binary("logical_and", LOGIC, Expr::and));

    /** One true, or both. */
    public static final Elementwise LOGICAL_OR = TABLE.add(binary("logical_or", LOGIC, Expr::or));

    /** One true, not both. */
    public static final Elementwise LOGICAL_XOR =
            TABLE.add(binary("logical_xor", LOGIC, (x, y) -> x.call(ScalarOp.XOR, y)));

    /** Not true. */
    public static final Elementwise LOGICAL_NOT = TABLE.add(unary("logical_not", LOGIC, Expr::not));

    /** Bits set in both. */
    public static final Elementwise BITWISE_AND =
            TABLE.add(bits("bitwise_and", "bitwise_and_cpu", WHOLE, ScalarOp.AND));

    /** Bits set in one or both. */
    public static final Elementwise BITWISE_OR = TABLE.add(bits("bitwise_or", "bitwise_or_cpu", WHOLE, ScalarOp.OR));

    /** Bits set in one alone. */
    public static final Elementwise BITWISE_XOR =
            TABLE.add(bits("bitwise_xor", "bitwise_xor_cpu", WHOLE, ScalarOp.XOR));

    /** Each bit turned. */
    public static final Elementwise BITWISE_NOT =
            TABLE.add(unary("bitwise_not", BITS, Expr::not).check(takes("bitwise_not_cpu", WHOLE)));

    /** Shifted to the left. */
    public static final Elementwise LEFT_SHIFT =
            TABLE.add(bits("bitwise_left_shift", "lshift_cpu", INTEGERS, ScalarOp.SHL));

    /** Shifted to the right. */
    public static final Elementwise RIGHT_SHIFT =
            TABLE.add(bits("bitwise_right_shift", "rshift_cpu", INTEGERS, ScalarOp.SHR));

    /** NaN. */
    public static final Elementwise ISNAN = TABLE.add(test("isnan", false, Expr::isNan));

    /** An infinity. */
    public static final Elementwise ISINF =
            TABLE.add(test("isinf", false, x -> x.abs().eq(Double.POSITIVE_INFINITY)));

    /** Neither infinite nor NaN. */
    public static final Elementwise ISFINITE =
            TABLE.add(test("isfinite", true, x -> x.abs().lt(Double.POSITIVE_INFINITY)));

    /** The positive infinity. */
    public static final Elementwise ISPOSINF = TABLE.add(test("isposinf", false, x -> x.eq(Double.POSITIVE_INFINITY)));

    /** The negative infinity. */
    public static final Elementwise ISNEGINF = TABLE.add(test("isneginf", false, x -> x.eq(Double.NEGATIVE_INFINITY)));

    /** A real number, as all here are. */
    public static final Elementwise ISREAL =
            TABLE.add(test("isreal", true, x -> x.eq(x).or(x.ne(x))));

    private static final Elementwise WHERE = TABLE.add(
            row("where", SELECT, 3, 0, (x, p) -> x[0].where(x[1], x[2])).holds(1));

    private static final Elementwise MASKED_FILL =
            TABLE.add(row("masked_fill", FILL, 3, 0, (x, p) -> x[1].where(x[2], x[0]))
                    .holds(2)
                    .node("MaskedFillBackward1")
                    .numberNode("MaskedFillBackward0"));

    /** Of each place the first value where the condition holds, otherwise the second; tensors or numbers. */
    public static Tensor where(Tensor condition, Object input, Object other) {
        if (condition.dtype() != Dtype.BOOL && condition.dtype() != Dtype.UINT8) {
            throw new CotangentException("where expected condition to be a boolean tensor, but got a tensor with dtype "
                    + condition.dtype().scalarName());
        }
        return WHERE.call(condition, input, other);
    }

    /** A value where the mask holds. */
    public static Tensor maskedFill(Tensor self, Tensor mask, Object value, boolean inPlace) {
        if (value instanceof Tensor t && t.dim() > 0) {
            throw new CotangentException("masked_fill only supports a 0-dimensional value tensor, but got tensor with "
                    + t.dim() + " dimension(s).");
        }
        if (mask.dtype() != Dtype.BOOL) {
            throw new CotangentException("masked_fill_ only supports boolean masks, but got mask with dtype "
                    + mask.dtype().cName());
        }
        return inPlace ? MASKED_FILL.callInPlace(self, mask, value) : MASKED_FILL.call(self, mask, value);
    }

    /** Whether the distance is at most {@code atol + rtol * |other|}. */
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
        boolean real = a.dtype().isFloatingPoint();
        Tensor close = a.eq(b);
        if (equalNan && real) close = close.logicalOr(a.isnan().logicalAnd(b.isnan()));
        if (rtol == 0 && atol == 0) return close;
        Tensor wide = real ? b : b.to(Dtype.FLOAT32);
        Tensor distance =
                (a.dtype() == Dtype.BOOL ? a.to(Dtype.FLOAT32) : a).sub(wide).abs();
        Tensor allowed = wide.mul(rtol).abs().add(atol);
        return close.logicalOr(distance.isfinite().logicalAnd(distance.le(allowed)));
    }

    /** As C++ streams print a double: six digits. */
    static String number(double x) {
        String text = String.format(java.util.Locale.ROOT, "%.6g", x);
        return text.contains(".") && !text.contains("e")
                ? text.replaceAll("0+$", "").replaceAll("\\.$", "")
                : text;
    }
}
