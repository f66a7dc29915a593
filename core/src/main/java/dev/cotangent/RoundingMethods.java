package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.internal.ops.elementwise.ComplexOps;
import dev.cotangent.internal.ops.elementwise.RoundingOps;
import org.jspecify.annotations.Nullable;

/** Rounding, signs, clamping, maximum and minimum of two; rules as in {@link ArithmeticMethods}. */
sealed interface RoundingMethods permits Tensor {
    /** Rounds down; {@code torch.floor}. Not supported for bool. */
    default Tensor floor() {
        return end(start("floor", this), RoundingOps.FLOOR.call((Tensor) this));
    }

    /** Works as {@link #floor()}, in place. */
    default Tensor floor_() {
        return end(start("floor_", this), RoundingOps.FLOOR.callInPlace((Tensor) this));
    }

    /** Rounds up; {@code torch.ceil}. Not supported for bool. */
    default Tensor ceil() {
        return end(start("ceil", this), RoundingOps.CEIL.call((Tensor) this));
    }

    /** Works as {@link #ceil()}, in place. */
    default Tensor ceil_() {
        return end(start("ceil_", this), RoundingOps.CEIL.callInPlace((Tensor) this));
    }

    /** Rounds to the nearest integer, ties to even; {@code torch.round}. Not supported for bool. */
    default Tensor round() {
        return end(start("round", this), RoundingOps.ROUND.call((Tensor) this));
    }

    /** Works as {@link #round()}, in place. */
    default Tensor round_() {
        return end(start("round_", this), RoundingOps.ROUND.callInPlace((Tensor) this));
    }

    /**
     * Rounds to a number of decimals, negative for digits before the point; {@code torch.round}. Floating point only.
     */
    default Tensor round(long decimals) {
        return end(start("round", this), RoundingOps.round((Tensor) this, decimals, false));
    }

    /** Works as {@link #round(long)}, in place. */
    default Tensor round_(long decimals) {
        return end(start("round_", this), RoundingOps.round((Tensor) this, decimals, true));
    }

    /** Rounds towards zero; {@code torch.trunc}. Not supported for bool. */
    default Tensor trunc() {
        return end(start("trunc", this), RoundingOps.TRUNC.call((Tensor) this));
    }

    /** Works as {@link #trunc()}, in place. */
    default Tensor trunc_() {
        return end(start("trunc_", this), RoundingOps.TRUNC.callInPlace((Tensor) this));
    }

    /** Computes {@code this - trunc(this)}; {@code torch.frac}. Floating point only. */
    default Tensor frac() {
        return end(start("frac", this), RoundingOps.FRAC.call((Tensor) this));
    }

    /** Works as {@link #frac()}, in place. */
    default Tensor frac_() {
        return end(start("frac_", this), RoundingOps.FRAC.callInPlace((Tensor) this));
    }

    /** Returns -1, 0 or 1; {@code torch.sign}. */
    default Tensor sign() {
        return end(start("sign", this), RoundingOps.SIGN.call((Tensor) this));
    }

    /** Works as {@link #sign()}, in place. */
    default Tensor sign_() {
        return end(start("sign_", this), RoundingOps.SIGN.callInPlace((Tensor) this));
    }

    /** Returns -1, 0 or 1; {@code torch.sgn}. */
    default Tensor sgn() {
        return end(start("sgn", this), ComplexOps.sgn((Tensor) this));
    }

    /** Works as {@link #sgn()}, in place. */
    default Tensor sgn_() {
        return end(start("sgn_", this), ComplexOps.sgnInPlace((Tensor) this));
    }

    /** Returns whether the sign bit is set, also for -0, as bool; {@code torch.signbit}. */
    default Tensor signbit() {
        return end(start("signbit", this), RoundingOps.SIGNBIT.call((Tensor) this));
    }

