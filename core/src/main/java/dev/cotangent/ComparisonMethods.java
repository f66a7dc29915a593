package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.elementwise.ComparisonOps;
import dev.cotangent.internal.ops.elementwise.ComplexOps;

/**
 * Comparisons, logical and bitwise operations, and selection; rules as in {@link ArithmeticMethods}. Comparisons and
 * tests return bool and are not differentiable; in place they write 1 and 0 in this dtype.
 */
sealed interface ComparisonMethods permits Tensor {
    /** Compares with {@code ==}; {@code torch.eq}. */
    default Tensor eq(Tensor other) {
        return end(start("eq", this, other), ComparisonOps.EQ.call((Tensor) this, other));
    }

    /** Works as {@link #eq(Tensor)} with a scalar. */
    default Tensor eq(Number other) {
        return end(start("eq", this), ComparisonOps.EQ.call((Tensor) this, other));
    }

    /** Works as {@link #eq(Tensor)}, in place. */
    default Tensor eq_(Tensor other) {
        return end(start("eq_", this, other), ComparisonOps.EQ.callInPlace((Tensor) this, other));
    }

    /** Works as {@link #eq(Number)}, in place. */
    default Tensor eq_(Number other) {
        return end(start("eq_", this), ComparisonOps.EQ.callInPlace((Tensor) this, other));
    }

    /** Compares with {@code !=}; {@code torch.ne}. */
    default Tensor ne(Tensor other) {
        return end(start("ne", this, other), ComparisonOps.NE.call((Tensor) this, other));
    }

    /** Works as {@link #ne(Tensor)} with a scalar. */
    default Tensor ne(Number other) {
        return end(start("ne", this), ComparisonOps.NE.call((Tensor) this, other));
    }

    /** Works as {@link #ne(Tensor)}, in place. */
    default Tensor ne_(Tensor other) {
        return end(start("ne_", this, other), ComparisonOps.NE.callInPlace((Tensor) this, other));
    }

    /** Works as {@link #ne(Number)}, in place. */
    default Tensor ne_(Number other) {
        return end(start("ne_", this), ComparisonOps.NE.callInPlace((Tensor) this, other));
    }

    /** Works as {@link #ne(Tensor)}. */
    default Tensor notEqual(Tensor other) {
        return ne(other);
    }

    /** Works as {@link #ne(Number)}. */
    default Tensor notEqual(Number other) {
        return ne(other);
    }

    /** Compares with {@code <}; {@code torch.lt}. */
    default Tensor lt(Tensor other) {
        return end(start("lt", this, other), ComparisonOps.LT.call((Tensor) this, other));
    }

    /** Works as {@link #lt(Tensor)} with a scalar. */
    default Tensor lt(Number other) {
        return end(start("lt", this), ComparisonOps.LT.call((Tensor) this, other));
    }

    /** Works as {@link #lt(Tensor)}, in place. */
    default Tensor lt_(Tensor other) {
        return end(start("lt_", this, other), ComparisonOps.LT.callInPlace((Tensor) this, other));
    }

    /** Works as {@link #lt(Number)}, in place. */
    default Tensor lt_(Number other) {
        return end(start("lt_", this), ComparisonOps.LT.callInPlace((Tensor) this, other));
    }

    /** Works as {@link #lt(Tensor)}. */
    default Tensor less(Tensor other) {
        return lt(other);
    }

    /** Works as {@link #lt(Number)}. */
    default Tensor less(Number other) {
        return lt(other);
    }

    /** Compares with {@code <=}; {@code torch.le}. */
    default Tensor le(Tensor other) {
        return end(start("le", this, other), ComparisonOps.LE.call((Tensor) this, other));
    }

    /** Works as {@link #le(Tensor)} with a scalar. */
    default Tensor le(Number other) {
        return end(start("le", this), ComparisonOps.LE.call((Tensor) this, other));
    }

    /** Works as {@link #le(Tensor)}, in place. */
    default Tensor le_(Tensor other) {
        return end(start("le_", this, other), ComparisonOps.LE.callInPlace((Tensor) this, other));
    }

