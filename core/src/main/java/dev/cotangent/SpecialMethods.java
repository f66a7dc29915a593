package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.internal.engine.AutocastMode;
import dev.cotangent.internal.ops.elementwise.BesselOps;
import dev.cotangent.internal.ops.elementwise.SpecialOps;
import org.jspecify.annotations.Nullable;

/**
 * Special functions: error function, gamma function, entropy; rules as in {@link ArithmeticMethods}. Integers and
 * bool return float32.
 */
sealed interface SpecialMethods permits Tensor {
    /** Returns the error function; {@code torch.erf}. */
    default Tensor erf() {
        return end(start("erf", this), SpecialOps.ERF.call((Tensor) this));
    }

    /** Works as {@link #erf()}, in place. */
    default Tensor erf_() {
        return end(start("erf_", this), SpecialOps.ERF.callInPlace((Tensor) this));
    }

    /** Returns the complementary error function, accurate where it is small; {@code torch.erfc}. */
    default Tensor erfc() {
        return end(start("erfc", this), SpecialOps.ERFC.call((Tensor) this));
    }

    /** Works as {@link #erfc()}, in place. */
    default Tensor erfc_() {
        return end(start("erfc_", this), SpecialOps.ERFC.callInPlace((Tensor) this));
    }

    /** Returns the inverse of the error function; {@code torch.erfinv}. */
    default Tensor erfinv() {
        return end(start("erfinv", this), SpecialOps.ERFINV.call(AutocastMode.singleOnCuda((Tensor) this)));
    }

    /** Works as {@link #erfinv()}, in place. */
    default Tensor erfinv_() {
        return end(start("erfinv_", this), SpecialOps.ERFINV.callInPlace((Tensor) this));
    }

    /** Returns the logarithm of the absolute value of the gamma function; {@code torch.lgamma}. */
    default Tensor lgamma() {
        return end(start("lgamma", this), SpecialOps.LGAMMA.call((Tensor) this));
    }

    /** Works as {@link #lgamma()}, in place. */
    default Tensor lgamma_() {
        return end(start("lgamma_", this), SpecialOps.LGAMMA.callInPlace((Tensor) this));
    }

    /** Returns the digamma function, the derivative of {@link #lgamma()}; {@code torch.digamma}. */
    default Tensor digamma() {
        return end(start("digamma", this), SpecialOps.DIGAMMA.call((Tensor) this));
    }

    /** Works as {@link #digamma()}, in place. */
    default Tensor digamma_() {
        return end(start("digamma_", this), SpecialOps.DIGAMMA.callInPlace((Tensor) this));
    }

    /**
     * Returns the {@code n}-th derivative of {@link #digamma()}; {@code torch.polygamma(n, this)}. Throws for a
     * negative order.
     */
    default Tensor polygamma(long n) {
        return end(start("polygamma", this), SpecialOps.polygamma(n, (Tensor) this, false));
    }

    /** Works as {@link #polygamma(long)}, in place. */
    default Tensor polygamma_(long n) {
        return end(start("polygamma_", this), SpecialOps.polygamma(n, (Tensor) this, true));
    }

    /**
     * Returns the logarithm of the absolute value of the multivariate gamma function of dimension {@code p}; {@code
     * torch.mvlgamma}.
     */
    default Tensor mvlgamma(long p) {
        return end(start("mvlgamma", this), SpecialOps.mvlgamma((Tensor) this, p));
    }

    /** Works as {@link #mvlgamma(long)}, in place. */
    default Tensor mvlgamma_(long p) {
        return end(start("mvlgamma_", this), SpecialOps.mvlgammaInPlace((Tensor) this, p));
    }

    /** Returns the cumulative distribution function of the standard normal distribution; {@code torch.special.ndtr}. */
    default Tensor ndtr() {
        return end(start("ndtr", this), SpecialOps.NDTR.call((Tensor) this));
    }

    /** Computes the modified Bessel function of the first kind of order 0; {@code torch.i0}. */
    default Tensor i0() {
        return end(start("i0", this), BesselOps.I0.call((Tensor) this));
    }

    /** Works as {@link #i0()} in place. */
    default Tensor i0_() {
        return end(start("i0_", this), BesselOps.I0.callInPlace((Tensor) this));
    }

