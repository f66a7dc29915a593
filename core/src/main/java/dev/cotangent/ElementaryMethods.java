package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.internal.engine.AutocastMode;
import dev.cotangent.internal.ops.elementwise.ComplexOps;
import dev.cotangent.internal.ops.elementwise.ElementaryOps;

/**
 * Exponentials, logarithms, roots and trigonometric functions; rules as in {@link ArithmeticMethods}. Integers and
 * bool return float32.
 */
sealed interface ElementaryMethods permits Tensor {
    /** Computes e to the power of this; {@code torch.exp}. */
    default Tensor exp() {
        return end(start("exp", this), ElementaryOps.EXP.call(AutocastMode.singleOnCuda((Tensor) this)));
    }

    /** Works as {@link #exp()}, in place. */
    default Tensor exp_() {
        return end(start("exp_", this), ElementaryOps.EXP.callInPlace((Tensor) this));
    }

    /** Computes 2 to the power of this; {@code torch.exp2}. */
    default Tensor exp2() {
        return end(start("exp2", this), ElementaryOps.EXP2.call((Tensor) this));
    }

    /** Works as {@link #exp2()}, in place. */
    default Tensor exp2_() {
        return end(start("exp2_", this), ElementaryOps.EXP2.callInPlace((Tensor) this));
    }

    /** Computes {@code exp(this) - 1}, accurate near zero; {@code torch.expm1}. */
    default Tensor expm1() {
        return end(start("expm1", this), ElementaryOps.EXPM1.call(AutocastMode.singleOnCuda((Tensor) this)));
    }

    /** Works as {@link #expm1()}, in place. */
    default Tensor expm1_() {
        return end(start("expm1_", this), ElementaryOps.EXPM1.callInPlace((Tensor) this));
    }

    /** Returns the natural logarithm; {@code torch.log}. */
    default Tensor log() {
        return end(start("log", this), ElementaryOps.LOG.call(AutocastMode.singleOnCuda((Tensor) this)));
    }

    /** Works as {@link #log()}, in place. */
    default Tensor log_() {
        return end(start("log_", this), ElementaryOps.LOG.callInPlace((Tensor) this));
    }

    /** Returns the logarithm to base 2; {@code torch.log2}. */
    default Tensor log2() {
        return end(start("log2", this), ElementaryOps.LOG2.call(AutocastMode.singleOnCuda((Tensor) this)));
    }

    /** Works as {@link #log2()}, in place. */
    default Tensor log2_() {
        return end(start("log2_", this), ElementaryOps.LOG2.callInPlace((Tensor) this));
    }

    /** Returns the logarithm to base 10; {@code torch.log10}. */
    default Tensor log10() {
        return end(start("log10", this), ElementaryOps.LOG10.call(AutocastMode.singleOnCuda((Tensor) this)));
    }

    /** Works as {@link #log10()}, in place. */
    default Tensor log10_() {
        return end(start("log10_", this), ElementaryOps.LOG10.callInPlace((Tensor) this));
    }

    /** Computes {@code log(1 + this)}, accurate near zero; {@code torch.log1p}. */
    default Tensor log1p() {
        return end(start("log1p", this), ElementaryOps.LOG1P.call(AutocastMode.singleOnCuda((Tensor) this)));
    }

    /** Works as {@link #log1p()}, in place. */
    default Tensor log1p_() {
        return end(start("log1p_", this), ElementaryOps.LOG1P.callInPlace((Tensor) this));
    }

    /** Computes {@code log(exp(this) + exp(other))} without overflow; {@code torch.logaddexp}. Floating point only. */
    default Tensor logaddexp(Tensor other) {
        return end(start("logaddexp", this, other), ElementaryOps.LOGADDEXP.call((Tensor) this, other));
    }

    /**
     * Computes {@code log2(2 ** this + 2 ** other)} without overflow; {@code torch.logaddexp2}. Floating point only.
     */
    default Tensor logaddexp2(Tensor other) {
        return end(start("logaddexp2", this, other), ElementaryOps.LOGADDEXP2.call((Tensor) this, other));
    }

