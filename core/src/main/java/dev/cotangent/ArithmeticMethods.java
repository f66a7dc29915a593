package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.engine.AutocastMode;
import dev.cotangent.internal.ops.elementwise.ArithmeticOps;
import dev.cotangent.internal.ops.elementwise.ComplexOps;

/**
 * Element-wise arithmetic.
 *
 * <p>For all element-wise operations, here and in {@link RoundingMethods}, {@link ElementaryMethods}, {@link
 * SpecialMethods}, {@link ComparisonMethods} and {@link ActivationMethods}: operands are broadcast and promoted as in
 * PyTorch; methods whose names end in an underscore work in place on this tensor, whose shape and dtype must fit;
 * gradients of every order are supported where PyTorch has one; unsupported dtypes throw PyTorch's error.
 */
sealed interface ArithmeticMethods permits Tensor {
    /** Computes {@code this + other}; {@code torch.add}. Logical or for bool. */
    default Tensor add(Tensor other) {
        return end(start("add", this, other), ArithmeticOps.ADD.call((Tensor) this, other));
    }

    /** Works as {@link #add(Tensor)} with a scalar. */
    default Tensor add(Number other) {
        return end(start("add", this), ArithmeticOps.ADD.call((Tensor) this, other));
    }

    /** Works as {@link #add(Tensor)}, in place. */
    default Tensor add_(Tensor other) {
        return end(start("add_", this, other), ArithmeticOps.ADD.callInPlace((Tensor) this, other));
    }

    /** Works as {@link #add(Number)}, in place. */
    default Tensor add_(Number other) {
        return end(start("add_", this), ArithmeticOps.ADD.callInPlace((Tensor) this, other));
    }

    /** Computes {@code this + alpha * other}; {@code torch.add} with alpha, an integer if the result is. */
    default Tensor add(Tensor other, Number alpha) {
        Arguments.notNull("add", "alpha", alpha);
        return end(start("add", this, other), ArithmeticOps.ADD_SCALED.call((Tensor) this, other, alpha));
    }

    /** Works as {@link #add(Tensor, Number)} with a scalar. */
    default Tensor add(Number other, Number alpha) {
        Arguments.notNull("add", "alpha", alpha);
        return end(start("add", this), ArithmeticOps.ADD_SCALED.call((Tensor) this, other, alpha));
    }

    /** Works as {@link #add(Tensor, Number)}, in place. */
    default Tensor add_(Tensor other, Number alpha) {
        Arguments.notNull("add_", "alpha", alpha);
        return end(start("add_", this, other), ArithmeticOps.ADD_SCALED.callInPlace((Tensor) this, other, alpha));
    }

    /** Works as {@link #add(Number, Number)}, in place. */
    default Tensor add_(Number other, Number alpha) {
        Arguments.notNull("add_", "alpha", alpha);
        return end(start("add_", this), ArithmeticOps.ADD_SCALED.callInPlace((Tensor) this, other, alpha));
    }

    /** Computes {@code this - other}; {@code torch.sub}. Not supported for bool. */
    default Tensor sub(Tensor other) {
        return end(start("sub", this, other), ArithmeticOps.SUB.call((Tensor) this, other));
    }

    /** Works as {@link #sub(Tensor)} with a scalar. */
    default Tensor sub(Number other) {
        return end(start("sub", this), ArithmeticOps.SUB.call((Tensor) this, other));
    }

    /** Works as {@link #sub(Tensor)}, in place. */
    default Tensor sub_(Tensor other) {
        return end(start("sub_", this, other), ArithmeticOps.SUB.callInPlace((Tensor) this, other));
    }

    /** Works as {@link #sub(Number)}, in place. */
    default Tensor sub_(Number other) {
        return end(start("sub_", this), ArithmeticOps.SUB.callInPlace((Tensor) this, other));
    }

    /** Computes {@code this - alpha * other}; {@code torch.sub} with alpha, an integer if the result is. */
    default Tensor sub(Tensor other, Number alpha) {
        Arguments.notNull("sub", "alpha", alpha);
        return end(start("sub", this, other), ArithmeticOps.SUB_SCALED.call((Tensor) this, other, alpha));
    }

