package dev.cotangent;

import dev.cotangent.internal.engine.AutocastMode;
import dev.cotangent.internal.ops.elementwise.ElementaryOps;

/**
 * Exponentials, logarithms, roots and trigonometric functions; rules as in {@link ArithmeticMethods}. Integers and
 * bool return float32.
 */
sealed interface ElementaryMethods permits Tensor {
    /** Computes e to the power of this; {@code torch.exp}. */
    default Tensor exp() {
        return ElementaryOps.EXP.call(AutocastMode.singleOnCuda((Tensor) this));
    }

    /** Works as {@link #exp()}, in place. */
    default Tensor exp_() {
        return ElementaryOps.EXP.callInPlace((Tensor) this);
    }

    /** Computes 2 to the power of this; {@code torch.exp2}. */
    default Tensor exp2() {
        return ElementaryOps.EXP2.call((Tensor) this);
    }

    /** Works as {@link #exp2()}, in place. */
    default Tensor exp2_() {
        return ElementaryOps.EXP2.callInPlace((Tensor) this);
    }

    /** Computes {@code exp(this) - 1}, accurate near zero; {@code torch.expm1}. */
    default Tensor expm1() {
        return ElementaryOps.EXPM1.call(AutocastMode.singleOnCuda((Tensor) this));
    }

    /** Works as {@link #expm1()}, in place. */
    default Tensor expm1_() {
        return ElementaryOps.EXPM1.callInPlace((Tensor) this);
    }

    /** Returns the natural logarithm; {@code torch.log}. */
    default Tensor log() {
        return ElementaryOps.LOG.call(AutocastMode.singleOnCuda((Tensor) this));
    }

    /** Works as {@link #log()}, in place. */
    default Tensor log_() {
        return ElementaryOps.LOG.callInPlace((Tensor) this);
    }

    /** Returns the logarithm to base 2; {@code torch.log2}. */
    default Tensor log2() {
        return ElementaryOps.LOG2.call(AutocastMode.singleOnCuda((Tensor) this));
    }

    /** Works as {@link #log2()}, in place. */
    default Tensor log2_() {
        return ElementaryOps.LOG2.callInPlace((Tensor) this);
    }

    /** Returns the logarithm to base 10; {@code torch.log10}. */
    default Tensor log10() {
        return ElementaryOps.LOG10.call(AutocastMode.singleOnCuda((Tensor) this));
    }

    /** Works as {@link #log10()}, in place. */
    default Tensor log10_() {
        return ElementaryOps.LOG10.callInPlace((Tensor) this);
    }

    /** Computes {@code log(1 + this)}, accurate near zero; {@code torch.log1p}. */
    default Tensor log1p() {
        return ElementaryOps.LOG1P.call(AutocastMode.singleOnCuda((Tensor) this));
    }

    /** Works as {@link #log1p()}, in place. */
    default Tensor log1p_() {
        return ElementaryOps.LOG1P.callInPlace((Tensor) this);
    }

    /** Computes {@code log(exp(this) + exp(other))} without overflow; {@code torch.logaddexp}. Floating point only. */
    default Tensor logaddexp(Tensor other) {
        return ElementaryOps.LOGADDEXP.call((Tensor) this, other);
    }

    /**
     * Computes {@code log2(2 ** this + 2 ** other)} without overflow; {@code torch.logaddexp2}. Floating point only.
     */
    default Tensor logaddexp2(Tensor other) {
        return ElementaryOps.LOGADDEXP2.call((Tensor) this, other);
    }

    /** Returns the square root; {@code torch.sqrt}. */
    default Tensor sqrt() {
        return ElementaryOps.SQRT.call((Tensor) this);
    }

    /** Works as {@link #sqrt()}, in place. */
    default Tensor sqrt_() {
        return ElementaryOps.SQRT.callInPlace((Tensor) this);
    }