    /**
     * Returns the magnitude of this with the sign of {@code other}; {@code torch.copysign}. Integers return float32.
     */
    default Tensor copysign(Tensor other) {
        return end(start("copysign", this, other), RoundingOps.COPYSIGN.call((Tensor) this, other));
    }

    /** Works as {@link #copysign(Tensor)} with a scalar. */
    default Tensor copysign(Number other) {
        return end(start("copysign", this), RoundingOps.COPYSIGN.call((Tensor) this, other));
    }

    /** Works as {@link #copysign(Tensor)}, in place. */
    default Tensor copysign_(Tensor other) {
        return end(start("copysign_", this, other), RoundingOps.COPYSIGN.callInPlace((Tensor) this, other));
    }

    /** Works as {@link #copysign(Number)}, in place. */
    default Tensor copysign_(Number other) {
        return end(start("copysign_", this), RoundingOps.COPYSIGN.callInPlace((Tensor) this, other));
    }

    /**
     * Returns the next representable number towards {@code other}; {@code torch.nextafter}. Floating point only; not
     * differentiable.
     */
    default Tensor nextafter(Tensor other) {
        return end(start("nextafter", this, other), RoundingOps.NEXTAFTER.call((Tensor) this, other));
    }

    /** Works as {@link #nextafter(Tensor)}, in place. */
    default Tensor nextafter_(Tensor other) {
        return end(start("nextafter_", this, other), RoundingOps.NEXTAFTER.callInPlace((Tensor) this, other));
    }

    /**
     * Returns 0 where negative, 1 where positive and {@code values} at zero; {@code torch.heaviside}. Both of one
     * dtype; not differentiable.
     */
    default Tensor heaviside(Tensor values) {
        return end(start("heaviside", this, values), RoundingOps.HEAVISIDE.call((Tensor) this, values));
    }

    /** Works as {@link #heaviside(Tensor)}, in place. */
    default Tensor heaviside_(Tensor values) {
        return end(start("heaviside_", this, values), RoundingOps.HEAVISIDE.callInPlace((Tensor) this, values));
    }

    /** Returns the maximum, propagating NaN; ties share the gradient; {@code torch.maximum}. */
    default Tensor maximum(Tensor other) {
        return end(start("maximum", this, other), RoundingOps.MAXIMUM.call((Tensor) this, other));
    }

    /** Works as {@link #maximum(Tensor)}, in place. */
    default Tensor maximum_(Tensor other) {
        return end(start("maximum_", this, other), RoundingOps.MAXIMUM.callInPlace((Tensor) this, other));
    }

    /** Returns the minimum, propagating NaN; ties share the gradient; {@code torch.minimum}. */
    default Tensor minimum(Tensor other) {
        return end(start("minimum", this, other), RoundingOps.MINIMUM.call((Tensor) this, other));
    }

    /** Works as {@link #minimum(Tensor)}, in place. */
    default Tensor minimum_(Tensor other) {
        return end(start("minimum_", this, other), RoundingOps.MINIMUM.callInPlace((Tensor) this, other));
    }

    /** Returns the maximum, ignoring NaN; {@code torch.fmax}. */
    default Tensor fmax(Tensor other) {
        return end(start("fmax", this, other), RoundingOps.FMAX.call((Tensor) this, other));
    }

    /** Returns the minimum, ignoring NaN; {@code torch.fmin}. */
    default Tensor fmin(Tensor other) {
        return end(start("fmin", this, other), RoundingOps.FMIN.call((Tensor) this, other));
    }

    /** Works as {@link #maximum(Tensor)}; {@code torch.max} of two tensors. */
    default Tensor max(Tensor other) {
        return maximum(other);
    }

    /** Works as {@link #minimum(Tensor)}; {@code torch.min} of two tensors. */
    default Tensor min(Tensor other) {
        return minimum(other);
    }

    /**
     * Clamps to {@code min} and {@code max}, one of them optionally null; {@code torch.clamp}. The upper bound
     * wins if they cross.
     */
    default Tensor clamp(@Nullable Tensor min, @Nullable Tensor max) {
        return end(start("clamp", this, min, max), RoundingOps.clamp((Tensor) this, min, max, false));
    }

