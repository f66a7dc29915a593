package dev.cotangent;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.elementwise.ComparisonOps;

/**
 * Comparisons, truth values, bits and choices; rules as in {@link ArithmeticMethods}. Comparisons and questions give bool,
 * without gradient; in place they write 1 and 0 of this dtype.
 */
sealed interface ComparisonMethods permits Tensor {
    /** Where equal; {@code torch.eq}. */
    default Tensor eq(Tensor other) {
        return ComparisonOps.EQ.call((Tensor) this, other);
    }

    /** {@link #eq(Tensor)} of a number. */
    default Tensor eq(Number other) {
        return ComparisonOps.EQ.call((Tensor) this, other);
    }

    /** {@link #eq(Tensor)} in place. */
    default Tensor eq_(Tensor other) {
        return ComparisonOps.EQ.callInPlace((Tensor) this, other);
    }

    /** {@link #eq(Number)} in place. */
    default Tensor eq_(Number other) {
        return ComparisonOps.EQ.callInPlace((Tensor) this, other);
    }

    /** Where not equal; {@code torch.ne}. */
    default Tensor ne(Tensor other) {
        return ComparisonOps.NE.call((Tensor) this, other);
    }

    /** {@link #ne(Tensor)} of a number. */
    default Tensor ne(Number other) {
        return ComparisonOps.NE.call((Tensor) this, other);
    }

    /** {@link #ne(Tensor)} in place. */
    default Tensor ne_(Tensor other) {
        return ComparisonOps.NE.callInPlace((Tensor) this, other);
    }

    /** {@link #ne(Number)} in place. */
    default Tensor ne_(Number other) {
        return ComparisonOps.NE.callInPlace((Tensor) this, other);
    }

    /** Another name of {@link #ne(Tensor)}. */
    default Tensor notEqual(Tensor other) {
        return ne(other);
    }

    /** Another name of {@link #ne(Number)}. */
    default Tensor notEqual(Number other) {
        return ne(other);
    }

    /** Where less; {@code torch.lt}. */
    default Tensor lt(Tensor other) {
        return ComparisonOps.LT.call((Tensor) this, other);
    }

    /** {@link #lt(Tensor)} of a number. */
    default Tensor lt(Number other) {
        return ComparisonOps.LT.call((Tensor) this, other);
    }

    /** {@link #lt(Tensor)} in place. */
    default Tensor lt_(Tensor other) {
        return ComparisonOps.LT.callInPlace((Tensor) this, other);
    }

    /** {@link #lt(Number)} in place. */
    default Tensor lt_(Number other) {
        return ComparisonOps.LT.callInPlace((Tensor) this, other);
    }

    /** Another name of {@link #lt(Tensor)}. */
    default Tensor less(Tensor other) {
        return lt(other);
    }

    /** Another name of {@link #lt(Number)}. */
    default Tensor less(Number other) {
        return lt(other);
    }

    /** Where less or equal; {@code torch.le}. */
    default Tensor le(Tensor other) {
        return ComparisonOps.LE.call((Tensor) this, other);
    }

    /** {@link #le(Tensor)} of a number. */
    default Tensor le(Number other) {
        return ComparisonOps.LE.call((Tensor) this, other);
    }

    /** {@link #le(Tensor)} in place. */
    default Tensor le_(Tensor other) {
        return ComparisonOps.LE.callInPlace((Tensor) this, other);
    }

    /** {@link #le(Number)} in place. */
    default Tensor le_(Number other) {
        return ComparisonOps.LE.callInPlace((Tensor) this, other);
    }

    /** Another name of {@link #le(Tensor)}. */
    default Tensor lessEqual(Tensor other) {
        return le(other);
    }

    /** Another name of {@link #le(Number)}. */
    default Tensor lessEqual(Number other) {
        return le(other);
    }

    /** Where greater; {@code torch.gt}. */
    default Tensor gt(Tensor other) {
        return ComparisonOps.GT.call((Tensor) this, other);
    }

    /** {@link #gt(Tensor)} of a number. */
    default Tensor gt(Number other) {
        return ComparisonOps.GT.call((Tensor) this, other);
    }