    /**
     * Computes the regularised lower incomplete gamma function with this as the parameter; {@code torch.igamma}.
     * Floating point only; a gradient flows to {@code other} alone.
     */
    default Tensor igamma(Tensor other) {
        return end(start("igamma", this, other), SpecialOps.IGAMMA.call((Tensor) this, other));
    }

    /** Works as {@link #igamma(Tensor)} in place. */
    default Tensor igamma_(Tensor other) {
        return end(start("igamma_", this, other), SpecialOps.IGAMMA.callInPlace((Tensor) this, other));
    }

    /**
     * Computes the regularised upper incomplete gamma function, 1 minus {@link #igamma(Tensor)}; {@code torch.igammac}.
     */
    default Tensor igammac(Tensor other) {
        return end(start("igammac", this, other), SpecialOps.IGAMMAC.call((Tensor) this, other));
    }

    /** Works as {@link #igammac(Tensor)} in place. */
    default Tensor igammac_(Tensor other) {
        return end(start("igammac_", this, other), SpecialOps.IGAMMAC.callInPlace((Tensor) this, other));
    }

    /** Computes {@code -this * log(this)}, 0 at zero and minus infinity below; {@code torch.special.entr}. */
    default Tensor entr() {
        return end(start("entr", this), SpecialOps.ENTR.call((Tensor) this));
    }

    /** Computes {@code this * log(other)}, 0 where this is 0; {@code torch.xlogy}. */
    default Tensor xlogy(Tensor other) {
        return end(start("xlogy", this, other), SpecialOps.XLOGY.call((Tensor) this, other));
    }

    /** Works as {@link #xlogy(Tensor)} with a scalar. */
    default Tensor xlogy(Number other) {
        return end(start("xlogy", this), SpecialOps.XLOGY.call((Tensor) this, other));
    }

    /** Works as {@link #xlogy(Tensor)}, in place. */
    default Tensor xlogy_(Tensor other) {
        return end(start("xlogy_", this, other), SpecialOps.XLOGY.callInPlace((Tensor) this, other));
    }

    /** Works as {@link #xlogy(Number)}, in place. */
    default Tensor xlogy_(Number other) {
        return end(start("xlogy_", this), SpecialOps.XLOGY.callInPlace((Tensor) this, other));
    }

    /** Computes {@code this * log1p(other)}, 0 where this is 0; {@code torch.special.xlog1py}. */
    default Tensor xlog1py(Tensor other) {
        return end(start("xlog1py", this, other), SpecialOps.XLOG1PY.call((Tensor) this, other));
    }

    /** Works as {@link #xlog1py(Tensor)} with a scalar. */
    default Tensor xlog1py(Number other) {
        return end(start("xlog1py", this), SpecialOps.XLOG1PY.call((Tensor) this, other));
    }

    /** Computes {@code self * log(this)}, 0 where {@code self} is 0; {@code torch.xlogy} of a scalar and a tensor. */
    default Tensor rxlogy(Number self) {
        return end(start("rxlogy", this), SpecialOps.RXLOGY.call((Tensor) this, self));
    }

    /**
     * Computes {@code self * log1p(this)}, 0 where {@code self} is 0; {@code torch.special.xlog1py} of a scalar and a
     * tensor.
     */
    default Tensor rxlog1py(Number self) {
        return end(start("rxlog1py", this), SpecialOps.RXLOG1PY.call((Tensor) this, self));
    }

    /** Computes {@code log(this / (1 - this))}; {@code torch.logit}. */
    default Tensor logit() {
        return end(start("logit", this), SpecialOps.logit((Tensor) this, null, false));
    }

    /** Works as {@link #logit()} of this clamped to {@code [eps, 1 - eps]}, unless null. */
    default Tensor logit(@Nullable Double eps) {
        return end(start("logit", this), SpecialOps.logit((Tensor) this, eps, false));
    }

    /** Works as {@link #logit()}, in place. */
    default Tensor logit_() {
        return end(start("logit_", this), SpecialOps.logit((Tensor) this, null, true));
    }

    /** Works as {@link #logit(Double)}, in place. */
    default Tensor logit_(@Nullable Double eps) {
        return end(start("logit_", this), SpecialOps.logit((Tensor) this, eps, true));
    }
}