    /** Works as {@link #clamp(Tensor, Tensor)} with scalars. */
    default Tensor clamp(@Nullable Number min, @Nullable Number max) {
        return end(start("clamp", this), RoundingOps.clamp((Tensor) this, min, max, false));
    }

    /** Works as {@link #clamp(Tensor, Tensor)}, in place. */
    default Tensor clamp_(@Nullable Tensor min, @Nullable Tensor max) {
        return end(start("clamp_", this, min, max), RoundingOps.clamp((Tensor) this, min, max, true));
    }

    /** Works as {@link #clamp(Number, Number)}, in place. */
    default Tensor clamp_(@Nullable Number min, @Nullable Number max) {
        return end(start("clamp_", this), RoundingOps.clamp((Tensor) this, min, max, true));
    }

    /** Clamps to a lower bound; {@code torch.clamp_min}. Not supported for bool. */
    default Tensor clampMin(Tensor min) {
        return end(start("clamp_min", this, min), RoundingOps.CLAMP_MIN.call((Tensor) this, min));
    }

    /** Works as {@link #clampMin(Tensor)} with a scalar. */
    default Tensor clampMin(Number min) {
        return end(start("clamp_min", this), RoundingOps.CLAMP_MIN.call((Tensor) this, min));
    }

    /** Works as {@link #clampMin(Tensor)}, in place. */
    default Tensor clampMin_(Tensor min) {
        return end(start("clamp_min_", this, min), RoundingOps.CLAMP_MIN.callInPlace((Tensor) this, min));
    }

    /** Works as {@link #clampMin(Number)}, in place. */
    default Tensor clampMin_(Number min) {
        return end(start("clamp_min_", this), RoundingOps.CLAMP_MIN.callInPlace((Tensor) this, min));
    }

    /** Clamps to an upper bound; {@code torch.clamp_max}. Not supported for bool. */
    default Tensor clampMax(Tensor max) {
        return end(start("clamp_max", this, max), RoundingOps.CLAMP_MAX.call((Tensor) this, max));
    }

    /** Works as {@link #clampMax(Tensor)} with a scalar. */
    default Tensor clampMax(Number max) {
        return end(start("clamp_max", this), RoundingOps.CLAMP_MAX.call((Tensor) this, max));
    }

    /** Works as {@link #clampMax(Tensor)}, in place. */
    default Tensor clampMax_(Tensor max) {
        return end(start("clamp_max_", this, max), RoundingOps.CLAMP_MAX.callInPlace((Tensor) this, max));
    }

    /** Works as {@link #clampMax(Number)}, in place. */
    default Tensor clampMax_(Number max) {
        return end(start("clamp_max_", this), RoundingOps.CLAMP_MAX.callInPlace((Tensor) this, max));
    }

    /** Replaces NaN by 0, infinities by the dtype's largest and smallest numbers; {@code torch.nan_to_num}. */
    default Tensor nanToNum() {
        return nanToNum(null, null, null);
    }

    /** Works as {@link #nanToNum()} with given replacements, unless null. */
    default Tensor nanToNum(@Nullable Number nan, @Nullable Number posinf, @Nullable Number neginf) {
        return end(start("nan_to_num", this), RoundingOps.nanToNum((Tensor) this, nan, posinf, neginf, false));
    }

    /** Works as {@link #nanToNum()}, in place. */
    default Tensor nanToNum_() {
        return nanToNum_(null, null, null);
    }

    /** Works as {@link #nanToNum(Number, Number, Number)}, in place. */
    default Tensor nanToNum_(@Nullable Number nan, @Nullable Number posinf, @Nullable Number neginf) {
        return end(start("nan_to_num_", this), RoundingOps.nanToNum((Tensor) this, nan, posinf, neginf, true));
    }
}