    /** {@link #gt(Tensor)} in place. */
    default Tensor gt_(Tensor other) {
        return ComparisonOps.GT.callInPlace((Tensor) this, other);
    }

    /** {@link #gt(Number)} in place. */
    default Tensor gt_(Number other) {
        return ComparisonOps.GT.callInPlace((Tensor) this, other);
    }

    /** Another name of {@link #gt(Tensor)}. */
    default Tensor greater(Tensor other) {
        return gt(other);
    }

    /** Another name of {@link #gt(Number)}. */
    default Tensor greater(Number other) {
        return gt(other);
    }

    /** Where greater or equal; {@code torch.ge}. */
    default Tensor ge(Tensor other) {
        return ComparisonOps.GE.call((Tensor) this, other);
    }

    /** {@link #ge(Tensor)} of a number. */
    default Tensor ge(Number other) {
        return ComparisonOps.GE.call((Tensor) this, other);
    }

    /** {@link #ge(Tensor)} in place. */
    default Tensor ge_(Tensor other) {
        return ComparisonOps.GE.callInPlace((Tensor) this, other);
    }

    /** {@link #ge(Number)} in place. */
    default Tensor ge_(Number other) {
        return ComparisonOps.GE.callInPlace((Tensor) this, other);
    }

    /** Another name of {@link #ge(Tensor)}. */
    default Tensor greaterEqual(Tensor other) {
        return ge(other);
    }

    /** Another name of {@link #ge(Number)}. */
    default Tensor greaterEqual(Number other) {
        return ge(other);
    }

    /** Where both are not zero; {@code torch.logical_and}. */
    default Tensor logicalAnd(Tensor other) {
        return ComparisonOps.LOGICAL_AND.call((Tensor) this, other);
    }

    /** {@link #logicalAnd(Tensor)} in place. */
    default Tensor logicalAnd_(Tensor other) {
        return ComparisonOps.LOGICAL_AND.callInPlace((Tensor) this, other);
    }

    /** Where one is, or both are not zero; {@code torch.logical_or}. */
    default Tensor logicalOr(Tensor other) {
        return ComparisonOps.LOGICAL_OR.call((Tensor) this, other);
    }

    /** {@link #logicalOr(Tensor)} in place. */
    default Tensor logicalOr_(Tensor other) {
        return ComparisonOps.LOGICAL_OR.callInPlace((Tensor) this, other);
    }

    /** Where one is, not both not zero; {@code torch.logical_xor}. */
    default Tensor logicalXor(Tensor other) {
        return ComparisonOps.LOGICAL_XOR.call((Tensor) this, other);
    }

    /** {@link #logicalXor(Tensor)} in place. */
    default Tensor logicalXor_(Tensor other) {
        return ComparisonOps.LOGICAL_XOR.callInPlace((Tensor) this, other);
    }

    /** Where zero; {@code torch.logical_not}. */
    default Tensor logicalNot() {
        return ComparisonOps.LOGICAL_NOT.call((Tensor) this);
    }

    /** {@link #logicalNot()} in place. */
    default Tensor logicalNot_() {
        return ComparisonOps.LOGICAL_NOT.callInPlace((Tensor) this);
    }

    /** The bits set in both; {@code torch.bitwise_and}. Of integers and bool. */
    default Tensor bitwiseAnd(Tensor other) {
        return ComparisonOps.BITWISE_AND.call((Tensor) this, other);
    }

    /** {@link #bitwiseAnd(Tensor)} of a number. */
    default Tensor bitwiseAnd(Number other) {
        return ComparisonOps.BITWISE_AND.call((Tensor) this, other);
    }

    /** {@link #bitwiseAnd(Tensor)} in place. */
    default Tensor bitwiseAnd_(Tensor other) {
        return ComparisonOps.BITWISE_AND.callInPlace((Tensor) this, other);
    }

    /** {@link #bitwiseAnd(Number)} in place. */
    default Tensor bitwiseAnd_(Number other) {
        return ComparisonOps.BITWISE_AND.callInPlace((Tensor) this, other);
    }

