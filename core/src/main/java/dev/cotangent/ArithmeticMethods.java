package dev.cotangent;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.elementwise.ArithmeticOps;

/**
 * Arithmetic on each element by itself.
 *
 * <p>This holds for every operation on single elements, in this family and in {@link RoundingMethods}, {@link ElementaryMethods},
 * {@link SpecialMethods}, {@link ComparisonMethods} and {@link ActivationMethods}: operands are broadcast and promoted as in PyTorch; a method
 * whose name ends in an underscore writes its result into this tensor, whose shape and dtype must fit; each operation
 * has gradients of every order where PyTorch has one, and raises PyTorch's error where it takes no such dtype.
 */
sealed interface ArithmeticMethods permits Tensor {
    /** {@code this + other}; {@code torch.add}. Of bool: or. */
    default Tensor add(Tensor other) {
        return ArithmeticOps.ADD.call((Tensor) this, other);
    }

    /** {@link #add(Tensor)} of a number. */
    default Tensor add(Number other) {
        return ArithmeticOps.ADD.call((Tensor) this, other);
    }

    /** {@link #add(Tensor)} in place. */
    default Tensor add_(Tensor other) {
        return ArithmeticOps.ADD.callInPlace((Tensor) this, other);
    }

    /** {@link #add(Number)} in place. */
    default Tensor add_(Number other) {
        return ArithmeticOps.ADD.callInPlace((Tensor) this, other);
    }

    /** {@code this + alpha * other}; {@code torch.add} with alpha, which must be whole where the result is. */
    default Tensor add(Tensor other, Number alpha) {
        Arguments.notNull("add", "alpha", alpha);
        return ArithmeticOps.ADD_SCALED.call((Tensor) this, other, alpha);
    }

    /** {@link #add(Tensor, Number)} of a number. */
    default Tensor add(Number other, Number alpha) {
        Arguments.notNull("add", "alpha", alpha);
        return ArithmeticOps.ADD_SCALED.call((Tensor) this, other, alpha);
    }

    /** {@link #add(Tensor, Number)} in place. */
    default Tensor add_(Tensor other, Number alpha) {
        Arguments.notNull("add_", "alpha", alpha);
        return ArithmeticOps.ADD_SCALED.callInPlace((Tensor) this, other, alpha);
    }

    /** {@link #add(Number, Number)} in place. */
    default Tensor add_(Number other, Number alpha) {
        Arguments.notNull("add_", "alpha", alpha);
        return ArithmeticOps.ADD_SCALED.callInPlace((Tensor) this, other, alpha);
    }

    /** {@code this - other}; {@code torch.sub}. Not of bool. */
    default Tensor sub(Tensor other) {
        return ArithmeticOps.SUB.call((Tensor) this, other);
    }

    /** {@link #sub(Tensor)} of a number. */
    default Tensor sub(Number other) {
        return ArithmeticOps.SUB.call((Tensor) this, other);
    }

    /** {@link #sub(Tensor)} in place. */
    default Tensor sub_(Tensor other) {
        return ArithmeticOps.SUB.callInPlace((Tensor) this, other);
    }

    /** {@link #sub(Number)} in place. */
    default Tensor sub_(Number other) {
        return ArithmeticOps.SUB.callInPlace((Tensor) this, other);
    }

    /** {@code this - alpha * other}; {@code torch.sub} with alpha, which must be whole where the result is. */
    default Tensor sub(Tensor other, Number alpha) {
        Arguments.notNull("sub", "alpha", alpha);
        return ArithmeticOps.SUB_SCALED.call((Tensor) this, other, alpha);
    }

    /** {@link #sub(Tensor, Number)} of a number. */
    default Tensor sub(Number other, Number alpha) {
        Arguments.notNull("sub", "alpha", alpha);
        return ArithmeticOps.SUB_SCALED.call((Tensor) this, other, alpha);
    }

    /** {@link #sub(Tensor, Number)} in place. */
    default Tensor sub_(Tensor other, Number alpha) {
        Arguments.notNull("sub_", "alpha", alpha);
        return ArithmeticOps.SUB_SCALED.callInPlace((Tensor) this, other, alpha);
    }