    /** Works as {@link #le(Number)}, in place. */
    default Tensor le_(Number other) {
        return end(start("le_", this), ComparisonOps.LE.callInPlace((Tensor) this, other));
    }

    /** Works as {@link #le(Tensor)}. */
    default Tensor lessEqual(Tensor other) {
        return le(other);
    }

    /** Works as {@link #le(Number)}. */
    default Tensor lessEqual(Number other) {
        return le(other);
    }

    /** Compares with {@code >}; {@code torch.gt}. */
    default Tensor gt(Tensor other) {
        return end(start("gt", this, other), ComparisonOps.GT.call((Tensor) this, other));
    }

    /** Works as {@link #gt(Tensor)} with a scalar. */
    default Tensor gt(Number other) {
        return end(start("gt", this), ComparisonOps.GT.call((Tensor) this, other));
    }

    /** Works as {@link #gt(Tensor)}, in place. */
    default Tensor gt_(Tensor other) {
        return end(start("gt_", this, other), ComparisonOps.GT.callInPlace((Tensor) this, other));
    }

    /** Works as {@link #gt(Number)}, in place. */
    default Tensor gt_(Number other) {
        return end(start("gt_", this), ComparisonOps.GT.callInPlace((Tensor) this, other));
    }

    /** Works as {@link #gt(Tensor)}. */
    default Tensor greater(Tensor other) {
        return gt(other);
    }

    /** Works as {@link #gt(Number)}. */
    default Tensor greater(Number other) {
        return gt(other);
    }

    /** Compares with {@code >=}; {@code torch.ge}. */
    default Tensor ge(Tensor other) {
        return end(start("ge", this, other), ComparisonOps.GE.call((Tensor) this, other));
    }

    /** Works as {@link #ge(Tensor)} with a scalar. */
    default Tensor ge(Number other) {
        return end(start("ge", this), ComparisonOps.GE.call((Tensor) this, other));
    }

    /** Works as {@link #ge(Tensor)}, in place. */
    default Tensor ge_(Tensor other) {
        return end(start("ge_", this, other), ComparisonOps.GE.callInPlace((Tensor) this, other));
    }

    /** Works as {@link #ge(Number)}, in place. */
    default Tensor ge_(Number other) {
        return end(start("ge_", this), ComparisonOps.GE.callInPlace((Tensor) this, other));
    }

    /** Works as {@link #ge(Tensor)}. */
    default Tensor greaterEqual(Tensor other) {
        return ge(other);
    }

    /** Works as {@link #ge(Number)}. */
    default Tensor greaterEqual(Number other) {
        return ge(other);
    }

    /** Tests whether both are nonzero; {@code torch.logical_and}. */
    default Tensor logicalAnd(Tensor other) {
        return end(start("logical_and", this, other), ComparisonOps.LOGICAL_AND.call((Tensor) this, other));
    }

    /** Works as {@link #logicalAnd(Tensor)}, in place. */
    default Tensor logicalAnd_(Tensor other) {
        return end(start("logical_and_", this, other), ComparisonOps.LOGICAL_AND.callInPlace((Tensor) this, other));
    }

    /** Tests whether at least one is nonzero; {@code torch.logical_or}. */
    default Tensor logicalOr(Tensor other) {
        return end(start("logical_or", this, other), ComparisonOps.LOGICAL_OR.call((Tensor) this, other));
    }

    /** Works as {@link #logicalOr(Tensor)}, in place. */
    default Tensor logicalOr_(Tensor other) {
        return end(start("logical_or_", this, other), ComparisonOps.LOGICAL_OR.callInPlace((Tensor) this, other));
    }

    /** Tests whether exactly one is nonzero; {@code torch.logical_xor}. */
    default Tensor logicalXor(Tensor other) {
        return end(start("logical_xor", this, other), ComparisonOps.LOGICAL_XOR.call((Tensor) this, other));
    }