    /** The bits set in one or both; {@code torch.bitwise_or}. Of integers and bool. */
    default Tensor bitwiseOr(Tensor other) {
        return ComparisonOps.BITWISE_OR.call((Tensor) this, other);
    }

    /** {@link #bitwiseOr(Tensor)} of a number. */
    default Tensor bitwiseOr(Number other) {
        return ComparisonOps.BITWISE_OR.call((Tensor) this, other);
    }

    /** {@link #bitwiseOr(Tensor)} in place. */
    default Tensor bitwiseOr_(Tensor other) {
        return ComparisonOps.BITWISE_OR.callInPlace((Tensor) this, other);
    }

    /** {@link #bitwiseOr(Number)} in place. */
    default Tensor bitwiseOr_(Number other) {
        return ComparisonOps.BITWISE_OR.callInPlace((Tensor) this, other);
    }

    /** The bits set in one alone; {@code torch.bitwise_xor}. Of integers and bool. */
    default Tensor bitwiseXor(Tensor other) {
        return ComparisonOps.BITWISE_XOR.call((Tensor) this, other);
    }

    /** {@link #bitwiseXor(Tensor)} of a number. */
    default Tensor bitwiseXor(Number other) {
        return ComparisonOps.BITWISE_XOR.call((Tensor) this, other);
    }

    /** {@link #bitwiseXor(Tensor)} in place. */
    default Tensor bitwiseXor_(Tensor other) {
        return ComparisonOps.BITWISE_XOR.callInPlace((Tensor) this, other);
    }

    /** {@link #bitwiseXor(Number)} in place. */
    default Tensor bitwiseXor_(Number other) {
        return ComparisonOps.BITWISE_XOR.callInPlace((Tensor) this, other);
    }

    /** Each bit turned; {@code torch.bitwise_not}. Of integers and bool. */
    default Tensor bitwiseNot() {
        return ComparisonOps.BITWISE_NOT.call((Tensor) this);
    }

    /** {@link #bitwiseNot()} in place. */
    default Tensor bitwiseNot_() {
        return ComparisonOps.BITWISE_NOT.callInPlace((Tensor) this);
    }

    /** {@code this * 2 ** other}; {@code torch.bitwise_left_shift}. Of integers. */
    default Tensor bitwiseLeftShift(Tensor other) {
        return ComparisonOps.LEFT_SHIFT.call((Tensor) this, other);
    }

    /** {@link #bitwiseLeftShift(Tensor)} of a number. */
    default Tensor bitwiseLeftShift(Number other) {
        return ComparisonOps.LEFT_SHIFT.call((Tensor) this, other);
    }

    /** {@link #bitwiseLeftShift(Tensor)} in place. */
    default Tensor bitwiseLeftShift_(Tensor other) {
        return ComparisonOps.LEFT_SHIFT.callInPlace((Tensor) this, other);
    }

    /** {@link #bitwiseLeftShift(Number)} in place. */
    default Tensor bitwiseLeftShift_(Number other) {
        return ComparisonOps.LEFT_SHIFT.callInPlace((Tensor) this, other);
    }

    /** {@code this / 2 ** other} rounded down; {@code torch.bitwise_right_shift}. Of integers. */
    default Tensor bitwiseRightShift(Tensor other) {
        return ComparisonOps.RIGHT_SHIFT.call((Tensor) this, other);
    }

    /** {@link #bitwiseRightShift(Tensor)} of a number. */
    default Tensor bitwiseRightShift(Number other) {
        return ComparisonOps.RIGHT_SHIFT.call((Tensor) this, other);
    }

    /** {@link #bitwiseRightShift(Tensor)} in place. */
    default Tensor bitwiseRightShift_(Tensor other) {
        return ComparisonOps.RIGHT_SHIFT.callInPlace((Tensor) this, other);
    }

    /** {@link #bitwiseRightShift(Number)} in place. */
    default Tensor bitwiseRightShift_(Number other) {
        return ComparisonOps.RIGHT_SHIFT.callInPlace((Tensor) this, other);
    }

    /** Where NaN; {@code torch.isnan}. */
    default Tensor isnan() {
        return ComparisonOps.ISNAN.call((Tensor) this);
    }