    /** Returns the square root; {@code torch.sqrt}. */
    default Tensor sqrt() {
        return end(start("sqrt", this), ElementaryOps.SQRT.call((Tensor) this));
    }

    /** Works as {@link #sqrt()}, in place. */
    default Tensor sqrt_() {
        return end(start("sqrt_", this), ElementaryOps.SQRT.callInPlace((Tensor) this));
    }

    /** Computes {@code 1 / sqrt(this)}; {@code torch.rsqrt}. */
    default Tensor rsqrt() {
        return end(start("rsqrt", this), ElementaryOps.RSQRT.call(AutocastMode.singleOnCuda((Tensor) this)));
    }

    /** Works as {@link #rsqrt()}, in place. */
    default Tensor rsqrt_() {
        return end(start("rsqrt_", this), ElementaryOps.RSQRT.callInPlace((Tensor) this));
    }

    /** Computes {@code sqrt(this ** 2 + other ** 2)} without overflow; {@code torch.hypot}. Floating point only. */
    default Tensor hypot(Tensor other) {
        return end(start("hypot", this, other), ElementaryOps.HYPOT.call((Tensor) this, other));
    }

    /** Works as {@link #hypot(Tensor)}, in place. */
    default Tensor hypot_(Tensor other) {
        return end(start("hypot_", this, other), ElementaryOps.HYPOT.callInPlace((Tensor) this, other));
    }

    /** Returns the sine; {@code torch.sin}. */
    default Tensor sin() {
        return end(start("sin", this), ElementaryOps.SIN.call((Tensor) this));
    }

    /** Works as {@link #sin()}, in place. */
    default Tensor sin_() {
        return end(start("sin_", this), ElementaryOps.SIN.callInPlace((Tensor) this));
    }

    /** Returns the cosine; {@code torch.cos}. */
    default Tensor cos() {
        return end(start("cos", this), ElementaryOps.COS.call((Tensor) this));
    }

    /** Works as {@link #cos()}, in place. */
    default Tensor cos_() {
        return end(start("cos_", this), ElementaryOps.COS.callInPlace((Tensor) this));
    }

    /** Returns the tangent; {@code torch.tan}. */
    default Tensor tan() {
        return end(start("tan", this), ElementaryOps.TAN.call(AutocastMode.singleOnCuda((Tensor) this)));
    }

    /** Works as {@link #tan()}, in place. */
    default Tensor tan_() {
        return end(start("tan_", this), ElementaryOps.TAN.callInPlace((Tensor) this));
    }

    /** Returns the inverse sine; {@code torch.asin}. */
    default Tensor asin() {
        return end(start("asin", this), ElementaryOps.ASIN.call(AutocastMode.singleOnCuda((Tensor) this)));
    }

    /** Works as {@link #asin()}, in place. */
    default Tensor asin_() {
        return end(start("asin_", this), ElementaryOps.ASIN.callInPlace((Tensor) this));
    }

    /** Returns the inverse cosine; {@code torch.acos}. */
    default Tensor acos() {
        return end(start("acos", this), ElementaryOps.ACOS.call(AutocastMode.singleOnCuda((Tensor) this)));
    }

    /** Works as {@link #acos()}, in place. */
    default Tensor acos_() {
        return end(start("acos_", this), ElementaryOps.ACOS.callInPlace((Tensor) this));
    }

    /** Returns the inverse tangent; {@code torch.atan}. */
    default Tensor atan() {
        return end(start("atan", this), ElementaryOps.ATAN.call((Tensor) this));
    }

    /** Works as {@link #atan()}, in place. */
    default Tensor atan_() {
        return end(start("atan_", this), ElementaryOps.ATAN.callInPlace((Tensor) this));
    }

    /** Returns the angle of the point ({@code other}, {@code this}); {@code torch.atan2}. */
    default Tensor atan2(Tensor other) {
        return end(start("atan2", this, other), ElementaryOps.ATAN2.call((Tensor) this, other));
    }

    /** Works as {@link #atan2(Tensor)}, in place. */
    default Tensor atan2_(Tensor other) {
        return end(start("atan2_", this, other), ElementaryOps.ATAN2.callInPlace((Tensor) this, other));
    }