    /** Works as {@link #logicalXor(Tensor)}, in place. */
    default Tensor logicalXor_(Tensor other) {
        return end(start("logical_xor_", this, other), ComparisonOps.LOGICAL_XOR.callInPlace((Tensor) this, other));
    }

    /** Tests for zero; {@code torch.logical_not}. */
    default Tensor logicalNot() {
        return end(start("logical_not", this), ComparisonOps.LOGICAL_NOT.call((Tensor) this));
    }

    /** Works as {@link #logicalNot()}, in place. */
    default Tensor logicalNot_() {
        return end(start("logical_not_", this), ComparisonOps.LOGICAL_NOT.callInPlace((Tensor) this));
    }

    /** Computes the bitwise and; {@code torch.bitwise_and}. For integers and bool. */
    default Tensor bitwiseAnd(Tensor other) {
        return end(start("bitwise_and", this, other), ComparisonOps.BITWISE_AND.call((Tensor) this, other));
    }

    /** Works as {@link #bitwiseAnd(Tensor)} with a scalar. */
    default Tensor bitwiseAnd(Number other) {
        return end(start("bitwise_and", this), ComparisonOps.BITWISE_AND.call((Tensor) this, other));
    }

    /** Works as {@link #bitwiseAnd(Tensor)}, in place. */
    default Tensor bitwiseAnd_(Tensor other) {
        return end(start("bitwise_and_", this, other), ComparisonOps.BITWISE_AND.callInPlace((Tensor) this, other));
    }

    /** Works as {@link #bitwiseAnd(Number)}, in place. */
    default Tensor bitwiseAnd_(Number other) {
        return end(start("bitwise_and_", this), ComparisonOps.BITWISE_AND.callInPlace((Tensor) this, other));
    }

    /** Computes the bitwise or; {@code torch.bitwise_or}. For integers and bool. */
    default Tensor bitwiseOr(Tensor other) {
        return end(start("bitwise_or", this, other), ComparisonOps.BITWISE_OR.call((Tensor) this, other));
    }

    /** Works as {@link #bitwiseOr(Tensor)} with a scalar. */
    default Tensor bitwiseOr(Number other) {
        return end(start("bitwise_or", this), ComparisonOps.BITWISE_OR.call((Tensor) this, other));
    }

    /** Works as {@link #bitwiseOr(Tensor)}, in place. */
    default Tensor bitwiseOr_(Tensor other) {
        return end(start("bitwise_or_", this, other), ComparisonOps.BITWISE_OR.callInPlace((Tensor) this, other));
    }

    /** Works as {@link #bitwiseOr(Number)}, in place. */
    default Tensor bitwiseOr_(Number other) {
        return end(start("bitwise_or_", this), ComparisonOps.BITWISE_OR.callInPlace((Tensor) this, other));
    }

    /** Computes the bitwise exclusive or; {@code torch.bitwise_xor}. For integers and bool. */
    default Tensor bitwiseXor(Tensor other) {
        return end(start("bitwise_xor", this, other), ComparisonOps.BITWISE_XOR.call((Tensor) this, other));
    }

    /** Works as {@link #bitwiseXor(Tensor)} with a scalar. */
    default Tensor bitwiseXor(Number other) {
        return end(start("bitwise_xor", this), ComparisonOps.BITWISE_XOR.call((Tensor) this, other));
    }

    /** Works as {@link #bitwiseXor(Tensor)}, in place. */
    default Tensor bitwiseXor_(Tensor other) {
        return end(start("bitwise_xor_", this, other), ComparisonOps.BITWISE_XOR.callInPlace((Tensor) this, other));
    }

    /** Works as {@link #bitwiseXor(Number)}, in place. */
    default Tensor bitwiseXor_(Number other) {
        return end(start("bitwise_xor_", this), ComparisonOps.BITWISE_XOR.callInPlace((Tensor) this, other));
    }

    /** Computes the bitwise complement; {@code torch.bitwise_not}. For integers and bool. */
    default Tensor bitwiseNot() {
        return end(start("bitwise_not", this), ComparisonOps.BITWISE_NOT.call((Tensor) this));
    }