    /** Works as {@link #sub(Tensor, Number)} with a scalar. */
    default Tensor sub(Number other, Number alpha) {
        Arguments.notNull("sub", "alpha", alpha);
        return end(start("sub", this), ArithmeticOps.SUB_SCALED.call((Tensor) this, other, alpha));
    }

    /** Works as {@link #sub(Tensor, Number)}, in place. */
    default Tensor sub_(Tensor other, Number alpha) {
        Arguments.notNull("sub_", "alpha", alpha);
        return end(start("sub_", this, other), ArithmeticOps.SUB_SCALED.callInPlace((Tensor) this, other, alpha));
    }

    /** Works as {@link #sub(Number, Number)}, in place. */
    default Tensor sub_(Number other, Number alpha) {
        Arguments.notNull("sub_", "alpha", alpha);
        return end(start("sub_", this), ArithmeticOps.SUB_SCALED.callInPlace((Tensor) this, other, alpha));
    }

    /** Computes {@code other - this}; {@code torch.rsub}. Not supported for bool. */
    default Tensor rsub(Tensor other) {
        return end(start("rsub", this, other), ArithmeticOps.RSUB.call((Tensor) this, other));
    }

    /** Works as {@link #rsub(Tensor)} with a scalar. */
    default Tensor rsub(Number other) {
        return end(start("rsub", this), ArithmeticOps.RSUB.call((Tensor) this, other));
    }

    /** Computes {@code other - alpha * this}; {@code torch.rsub} with alpha, an integer if the result is. */
    default Tensor rsub(Tensor other, Number alpha) {
        Arguments.notNull("rsub", "alpha", alpha);
        return end(start("rsub", this, other), ArithmeticOps.RSUB_SCALED.call((Tensor) this, other, alpha));
    }

    /** Works as {@link #rsub(Tensor, Number)} with a scalar. */
    default Tensor rsub(Number other, Number alpha) {
        Arguments.notNull("rsub", "alpha", alpha);
        return end(start("rsub", this), ArithmeticOps.RSUB_SCALED.call((Tensor) this, other, alpha));
    }

    /** Computes {@code this * other}; {@code torch.mul}. Logical and for bool. */
    default Tensor mul(Tensor other) {
        return end(start("mul", this, other), ArithmeticOps.MUL.call((Tensor) this, other));
    }

    /** Works as {@link #mul(Tensor)} with a scalar. */
    default Tensor mul(Number other) {
        return end(start("mul", this), ArithmeticOps.MUL.call((Tensor) this, other));
    }

    /** Works as {@link #mul(Tensor)}, in place. */
    default Tensor mul_(Tensor other) {
        return end(start("mul_", this, other), ArithmeticOps.MUL.callInPlace((Tensor) this, other));
    }

    /** Works as {@link #mul(Number)}, in place. */
    default Tensor mul_(Number other) {
        return end(start("mul_", this), ArithmeticOps.MUL.callInPlace((Tensor) this, other));
    }

    /** Computes {@code this / other}; {@code torch.div}. Integers return float32. */
    default Tensor div(Tensor other) {
        return end(start("div", this, other), ArithmeticOps.DIV.call((Tensor) this, other));
    }

    /** Works as {@link #div(Tensor)} with a scalar. */
    default Tensor div(Number other) {
        return end(start("div", this), ArithmeticOps.DIV.call((Tensor) this, other));
    }

    /** Works as {@link #div(Tensor)}, in place. */
    default Tensor div_(Tensor other) {
        return end(start("div_", this, other), ArithmeticOps.DIV.callInPlace((Tensor) this, other));
    }

    /** Works as {@link #div(Number)}, in place. */
    default Tensor div_(Number other) {
        return end(start("div_", this), ArithmeticOps.DIV.callInPlace((Tensor) this, other));
    }