    /** Returns the hyperbolic sine; {@code torch.sinh}. */
    default Tensor sinh() {
        return end(start("sinh", this), ElementaryOps.SINH.call(AutocastMode.singleOnCuda((Tensor) this)));
    }

    /** Works as {@link #sinh()}, in place. */
    default Tensor sinh_() {
        return end(start("sinh_", this), ElementaryOps.SINH.callInPlace((Tensor) this));
    }

    /** Returns the hyperbolic cosine; {@code torch.cosh}. */
    default Tensor cosh() {
        return end(start("cosh", this), ElementaryOps.COSH.call(AutocastMode.singleOnCuda((Tensor) this)));
    }

    /** Works as {@link #cosh()}, in place. */
    default Tensor cosh_() {
        return end(start("cosh_", this), ElementaryOps.COSH.callInPlace((Tensor) this));
    }

    /** Returns the hyperbolic tangent; {@code torch.tanh}. */
    default Tensor tanh() {
        return end(start("tanh", this), ElementaryOps.TANH.call((Tensor) this));
    }

    /** Works as {@link #tanh()}, in place. */
    default Tensor tanh_() {
        return end(start("tanh_", this), ElementaryOps.TANH.callInPlace((Tensor) this));
    }

    /** Returns the inverse hyperbolic sine; {@code torch.asinh}. */
    default Tensor asinh() {
        return end(start("asinh", this), ElementaryOps.ASINH.call((Tensor) this));
    }

    /** Works as {@link #asinh()}, in place. */
    default Tensor asinh_() {
        return end(start("asinh_", this), ElementaryOps.ASINH.callInPlace((Tensor) this));
    }

    /** Returns the inverse hyperbolic cosine; {@code torch.acosh}. */
    default Tensor acosh() {
        return end(start("acosh", this), ElementaryOps.ACOSH.call((Tensor) this));
    }

    /** Works as {@link #acosh()}, in place. */
    default Tensor acosh_() {
        return end(start("acosh_", this), ElementaryOps.ACOSH.callInPlace((Tensor) this));
    }

    /** Returns the inverse hyperbolic tangent; {@code torch.atanh}. */
    default Tensor atanh() {
        return end(start("atanh", this), ElementaryOps.ATANH.call((Tensor) this));
    }

    /** Works as {@link #atanh()}, in place. */
    default Tensor atanh_() {
        return end(start("atanh_", this), ElementaryOps.ATANH.callInPlace((Tensor) this));
    }

    /** Converts degrees to radians; {@code torch.deg2rad}. */
    default Tensor deg2rad() {
        return end(start("deg2rad", this), ElementaryOps.DEG2RAD.call((Tensor) this));
    }

    /** Works as {@link #deg2rad()}, in place. */
    default Tensor deg2rad_() {
        return end(start("deg2rad_", this), ElementaryOps.DEG2RAD.callInPlace((Tensor) this));
    }

    /** Converts radians to degrees; {@code torch.rad2deg}. */
    default Tensor rad2deg() {
        return end(start("rad2deg", this), ElementaryOps.RAD2DEG.call((Tensor) this));
    }

    /** Works as {@link #rad2deg()}, in place. */
    default Tensor rad2deg_() {
        return end(start("rad2deg_", this), ElementaryOps.RAD2DEG.callInPlace((Tensor) this));
    }

    /** Computes {@code sin(pi x) / (pi x)}, 1 at zero; {@code torch.sinc}. */
    default Tensor sinc() {
        return end(start("sinc", this), ElementaryOps.SINC.call((Tensor) this));
    }

    /** Works as {@link #sinc()}, in place. */
    default Tensor sinc_() {
        return end(start("sinc_", this), ElementaryOps.SINC.callInPlace((Tensor) this));
    }

    /** Returns the argument in the complex plane: pi for negative numbers, else 0; {@code torch.angle}. */
    default Tensor angle() {
        return end(start("angle", this), ComplexOps.angle((Tensor) this));
    }

    /**
     * Splits into mantissa and exponent, so that this is {@code mantissa * 2^exponent}; {@code torch.frexp}. Floating
     * point only.
     */
    default Frexp frexp() {
        return end(start("frexp", this), ElementaryOps.frexp((Tensor) this));
    }
}