    /** Computes {@code 1 / sqrt(this)}; {@code torch.rsqrt}. */
    default Tensor rsqrt() {
        return ElementaryOps.RSQRT.call(AutocastMode.singleOnCuda((Tensor) this));
    }

    /** Works as {@link #rsqrt()}, in place. */
    default Tensor rsqrt_() {
        return ElementaryOps.RSQRT.callInPlace((Tensor) this);
    }

    /** Computes {@code sqrt(this ** 2 + other ** 2)} without overflow; {@code torch.hypot}. Floating point only. */
    default Tensor hypot(Tensor other) {
        return ElementaryOps.HYPOT.call((Tensor) this, other);
    }

    /** Works as {@link #hypot(Tensor)}, in place. */
    default Tensor hypot_(Tensor other) {
        return ElementaryOps.HYPOT.callInPlace((Tensor) this, other);
    }

    /** Returns the sine; {@code torch.sin}. */
    default Tensor sin() {
        return ElementaryOps.SIN.call((Tensor) this);
    }

    /** Works as {@link #sin()}, in place. */
    default Tensor sin_() {
        return ElementaryOps.SIN.callInPlace((Tensor) this);
    }

    /** Returns the cosine; {@code torch.cos}. */
    default Tensor cos() {
        return ElementaryOps.COS.call((Tensor) this);
    }

    /** Works as {@link #cos()}, in place. */
    default Tensor cos_() {
        return ElementaryOps.COS.callInPlace((Tensor) this);
    }

    /** Returns the tangent; {@code torch.tan}. */
    default Tensor tan() {
        return ElementaryOps.TAN.call(AutocastMode.singleOnCuda((Tensor) this));
    }

    /** Works as {@link #tan()}, in place. */
    default Tensor tan_() {
        return ElementaryOps.TAN.callInPlace((Tensor) this);
    }

    /** Returns the inverse sine; {@code torch.asin}. */
    default Tensor asin() {
        return ElementaryOps.ASIN.call(AutocastMode.singleOnCuda((Tensor) this));
    }

    /** Works as {@link #asin()}, in place. */
    default Tensor asin_() {
        return ElementaryOps.ASIN.callInPlace((Tensor) this);
    }

    /** Returns the inverse cosine; {@code torch.acos}. */
    default Tensor acos() {
        return ElementaryOps.ACOS.call(AutocastMode.singleOnCuda((Tensor) this));
    }

    /** Works as {@link #acos()}, in place. */
    default Tensor acos_() {
        return ElementaryOps.ACOS.callInPlace((Tensor) this);
    }

    /** Returns the inverse tangent; {@code torch.atan}. */
    default Tensor atan() {
        return ElementaryOps.ATAN.call((Tensor) this);
    }

    /** Works as {@link #atan()}, in place. */
    default Tensor atan_() {
        return ElementaryOps.ATAN.callInPlace((Tensor) this);
    }

    /** Returns the angle of the point ({@code other}, {@code this}); {@code torch.atan2}. */
    default Tensor atan2(Tensor other) {
        return ElementaryOps.ATAN2.call((Tensor) this, other);
    }

    /** Works as {@link #atan2(Tensor)}, in place. */
    default Tensor atan2_(Tensor other) {
        return ElementaryOps.ATAN2.callInPlace((Tensor) this, other);
    }

    /** Returns the hyperbolic sine; {@code torch.sinh}. */
    default Tensor sinh() {
        return ElementaryOps.SINH.call(AutocastMode.singleOnCuda((Tensor) this));
    }

    /** Works as {@link #sinh()}, in place. */
    default Tensor sinh_() {
        return ElementaryOps.SINH.callInPlace((Tensor) this);
    }

    /** Returns the hyperbolic cosine; {@code torch.cosh}. */
    default Tensor cosh() {
        return ElementaryOps.COSH.call(AutocastMode.singleOnCuda((Tensor) this));
    }