    /**
     * Computes {@code this / other}, rounded towards zero for {@code "trunc"} or down for {@code "floor"}, unrounded
     * for null; {@code torch.div}. Rounded quotients of integers are integers.
     */
    default Tensor div(Tensor other, String roundingMode) {
        Arguments.notNull("div", "other", other);
        Arguments.notNull("div", "rounding_mode", roundingMode);
        return end(
                start("div", this, other), ArithmeticOps.division(roundingMode).call((Tensor) this, other));
    }

    /** Works as {@link #div(Tensor, String)} with an enum constant. */
    default Tensor div(Tensor other, DivRounding roundingMode) {
        return div(
                other, Arguments.notNull("div", "rounding_mode", roundingMode).text());
    }

    /** Works as {@link #div(Tensor, String)} with a scalar. */
    default Tensor div(Number other, String roundingMode) {
        Arguments.notNull("div", "other", other);
        Arguments.notNull("div", "rounding_mode", roundingMode);
        return end(start("div", this), ArithmeticOps.division(roundingMode).call((Tensor) this, other));
    }

    /** Works as {@link #div(Number, String)} with an enum constant. */
    default Tensor div(Number other, DivRounding roundingMode) {
        return div(
                other, Arguments.notNull("div", "rounding_mode", roundingMode).text());
    }

    /** Works as {@link #div(Tensor, String)}, in place. */
    default Tensor div_(Tensor other, String roundingMode) {
        Arguments.notNull("div_", "other", other);
        Arguments.notNull("div_", "rounding_mode", roundingMode);
        return end(
                start("div_", this, other), ArithmeticOps.division(roundingMode).callInPlace((Tensor) this, other));
    }

    /** Works as {@link #div_(Tensor, String)} with an enum constant. */
    default Tensor div_(Tensor other, DivRounding roundingMode) {
        return div_(
                other, Arguments.notNull("div_", "rounding_mode", roundingMode).text());
    }

    /** Works as {@link #div(Number, String)}, in place. */
    default Tensor div_(Number other, String roundingMode) {
        Arguments.notNull("div_", "other", other);
        Arguments.notNull("div_", "rounding_mode", roundingMode);
        return end(start("div_", this), ArithmeticOps.division(roundingMode).callInPlace((Tensor) this, other));
    }

    /** Works as {@link #div_(Number, String)} with an enum constant. */
    default Tensor div_(Number other, DivRounding roundingMode) {
        return div_(
                other, Arguments.notNull("div_", "rounding_mode", roundingMode).text());
    }

    /** Computes {@code other / this}; PyTorch's {@code other / tensor}. */
    default Tensor rdiv(Number other) {
        return end(
                start("rdiv", this),
                ArithmeticOps.RECIPROCAL
                        .call(AutocastMode.singleOnCuda((Tensor) this))
                        .mul(other));
    }

    /** Works as {@link #div(Tensor)}; {@code torch.true_divide}. */
    default Tensor trueDivide(Tensor other) {
        return end(start("true_divide", this, other), ArithmeticOps.DIV.call((Tensor) this, other));
    }

    /** Works as {@link #trueDivide(Tensor)} with a scalar. */
    default Tensor trueDivide(Number other) {
        return end(start("true_divide", this), ArithmeticOps.DIV.call((Tensor) this, other));
    }

    /** Works as {@link #trueDivide(Tensor)}, in place. */
    default Tensor trueDivide_(Tensor other) {
        return end(start("true_divide_", this, other), ArithmeticOps.DIV.callInPlace((Tensor) this, other));
    }

    /** Works as {@link #trueDivide(Number)}, in place. */
    default Tensor trueDivide_(Number other) {
        return end(start("true_divide_", this), ArithmeticOps.DIV.callInPlace((Tensor) this, other));
    }

    /**
     * Computes {@code this / other} rounded down, Python's {@code this // other}; {@code torch.floor_divide}. Not
     * differentiable.
     */
    default Tensor floorDivide(Tensor other) {
        return end(start("floor_divide", this, other), ArithmeticOps.FLOOR_DIVIDE.call((Tensor) this, other));
    }

    /** Works as {@link #floorDivide(Tensor)} with a scalar. */
    default Tensor floorDivide(Number other) {
        return end(start("floor_divide", this), ArithmeticOps.FLOOR_DIVIDE.call((Tensor) this, other));
    }