    /** {@link #sub(Number, Number)} in place. */
    default Tensor sub_(Number other, Number alpha) {
        Arguments.notNull("sub_", "alpha", alpha);
        return ArithmeticOps.SUB_SCALED.callInPlace((Tensor) this, other, alpha);
    }

    /** {@code other - this}; {@code torch.rsub}. Not of bool. */
    default Tensor rsub(Tensor other) {
        return ArithmeticOps.RSUB.call((Tensor) this, other);
    }

    /** {@link #rsub(Tensor)} of a number. */
    default Tensor rsub(Number other) {
        return ArithmeticOps.RSUB.call((Tensor) this, other);
    }

    /** {@code other - alpha * this}; {@code torch.rsub} with alpha, which must be whole where the result is. */
    default Tensor rsub(Tensor other, Number alpha) {
        Arguments.notNull("rsub", "alpha", alpha);
        return ArithmeticOps.RSUB_SCALED.call((Tensor) this, other, alpha);
    }

    /** {@link #rsub(Tensor, Number)} of a number. */
    default Tensor rsub(Number other, Number alpha) {
        Arguments.notNull("rsub", "alpha", alpha);
        return ArithmeticOps.RSUB_SCALED.call((Tensor) this, other, alpha);
    }

    /** {@code this * other}; {@code torch.mul}. Of bool: and. */
    default Tensor mul(Tensor other) {
        return ArithmeticOps.MUL.call((Tensor) this, other);
    }

    /** {@link #mul(Tensor)} of a number. */
    default Tensor mul(Number other) {
        return ArithmeticOps.MUL.call((Tensor) this, other);
    }

    /** {@link #mul(Tensor)} in place. */
    default Tensor mul_(Tensor other) {
        return ArithmeticOps.MUL.callInPlace((Tensor) this, other);
    }

    /** {@link #mul(Number)} in place. */
    default Tensor mul_(Number other) {
        return ArithmeticOps.MUL.callInPlace((Tensor) this, other);
    }

    /** {@code this / other}; {@code torch.div}. Integers give float32. */
    default Tensor div(Tensor other) {
        return ArithmeticOps.DIV.call((Tensor) this, other);
    }

    /** {@link #div(Tensor)} of a number. */
    default Tensor div(Number other) {
        return ArithmeticOps.DIV.call((Tensor) this, other);
    }

    /** {@link #div(Tensor)} in place. */
    default Tensor div_(Tensor other) {
        return ArithmeticOps.DIV.callInPlace((Tensor) this, other);
    }

    /** {@link #div(Number)} in place. */
    default Tensor div_(Number other) {
        return ArithmeticOps.DIV.callInPlace((Tensor) this, other);
    }

    /**
     * {@code this / other}, rounded where the mode is {@code "trunc"} (towards zero) or {@code "floor"} (down), not
     * where it is null; {@code torch.div}. Rounded, integers stay integers.
     */
    default Tensor div(Tensor other, String roundingMode) {
        Arguments.notNull("div", "other", other);
        Arguments.notNull("div", "rounding_mode", roundingMode);
        return ArithmeticOps.division(roundingMode).call((Tensor) this, other);
    }

    /** {@link #div(Tensor, String)} by the mode's constant. */
    default Tensor div(Tensor other, DivRounding roundingMode) {
        return div(
                other, Arguments.notNull("div", "rounding_mode", roundingMode).text());
    }

    /** {@link #div(Tensor, String)} of a number. */
    default Tensor div(Number other, String roundingMode) {
        Arguments.notNull("div", "other", other);
        Arguments.notNull("div", "rounding_mode", roundingMode);
        return ArithmeticOps.division(roundingMode).call((Tensor) this, other);
    }

    /** {@link #div(Number, String)} by the mode's constant. */
    default Tensor div(Number other, DivRounding roundingMode) {
        return div(
                other, Arguments.notNull("div", "rounding_mode", roundingMode).text());
    }

    /** {@link #div(Tensor, String)} in place. */
    default Tensor div_(Tensor other, String roundingMode) {
        Arguments.notNull("div_", "other", other);
        Arguments.notNull("div_", "rounding_mode", roundingMode);
        return ArithmeticOps.division(roundingMode).callInPlace((Tensor) this, other);
    }