    /** Where infinite; {@code torch.isinf}. */
    default Tensor isinf() {
        return ComparisonOps.ISINF.call((Tensor) this);
    }

    /** Where neither infinite nor NaN; {@code torch.isfinite}. */
    default Tensor isfinite() {
        return ComparisonOps.ISFINITE.call((Tensor) this);
    }

    /** Where plus infinity; {@code torch.isposinf}. */
    default Tensor isposinf() {
        return ComparisonOps.ISPOSINF.call((Tensor) this);
    }

    /** Where minus infinity; {@code torch.isneginf}. */
    default Tensor isneginf() {
        return ComparisonOps.ISNEGINF.call((Tensor) this);
    }

    /** Where a real number: everywhere; {@code torch.isreal}. */
    default Tensor isreal() {
        return ComparisonOps.ISREAL.call((Tensor) this);
    }

    /** {@link #isclose(Tensor, double, double, boolean)} with tolerances 1e-5 and 1e-8, NaN not equal to NaN. */
    default Tensor isclose(Tensor other) {
        Arguments.notNull("isclose", "other", other);
        return isclose(other, 1e-5, 1e-8, false);
    }

    /** Where {@code |this - other| <= atol + rtol * |other|}; {@code torch.isclose}. Both of one dtype. */
    default Tensor isclose(Tensor other, double rtol, double atol, boolean equalNan) {
        Arguments.notNull("isclose", "other", other);
        return ComparisonOps.isclose((Tensor) this, other, rtol, atol, equalNan);
    }

    /** This where the condition (bool) holds, elsewhere {@code other}; {@code torch.where(condition, this, other)}. */
    default Tensor where(Tensor condition, Tensor other) {
        Arguments.notNull("where", "condition", condition);
        Arguments.notNull("where", "other", other);
        return ComparisonOps.where(condition, (Tensor) this, other);
    }

    /** {@link #where(Tensor, Tensor)} of a number. */
    default Tensor where(Tensor condition, Number other) {
        Arguments.notNull("where", "condition", condition);
        Arguments.notNull("where", "other", other);
        return ComparisonOps.where(condition, (Tensor) this, other);
    }

    /** A number where the mask (bool) holds, elsewhere this; {@code torch.masked_fill}. Of this dtype. */
    default Tensor maskedFill(Tensor mask, Number value) {
        Arguments.notNull("masked_fill", "mask", mask);
        Arguments.notNull("masked_fill", "value", value);
        return ComparisonOps.maskedFill((Tensor) this, mask, value, false);
    }

    /** {@link #maskedFill(Tensor, Number)} of a tensor without dimensions. */
    default Tensor maskedFill(Tensor mask, Tensor value) {
        Arguments.notNull("masked_fill", "mask", mask);
        Arguments.notNull("masked_fill", "value", value);
        return ComparisonOps.maskedFill((Tensor) this, mask, value, false);
    }

    /** {@link #maskedFill(Tensor, Number)} in place. */
    default Tensor maskedFill_(Tensor mask, Number value) {
        Arguments.notNull("masked_fill_", "mask", mask);
        Arguments.notNull("masked_fill_", "value", value);
        return ComparisonOps.maskedFill((Tensor) this, mask, value, true);
    }

    /** {@link #maskedFill(Tensor, Tensor)} in place. */
    default Tensor maskedFill_(Tensor mask, Tensor value) {
        Arguments.notNull("masked_fill_", "mask", mask);
        Arguments.notNull("masked_fill_", "value", value);
        return ComparisonOps.maskedFill((Tensor) this, mask, value, true);
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
     * Returns whether both have the same shape and the same elements, of whatever dtypes; {@code torch.equal}. NaN equals nothing.
     */
    default boolean equal(Tensor other) {
        Arguments.notNull("equal", "other", other);
        Tensor t = (Tensor) this;
        if (!java.util.Arrays.equals(
                Internals.layout(t).sizes(), Internals.layout(other).sizes())) return false;
        return t.numel() == 0 || eq(other).all().itemBoolean();
    }
}