    /** Works as {@link #cosh()}, in place. */
    default Tensor cosh_() {
        return ElementaryOps.COSH.callInPlace((Tensor) this);
    }

    /** Returns the hyperbolic tangent; {@code torch.tanh}. */
    default Tensor tanh() {
        return ElementaryOps.TANH.call((Tensor) this);
    }

    /** Works as {@link #tanh()}, in place. */
    default Tensor tanh_() {
        return ElementaryOps.TANH.callInPlace((Tensor) this);
    }

    /** Returns the inverse hyperbolic sine; {@code torch.asinh}. */
    default Tensor asinh() {
        return ElementaryOps.ASINH.call((Tensor) this);
    }

    /** Works as {@link #asinh()}, in place. */
    default Tensor asinh_() {
        return ElementaryOps.ASINH.callInPlace((Tensor) this);
    }

    /** Returns the inverse hyperbolic cosine; {@code torch.acosh}. */
    default Tensor acosh() {
        return ElementaryOps.ACOSH.call((Tensor) this);
    }

    /** Works as {@link #acosh()}, in place. */
    default Tensor acosh_() {
        return ElementaryOps.ACOSH.callInPlace((Tensor) this);
    }

    /** Returns the inverse hyperbolic tangent; {@code torch.atanh}. */
    default Tensor atanh() {
        return ElementaryOps.ATANH.call((Tensor) this);
    }

    /** Works as {@link #atanh()}, in place. */
    default Tensor atanh_() {
        return ElementaryOps.ATANH.callInPlace((Tensor) this);
    }

    /** Converts degrees to radians; {@code torch.deg2rad}. */
    default Tensor deg2rad() {
        return ElementaryOps.DEG2RAD.call((Tensor) this);
    }

    /** Works as {@link #deg2rad()}, in place. */
    default Tensor deg2rad_() {
        return ElementaryOps.DEG2RAD.callInPlace((Tensor) this);
    }

    /** Converts radians to degrees; {@code torch.rad2deg}. */
    default Tensor rad2deg() {
        return ElementaryOps.RAD2DEG.call((Tensor) this);
    }

    /** Works as {@link #rad2deg()}, in place. */
    default Tensor rad2deg_() {
        return ElementaryOps.RAD2DEG.callInPlace((Tensor) this);
    }

    /** Computes {@code sin(pi x) / (pi x)}, 1 at zero; {@code torch.sinc}. */
    default Tensor sinc() {
        return ElementaryOps.SINC.call((Tensor) this);
    }

    /** Works as {@link #sinc()}, in place. */
    default Tensor sinc_() {
        return ElementaryOps.SINC.callInPlace((Tensor) this);
    }

    /** Returns the argument in the complex plane: pi for negative numbers, else 0; {@code torch.angle}. */
    default Tensor angle() {
        return ElementaryOps.ANGLE.call((Tensor) this);
    }

    /** Returns the real part: this tensor; {@code torch.real}. */
    default Tensor real() {
        return (Tensor) this;
    }

    /** Returns the complex conjugate: this tensor; {@code torch.conj}. */
    default Tensor conj() {
        return (Tensor) this;
    }

    /** Returns the complex conjugate: this tensor; {@code torch.conj_physical}. */
    default Tensor conjPhysical() {
        return (Tensor) this;
    }

    /** Resolves a pending conjugation: returns this tensor; {@code torch.resolve_conj}. */
    default Tensor resolveConj() {
        return (Tensor) this;
    }

    /** Resolves a pending negation: returns this tensor; {@code torch.resolve_neg}. */
    default Tensor resolveNeg() {
        return (Tensor) this;
    }

    /** Works as {@link #conjPhysical()}, in place. */
    default Tensor conjPhysical_() {
        return (Tensor) this;
    }

    /** Fraction and exponent, so that this is {@code mantissa * 2^exponent}; {@code torch.frexp}. Floating point only. */
    default Frexp frexp() {
        return ElementaryOps.frexp((Tensor) this);
    }
}