    /** Works as {@link #bitwiseNot()}, in place. */
    default Tensor bitwiseNot_() {
        return end(start("bitwise_not_", this), ComparisonOps.BITWISE_NOT.callInPlace((Tensor) this));
    }

    /** Computes {@code this * 2 ** other}; {@code torch.bitwise_left_shift}. For integers. */
    default Tensor bitwiseLeftShift(Tensor other) {
        return end(start("bitwise_left_shift", this, other), ComparisonOps.LEFT_SHIFT.call((Tensor) this, other));
    }

    /** Works as {@link #bitwiseLeftShift(Tensor)} with a scalar. */
    default Tensor bitwiseLeftShift(Number other) {
        return end(start("bitwise_left_shift", this), ComparisonOps.LEFT_SHIFT.call((Tensor) this, other));
    }

    /** Works as {@link #bitwiseLeftShift(Tensor)}, in place. */
    default Tensor bitwiseLeftShift_(Tensor other) {
        return end(
                start("bitwise_left_shift_", this, other), ComparisonOps.LEFT_SHIFT.callInPlace((Tensor) this, other));
    }

    /** Works as {@link #bitwiseLeftShift(Number)}, in place. */
    default Tensor bitwiseLeftShift_(Number other) {
        return end(start("bitwise_left_shift_", this), ComparisonOps.LEFT_SHIFT.callInPlace((Tensor) this, other));
    }

    /** Computes {@code this / 2 ** other} rounded down; {@code torch.bitwise_right_shift}. For integers. */
    default Tensor bitwiseRightShift(Tensor other) {
        return end(start("bitwise_right_shift", this, other), ComparisonOps.RIGHT_SHIFT.call((Tensor) this, other));
    }

    /** Works as {@link #bitwiseRightShift(Tensor)} with a scalar. */
    default Tensor bitwiseRightShift(Number other) {
        return end(start("bitwise_right_shift", this), ComparisonOps.RIGHT_SHIFT.call((Tensor) this, other));
    }

    /** Works as {@link #bitwiseRightShift(Tensor)}, in place. */
    default Tensor bitwiseRightShift_(Tensor other) {
        return end(
                start("bitwise_right_shift_", this, other),
                ComparisonOps.RIGHT_SHIFT.callInPlace((Tensor) this, other));
    }

    /** Works as {@link #bitwiseRightShift(Number)}, in place. */
    default Tensor bitwiseRightShift_(Number other) {
        return end(start("bitwise_right_shift_", this), ComparisonOps.RIGHT_SHIFT.callInPlace((Tensor) this, other));
    }

    /** Tests for NaN; {@code torch.isnan}. */
    default Tensor isnan() {
        return end(start("isnan", this), ComparisonOps.ISNAN.call((Tensor) this));
    }

    /** Tests for infinities; {@code torch.isinf}. */
    default Tensor isinf() {
        return end(start("isinf", this), ComparisonOps.ISINF.call((Tensor) this));
    }

    /** Tests for finite numbers; {@code torch.isfinite}. */
    default Tensor isfinite() {
        return end(start("isfinite", this), ComparisonOps.ISFINITE.call((Tensor) this));
    }

    /** Tests for positive infinity; {@code torch.isposinf}. */
    default Tensor isposinf() {
        return end(start("isposinf", this), ComparisonOps.ISPOSINF.call((Tensor) this));
    }

    /** Tests for negative infinity; {@code torch.isneginf}. */
    default Tensor isneginf() {
        return end(start("isneginf", this), ComparisonOps.ISNEGINF.call((Tensor) this));
    }

    /** Tests for real numbers, true everywhere; {@code torch.isreal}. */
    default Tensor isreal() {
        return end(start("isreal", this), ComplexOps.isreal((Tensor) this));
    }