    /** Works as {@link #floorDivide(Tensor)}, in place. */
    default Tensor floorDivide_(Tensor other) {
        return end(start("floor_divide_", this, other), ArithmeticOps.FLOOR_DIVIDE.callInPlace((Tensor) this, other));
    }

    /** Works as {@link #floorDivide(Number)}, in place. */
    default Tensor floorDivide_(Number other) {
        return end(start("floor_divide_", this), ArithmeticOps.FLOOR_DIVIDE.callInPlace((Tensor) this, other));
    }

    /** Returns the remainder with the sign of {@code other}, Python's {@code this % other}; {@code torch.remainder}. */
    default Tensor remainder(Tensor other) {
        return end(start("remainder", this, other), ArithmeticOps.REMAINDER.call((Tensor) this, other));
    }

    /** Works as {@link #remainder(Tensor)} with a scalar. */
    default Tensor remainder(Number other) {
        return end(start("remainder", this), ArithmeticOps.REMAINDER.call((Tensor) this, other));
    }

    /** Works as {@link #remainder(Tensor)}, in place. */
    default Tensor remainder_(Tensor other) {
        return end(start("remainder_", this, other), ArithmeticOps.REMAINDER.callInPlace((Tensor) this, other));
    }

    /** Works as {@link #remainder(Number)}, in place. */
    default Tensor remainder_(Number other) {
        return end(start("remainder_", this), ArithmeticOps.REMAINDER.callInPlace((Tensor) this, other));
    }

    /**
     * Computes {@code other % this}, Python's remainder of a scalar by a tensor; {@code torch.remainder}. Not
     * differentiable.
     */
    default Tensor rremainder(Number other) {
        return end(start("rremainder", this), ArithmeticOps.RREMAINDER.call((Tensor) this, other));
    }

    /** Returns the remainder with the sign of {@code this}; {@code torch.fmod}. */
    default Tensor fmod(Tensor other) {
        return end(start("fmod", this, other), ArithmeticOps.FMOD.call((Tensor) this, other));
    }

    /** Works as {@link #fmod(Tensor)} with a scalar. */
    default Tensor fmod(Number other) {
        return end(start("fmod", this), ArithmeticOps.FMOD.call((Tensor) this, other));
    }

    /** Works as {@link #fmod(Tensor)}, in place. */
    default Tensor fmod_(Tensor other) {
        return end(start("fmod_", this, other), ArithmeticOps.FMOD.callInPlace((Tensor) this, other));
    }

    /** Works as {@link #fmod(Number)}, in place. */
    default Tensor fmod_(Number other) {
        return end(start("fmod_", this), ArithmeticOps.FMOD.callInPlace((Tensor) this, other));
    }

    /** Computes {@code this ** exponent}; {@code torch.pow}. */
    default Tensor pow(Tensor exponent) {
        return end(
                start("pow", this, exponent),
                ArithmeticOps.POW.call(AutocastMode.singleOnCuda((Tensor) this), AutocastMode.singleOnCuda(exponent)));
    }

    /** Computes {@code this ** exponent}; {@code torch.pow}. Throws for integers to a negative integer power. */
    default Tensor pow(Number exponent) {
        Arguments.notNull("pow", "exponent", exponent);
        return end(start("pow", this), ArithmeticOps.pow(AutocastMode.singleOnCuda((Tensor) this), exponent));
    }

    /** Works as {@link #pow(Tensor)}, in place. */
    default Tensor pow_(Tensor exponent) {
        return end(start("pow_", this, exponent), ArithmeticOps.POW.callInPlace((Tensor) this, exponent));
    }

    /** Works as {@link #pow(Number)}, in place. */
    default Tensor pow_(Number exponent) {
        Arguments.notNull("pow_", "exponent", exponent);
        return end(start("pow_", this), ArithmeticOps.powInPlace((Tensor) this, exponent));
    }

    /** Computes {@code base ** this}; {@code torch.pow} of a scalar and a tensor. */
    default Tensor rpow(Number base) {
        return end(start("rpow", this), ArithmeticOps.RPOW.call((Tensor) this, base));
    }