    /** {@link #div_(Tensor, String)} by the mode's constant. */
    default Tensor div_(Tensor other, DivRounding roundingMode) {
        return div_(
                other, Arguments.notNull("div_", "rounding_mode", roundingMode).text());
    }

    /** {@link #div(Number, String)} in place. */
    default Tensor div_(Number other, String roundingMode) {
        Arguments.notNull("div_", "other", other);
        Arguments.notNull("div_", "rounding_mode", roundingMode);
        return ArithmeticOps.division(roundingMode).callInPlace((Tensor) this, other);
    }

    /** {@link #div_(Number, String)} by the mode's constant. */
    default Tensor div_(Number other, DivRounding roundingMode) {
        return div_(
                other, Arguments.notNull("div_", "rounding_mode", roundingMode).text());
    }

    /** {@code other / this}; PyTorch's {@code other / tensor}. */
    default Tensor rdiv(Number other) {
        return ArithmeticOps.RECIPROCAL.call((Tensor) this).mul(other);
    }

    /** {@link #div(Tensor)}, under its other name; {@code torch.true_divide}. */
    default Tensor trueDivide(Tensor other) {
        return ArithmeticOps.DIV.call((Tensor) this, other);
    }

    /** {@link #trueDivide(Tensor)} of a number. */
    default Tensor trueDivide(Number other) {
        return ArithmeticOps.DIV.call((Tensor) this, other);
    }

    /** {@link #trueDivide(Tensor)} in place. */
    default Tensor trueDivide_(Tensor other) {
        return ArithmeticOps.DIV.callInPlace((Tensor) this, other);
    }

    /** {@link #trueDivide(Number)} in place. */
    default Tensor trueDivide_(Number other) {
        return ArithmeticOps.DIV.callInPlace((Tensor) this, other);
    }

    /**
     * {@code this / other} rounded down, Python's {@code this // other}; {@code torch.floor_divide}. Without a
     * derivative.
     */
    default Tensor floorDivide(Tensor other) {
        return ArithmeticOps.FLOOR_DIVIDE.call((Tensor) this, other);
    }

    /** {@link #floorDivide(Tensor)} of a number. */
    default Tensor floorDivide(Number other) {
        return ArithmeticOps.FLOOR_DIVIDE.call((Tensor) this, other);
    }

    /** {@link #floorDivide(Tensor)} in place. */
    default Tensor floorDivide_(Tensor other) {
        return ArithmeticOps.FLOOR_DIVIDE.callInPlace((Tensor) this, other);
    }

    /** {@link #floorDivide(Number)} in place. */
    default Tensor floorDivide_(Number other) {
        return ArithmeticOps.FLOOR_DIVIDE.callInPlace((Tensor) this, other);
    }

    /** The remainder that has the sign of {@code other}, Python's {@code this % other}; {@code torch.remainder}. */
    default Tensor remainder(Tensor other) {
        return ArithmeticOps.REMAINDER.call((Tensor) this, other);
    }

    /** {@link #remainder(Tensor)} of a number. */
    default Tensor remainder(Number other) {
        return ArithmeticOps.REMAINDER.call((Tensor) this, other);
    }

    /** {@link #remainder(Tensor)} in place. */
    default Tensor remainder_(Tensor other) {
        return ArithmeticOps.REMAINDER.callInPlace((Tensor) this, other);
    }

    /** {@link #remainder(Number)} in place. */
    default Tensor remainder_(Number other) {
        return ArithmeticOps.REMAINDER.callInPlace((Tensor) this, other);
    }

    /**
     * {@code other % this}, Python's remainder of a number by a tensor; {@code torch.remainder}. Without a derivative.
     */
    default Tensor rremainder(Number other) {
        return ArithmeticOps.RREMAINDER.call((Tensor) this, other);
    }

    /** The remainder that has the sign of {@code this}; {@code torch.fmod}. */
    default Tensor fmod(Tensor other) {
        return ArithmeticOps.FMOD.call((Tensor) this, other);
    }

    /** {@link #fmod(Tensor)} of a number. */
    default Tensor fmod(Number other) {
        return ArithmeticOps.FMOD.call((Tensor) this, other);
    }