    /**
     * Works as {@link #isclose(Tensor, double, double, boolean)} with tolerances 1e-5 and 1e-8, NaN not equal to NaN.
     */
    default Tensor isclose(Tensor other) {
        Arguments.notNull("isclose", "other", other);
        return isclose(other, 1e-5, 1e-8, false);
    }

    /** Tests whether {@code |this - other| <= atol + rtol * |other|}; {@code torch.isclose}. Both of one dtype. */
    default Tensor isclose(Tensor other, double rtol, double atol, boolean equalNan) {
        Arguments.notNull("isclose", "other", other);
        return end(start("isclose", this, other), ComparisonOps.isclose((Tensor) this, other, rtol, atol, equalNan));
    }

    /**
     * Returns this where the condition (bool) is true, else {@code other}; {@code torch.where(condition, this,
     * other)}.
     */
    default Tensor where(Tensor condition, Tensor other) {
        Arguments.notNull("where", "condition", condition);
        Arguments.notNull("where", "other", other);
        return end(start("where", this, condition, other), ComparisonOps.where(condition, (Tensor) this, other));
    }

    /** Works as {@link #where(Tensor, Tensor)} with a scalar. */
    default Tensor where(Tensor condition, Number other) {
        Arguments.notNull("where", "condition", condition);
        Arguments.notNull("where", "other", other);
        return end(start("where", this, condition), ComparisonOps.where(condition, (Tensor) this, other));
    }

    /** Replaces elements by a scalar where the mask (bool) is true; {@code torch.masked_fill}. Returns this dtype. */
    default Tensor maskedFill(Tensor mask, Number value) {
        Arguments.notNull("masked_fill", "mask", mask);
        Arguments.notNull("masked_fill", "value", value);
        return end(start("masked_fill", this, mask), ComparisonOps.maskedFill((Tensor) this, mask, value, false));
    }

    /** Works as {@link #maskedFill(Tensor, Number)} with a 0-dimensional tensor. */
    default Tensor maskedFill(Tensor mask, Tensor value) {
        Arguments.notNull("masked_fill", "mask", mask);
        Arguments.notNull("masked_fill", "value", value);
        return end(
                start("masked_fill", this, mask, value), ComparisonOps.maskedFill((Tensor) this, mask, value, false));
    }

    /** Works as {@link #maskedFill(Tensor, Number)}, in place. */
    default Tensor maskedFill_(Tensor mask, Number value) {
        Arguments.notNull("masked_fill_", "mask", mask);
        Arguments.notNull("masked_fill_", "value", value);
        return end(start("masked_fill_", this, mask), ComparisonOps.maskedFill((Tensor) this, mask, value, true));
    }

    /** Works as {@link #maskedFill(Tensor, Tensor)}, in place. */
    default Tensor maskedFill_(Tensor mask, Tensor value) {
        Arguments.notNull("masked_fill_", "mask", mask);
        Arguments.notNull("masked_fill_", "value", value);
        return end(
                start("masked_fill_", this, mask, value), ComparisonOps.maskedFill((Tensor) this, mask, value, true));
    }

    /** Returns whether all elements are close, with tolerances 1e-5 and 1e-8; {@code torch.allclose}. Both of one dtype. */
    default boolean allclose(Tensor other) {
        return allclose(other, 1e-5, 1e-8, false);
    }

    /** Returns whether {@code |this - other| <= atol + rtol * |other|} for all elements, broadcast; {@code torch.allclose}. */
    default boolean allclose(Tensor other, double rtol, double atol, boolean equalNan) {
        return isclose(other, rtol, atol, equalNan).all().itemBoolean();
    }

    /**
     * Returns whether both have the same shape and elements, of whatever dtypes; {@code torch.equal}. NaN equals
     * nothing.
     */
    default boolean equal(Tensor other) {
        Arguments.notNull("equal", "other", other);
        Tensor t = (Tensor) this;
        if (!java.util.Arrays.equals(
                Internals.layout(t).sizes(), Internals.layout(other).sizes())) return false;
        return t.numel() == 0 || eq(other).all().itemBoolean();
    }
}