    /** Computes {@code this ** exponent} in float64; {@code torch.float_power}. */
    default Tensor floatPower(Tensor exponent) {
        Arguments.notNull("float_power", "exponent", exponent);
        return end(start("float_power", this, exponent), ArithmeticOps.floatPower((Tensor) this, exponent));
    }

    /** Works as {@link #floatPower(Tensor)} with a scalar. */
    default Tensor floatPower(Number exponent) {
        Arguments.notNull("float_power", "exponent", exponent);
        return end(start("float_power", this), ArithmeticOps.floatPower((Tensor) this, exponent));
    }

    /** Works as {@link #floatPower(Tensor)}, in place; this must be float64. */
    default Tensor floatPower_(Tensor exponent) {
        Arguments.notNull("float_power_", "exponent", exponent);
        return end(start("float_power_", this, exponent), ArithmeticOps.floatPowerInPlace((Tensor) this, exponent));
    }

    /** Works as {@link #floatPower(Number)}, in place; this must be float64. */
    default Tensor floatPower_(Number exponent) {
        Arguments.notNull("float_power_", "exponent", exponent);
        return end(start("float_power_", this), ArithmeticOps.floatPowerInPlace((Tensor) this, exponent));
    }

    /** Computes {@code this * this}; {@code torch.square}. */
    default Tensor square() {
        return pow(2);
    }

    /** Works as {@link #square()}, in place. */
    default Tensor square_() {
        return pow_(2);
    }

    /** Computes {@code -this}; {@code torch.neg}. Not supported for bool. */
    default Tensor neg() {
        return end(start("neg", this), ArithmeticOps.NEG.call((Tensor) this));
    }

    /** Works as {@link #neg()}, in place. */
    default Tensor neg_() {
        return end(start("neg_", this), ArithmeticOps.NEG.callInPlace((Tensor) this));
    }

    /** Returns this tensor; {@code torch.positive}. Not supported for bool. */
    default Tensor positive() {
        return end(start("positive", this), ArithmeticOps.positive((Tensor) this));
    }

    /** Returns the absolute value; {@code torch.abs}. Not supported for bool. */
    default Tensor abs() {
        return end(start("abs", this), ComplexOps.abs((Tensor) this));
    }

    /** Works as {@link #abs()}, in place. */
    default Tensor abs_() {
        return end(start("abs_", this), ComplexOps.absInPlace((Tensor) this));
    }

    /** Computes {@code 1 / this}; {@code torch.reciprocal}. Integers return float32. */
    default Tensor reciprocal() {
        return end(start("reciprocal", this), ArithmeticOps.RECIPROCAL.call(AutocastMode.singleOnCuda((Tensor) this)));
    }

    /** Works as {@link #reciprocal()}, in place. */
    default Tensor reciprocal_() {
        return end(start("reciprocal_", this), ArithmeticOps.RECIPROCAL.callInPlace((Tensor) this));
    }

    /** Computes {@code this + tensor1 * tensor2}; {@code torch.addcmul}. */
    default Tensor addcmul(Tensor tensor1, Tensor tensor2) {
        return addcmul(tensor1, tensor2, 1);
    }

    /** Computes {@code this + value * tensor1 * tensor2}; {@code torch.addcmul}. */
    default Tensor addcmul(Tensor tensor1, Tensor tensor2, Number value) {
        Arguments.notNull("addcmul", "value", value);
        return end(
                start("addcmul", this, tensor1, tensor2),
                ArithmeticOps.ADDCMUL.call((Tensor) this, tensor1, tensor2, value));
    }

    /** Works as {@link #addcmul(Tensor, Tensor)}, in place. */
    default Tensor addcmul_(Tensor tensor1, Tensor tensor2) {
        return addcmul_(tensor1, tensor2, 1);
    }

    /** Works as {@link #addcmul(Tensor, Tensor, Number)}, in place. */
    default Tensor addcmul_(Tensor tensor1, Tensor tensor2, Number value) {
        Arguments.notNull("addcmul_", "value", value);
        return end(
                start("addcmul_", this, tensor1, tensor2),
                ArithmeticOps.ADDCMUL.callInPlace((Tensor) this, tensor1, tensor2, value));
    }