    /** {@link #fmod(Tensor)} in place. */
    default Tensor fmod_(Tensor other) {
        return ArithmeticOps.FMOD.callInPlace((Tensor) this, other);
    }

    /** {@link #fmod(Number)} in place. */
    default Tensor fmod_(Number other) {
        return ArithmeticOps.FMOD.callInPlace((Tensor) this, other);
    }

    /** {@code this ** exponent}; {@code torch.pow}. */
    default Tensor pow(Tensor exponent) {
        return ArithmeticOps.POW.call((Tensor) this, exponent);
    }

    /** {@code this ** exponent}; {@code torch.pow}. Not of integers to a negative integer. */
    default Tensor pow(Number exponent) {
        Arguments.notNull("pow", "exponent", exponent);
        return ArithmeticOps.pow((Tensor) this, exponent);
    }

    /** {@link #pow(Tensor)} in place. */
    default Tensor pow_(Tensor exponent) {
        return ArithmeticOps.POW.callInPlace((Tensor) this, exponent);
    }

    /** {@link #pow(Number)} in place. */
    default Tensor pow_(Number exponent) {
        Arguments.notNull("pow_", "exponent", exponent);
        return ArithmeticOps.powInPlace((Tensor) this, exponent);
    }

    /** {@code base ** this}; {@code torch.pow} of a number and a tensor. */
    default Tensor rpow(Number base) {
        return ArithmeticOps.RPOW.call((Tensor) this, base);
    }

    /** {@code this ** exponent} in float64; {@code torch.float_power}. */
    default Tensor floatPower(Tensor exponent) {
        Arguments.notNull("float_power", "exponent", exponent);
        return ArithmeticOps.floatPower((Tensor) this, exponent);
    }

    /** {@link #floatPower(Tensor)} of a number. */
    default Tensor floatPower(Number exponent) {
        Arguments.notNull("float_power", "exponent", exponent);
        return ArithmeticOps.floatPower((Tensor) this, exponent);
    }

    /** {@link #floatPower(Tensor)} in place; this must be float64. */
    default Tensor floatPower_(Tensor exponent) {
        Arguments.notNull("float_power_", "exponent", exponent);
        return ArithmeticOps.floatPowerInPlace((Tensor) this, exponent);
    }

    /** {@link #floatPower(Number)} in place; this must be float64. */
    default Tensor floatPower_(Number exponent) {
        Arguments.notNull("float_power_", "exponent", exponent);
        return ArithmeticOps.floatPowerInPlace((Tensor) this, exponent);
    }

    /** {@code this * this}; {@code torch.square}. */
    default Tensor square() {
        return pow(2);
    }

    /** {@link #square()} in place. */
    default Tensor square_() {
        return pow_(2);
    }

    /** {@code -this}; {@code torch.neg}. Not of bool. */
    default Tensor neg() {
        return ArithmeticOps.NEG.call((Tensor) this);
    }

    /** {@link #neg()} in place. */
    default Tensor neg_() {
        return ArithmeticOps.NEG.callInPlace((Tensor) this);
    }

    /** Itself; {@code torch.positive}. Not of bool. */
    default Tensor positive() {
        return ArithmeticOps.positive((Tensor) this);
    }

    /** The absolute value; {@code torch.abs}. Not of bool. */
    default Tensor abs() {
        return ArithmeticOps.ABS.call((Tensor) this);
    }

    /** {@link #abs()} in place. */
    default Tensor abs_() {
        return ArithmeticOps.ABS.callInPlace((Tensor) this);
    }

    /** {@code 1 / this}; {@code torch.reciprocal}. Integers give float32. */
    default Tensor reciprocal() {
        return ArithmeticOps.RECIPROCAL.call((Tensor) this);
    }

    /** {@link #reciprocal()} in place. */
    default Tensor reciprocal_() {
        return ArithmeticOps.RECIPROCAL.callInPlace((Tensor) this);
    }

    /** {@code this + tensor1 * tensor2}; {@code torch.addcmul}. */
    default Tensor addcmul(Tensor tensor1, Tensor tensor2) {
        return addcmul(tensor1, tensor2, 1);
    }

    /** {@code this + value * tensor1 * tensor2}; {@code torch.addcmul}. */
    default Tensor addcmul(Tensor tensor1, Tensor tensor2, Number value) {
        Arguments.notNull("addcmul", "value", value);
        return ArithmeticOps.ADDCMUL.call((Tensor) this, tensor1, tensor2, value);
    }

    /** {@link #addcmul(Tensor, Tensor)} in place. */
    default Tensor addcmul_(Tensor tensor1, Tensor tensor2) {
        return addcmul_(tensor1, tensor2, 1);
    }

    /** {@link #addcmul(Tensor, Tensor, Number)} in place. */
    default Tensor addcmul_(Tensor tensor1, Tensor tensor2, Number value) {
        Arguments.notNull("addcmul_", "value", value);
        return ArithmeticOps.ADDCMUL.callInPlace((Tensor) this, tensor1, tensor2, value);
    }

    /** {@code this + tensor1 / tensor2}; {@code torch.addcdiv}. Not of two integer tensors. */
    default Tensor addcdiv(Tensor tensor1, Tensor tensor2) {
        return addcdiv(tensor1, tensor2, 1);
    }

    /** {@code this + value * tensor1 / tensor2}; {@code torch.addcdiv}. Not of two integer tensors. */
    default Tensor addcdiv(Tensor tensor1, Tensor tensor2, Number value) {
        Arguments.notNull("addcdiv", "value", value);
        return ArithmeticOps.ADDCDIV.call((Tensor) this, tensor1, tensor2, value);
    }

    /** {@link #addcdiv(Tensor, Tensor)} in place. */
    default Tensor addcdiv_(Tensor tensor1, Tensor tensor2) {
        return addcdiv_(tensor1, tensor2, 1);
    }

    /** {@link #addcdiv(Tensor, Tensor, Number)} in place. */
    default Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Number value) {
        Arguments.notNull("addcdiv_", "value", value);
        return ArithmeticOps.ADDCDIV.callInPlace((Tensor) this, tensor1, tensor2, value);
    }

    /** {@code this + weight * (end - this)}; {@code torch.lerp}. Floating point of one dtype. */
    default Tensor lerp(Tensor end, Tensor weight) {
        return ArithmeticOps.LERP.call((Tensor) this, end, weight);
    }

    /** {@link #lerp(Tensor, Tensor)} of a number. */
    default Tensor lerp(Tensor end, Number weight) {
        return ArithmeticOps.LERP.call((Tensor) this, end, weight);
    }

    /** {@link #lerp(Tensor, Tensor)} in place. */
    default Tensor lerp_(Tensor end, Tensor weight) {
        return ArithmeticOps.LERP.callInPlace((Tensor) this, end, weight);
    }

    /** {@link #lerp(Tensor, Number)} in place. */
    default Tensor lerp_(Tensor end, Number weight) {
        return ArithmeticOps.LERP.callInPlace((Tensor) this, end, weight);
    }

    /** {@code this * 2 ** other}; {@code torch.ldexp}. Integers give float32. */
    default Tensor ldexp(Tensor other) {
        Arguments.notNull("ldexp", "other", other);
        return ArithmeticOps.ldexp((Tensor) this, other);
    }

    /** {@link #ldexp(Tensor)} in place. */
    default Tensor ldexp_(Tensor other) {
        Arguments.notNull("ldexp_", "other", other);
        return ArithmeticOps.ldexpInPlace((Tensor) this, other);
    }

    /** The greatest common divisor, of integers; {@code torch.gcd}. */
    default Tensor gcd(Tensor other) {
        return ArithmeticOps.GCD.call((Tensor) this, other);
    }

    /** {@link #gcd(Tensor)} in place. */
    default Tensor gcd_(Tensor other) {
        return ArithmeticOps.GCD.callInPlace((Tensor) this, other);
    }

    /** The least common multiple, of integers; {@code torch.lcm}. */
    default Tensor lcm(Tensor other) {
        return ArithmeticOps.LCM.call((Tensor) this, other);
    }

    /** {@link #lcm(Tensor)} in place. */
    default Tensor lcm_(Tensor other) {
        return ArithmeticOps.LCM.callInPlace((Tensor) this, other);
    }
}