    /** Computes {@code this + tensor1 / tensor2}; {@code torch.addcdiv}. Not supported for two integer tensors. */
    default Tensor addcdiv(Tensor tensor1, Tensor tensor2) {
        return addcdiv(tensor1, tensor2, 1);
    }

    /**
     * Computes {@code this + value * tensor1 / tensor2}; {@code torch.addcdiv}. Not supported for two integer
     * tensors.
     */
    default Tensor addcdiv(Tensor tensor1, Tensor tensor2, Number value) {
        Arguments.notNull("addcdiv", "value", value);
        return end(
                start("addcdiv", this, tensor1, tensor2),
                ArithmeticOps.ADDCDIV.call((Tensor) this, tensor1, tensor2, value));
    }

    /** Works as {@link #addcdiv(Tensor, Tensor)}, in place. */
    default Tensor addcdiv_(Tensor tensor1, Tensor tensor2) {
        return addcdiv_(tensor1, tensor2, 1);
    }

    /** Works as {@link #addcdiv(Tensor, Tensor, Number)}, in place. */
    default Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Number value) {
        Arguments.notNull("addcdiv_", "value", value);
        return end(
                start("addcdiv_", this, tensor1, tensor2),
                ArithmeticOps.ADDCDIV.callInPlace((Tensor) this, tensor1, tensor2, value));
    }

    /** Computes {@code this + weight * (end - this)}; {@code torch.lerp}. Floating point of one dtype. */
    default Tensor lerp(Tensor end, Tensor weight) {
        return end(start("lerp", this, end, weight), ArithmeticOps.LERP.call((Tensor) this, end, weight));
    }

    /** Works as {@link #lerp(Tensor, Tensor)} with a scalar. */
    default Tensor lerp(Tensor end, Number weight) {
        return end(start("lerp", this, end), ArithmeticOps.LERP.call((Tensor) this, end, weight));
    }

    /** Works as {@link #lerp(Tensor, Tensor)}, in place. */
    default Tensor lerp_(Tensor end, Tensor weight) {
        return end(start("lerp_", this, end, weight), ArithmeticOps.LERP.callInPlace((Tensor) this, end, weight));
    }

    /** Works as {@link #lerp(Tensor, Number)}, in place. */
    default Tensor lerp_(Tensor end, Number weight) {
        return end(start("lerp_", this, end), ArithmeticOps.LERP.callInPlace((Tensor) this, end, weight));
    }

    /** Computes {@code this * 2 ** other}; {@code torch.ldexp}. Integers return float32. */
    default Tensor ldexp(Tensor other) {
        Arguments.notNull("ldexp", "other", other);
        return end(start("ldexp", this, other), ArithmeticOps.ldexp((Tensor) this, other));
    }

    /** Works as {@link #ldexp(Tensor)}, in place. */
    default Tensor ldexp_(Tensor other) {
        Arguments.notNull("ldexp_", "other", other);
        return end(start("ldexp_", this, other), ArithmeticOps.ldexpInPlace((Tensor) this, other));
    }

    /** Returns the greatest common divisor of integers; {@code torch.gcd}. */
    default Tensor gcd(Tensor other) {
        return end(start("gcd", this, other), ArithmeticOps.GCD.call((Tensor) this, other));
    }

    /** Works as {@link #gcd(Tensor)}, in place. */
    default Tensor gcd_(Tensor other) {
        return end(start("gcd_", this, other), ArithmeticOps.GCD.callInPlace((Tensor) this, other));
    }

    /** Returns the least common multiple of integers; {@code torch.lcm}. */
    default Tensor lcm(Tensor other) {
        return end(start("lcm", this, other), ArithmeticOps.LCM.call((Tensor) this, other));
    }

    /** Works as {@link #lcm(Tensor)}, in place. */
    default Tensor lcm_(Tensor other) {
        return end(start("lcm_", this, other), ArithmeticOps.LCM.callInPlace((Tensor) this, other));
    }
}
