package dev.cotangent;

import dev.cotangent.internal.ops.elementwise.RoundingOps;
import org.jspecify.annotations.Nullable;

/**
 * Rounding, signs, bounds, and the larger or smaller of two; rules as in {@link ArithmeticMethods}.
 */
sealed interface RoundingMethods permits Tensor {
    /** The largest integer not above; {@code torch.floor}. Not of bool. */
    default Tensor floor() {
        return RoundingOps.FLOOR.call((Tensor) this);
    }

    /** {@link #floor()} in place. */
    default Tensor floor_() {
        return RoundingOps.FLOOR.callInPlace((Tensor) this);
    }

    /** The smallest integer not below; {@code torch.ceil}. Not of bool. */
    default Tensor ceil() {
        return RoundingOps.CEIL.call((Tensor) this);
    }

    /** {@link #ceil()} in place. */
    default Tensor ceil_() {
        return RoundingOps.CEIL.callInPlace((Tensor) this);
    }

    /** The nearest integer, ties to even; {@code torch.round}. Not of bool. */
    default Tensor round() {
        return RoundingOps.ROUND.call((Tensor) this);
    }

    /** {@link #round()} in place. */
    default Tensor round_() {
        return RoundingOps.ROUND.callInPlace((Tensor) this);
    }

    /**
     * Rounded at a number of digits after the point, or before it where negative; {@code torch.round}. Only of floating
     * point.
     */
    default Tensor round(long decimals) {
        return RoundingOps.round((Tensor) this, decimals, false);
    }

    /** {@link #round(long)} in place. */
    default Tensor round_(long decimals) {
        return RoundingOps.round((Tensor) this, decimals, true);
    }

    /** Without what follows the point; {@code torch.trunc}. Not of bool. */
    default Tensor trunc() {
        return RoundingOps.TRUNC.call((Tensor) this);
    }

    /** {@link #trunc()} in place. */
    default Tensor trunc_() {
        return RoundingOps.TRUNC.callInPlace((Tensor) this);
    }

    /** What follows the point, with the sign; {@code torch.frac}. Only of floating point. */
    default Tensor frac() {
        return RoundingOps.FRAC.call((Tensor) this);
    }

    /** {@link #frac()} in place. */
    default Tensor frac_() {
        return RoundingOps.FRAC.callInPlace((Tensor) this);
    }

    /** -1, 0 or 1; {@code torch.sign}. */
    default Tensor sign() {
        return RoundingOps.SIGN.call((Tensor) this);
    }

    /** {@link #sign()} in place. */
    default Tensor sign_() {
        return RoundingOps.SIGN.callInPlace((Tensor) this);
    }

    /** -1, 0 or 1; {@code torch.sgn}. */
    default Tensor sgn() {
        return RoundingOps.SGN.call((Tensor) this);
    }

    /** {@link #sgn()} in place. */
    default Tensor sgn_() {
        return RoundingOps.SGN.callInPlace((Tensor) this);
    }

    /** Whether the sign is minus, also of -0, as bool; {@code torch.signbit}. */
    default Tensor signbit() {
        return RoundingOps.SIGNBIT.call((Tensor) this);
    }

    /** The magnitude of this with the sign of {@code other}; {@code torch.copysign}. Integers give float32. */
    default Tensor copysign(Tensor other) {
        return RoundingOps.COPYSIGN.call((Tensor) this, other);
    }

    /** {@link #copysign(Tensor)} of a number. */
    default Tensor copysign(Number other) {
        return RoundingOps.COPYSIGN.call((Tensor) this, other);
    }

    /** {@link #copysign(Tensor)} in place. */
    default Tensor copysign_(Tensor other) {
        return RoundingOps.COPYSIGN.callInPlace((Tensor) this, other);
    }

    /** {@link #copysign(Number)} in place. */
    default Tensor copysign_(Number other) {
        return RoundingOps.COPYSIGN.callInPlace((Tensor) this, other);
    }

    /**
     * The next representable number towards {@code other}; {@code torch.nextafter}. Only of floating point; without a
     * derivative.
     */
    default Tensor nextafter(Tensor other) {
        return RoundingOps.NEXTAFTER.call((Tensor) this, other);
    }

    /** {@link #nextafter(Tensor)} in place. */
    default Tensor nextafter_(Tensor other) {
        return RoundingOps.NEXTAFTER.callInPlace((Tensor) this, other);
    }

    /**
     * 0 below zero, 1 above and {@code values} at zero; {@code torch.heaviside}. Both of one dtype; without a
     * derivative.
     */
    default Tensor heaviside(Tensor values) {
        return RoundingOps.HEAVISIDE.call((Tensor) this, values);
    }

    /** {@link #heaviside(Tensor)} in place. */
    default Tensor heaviside_(Tensor values) {
        return RoundingOps.HEAVISIDE.callInPlace((Tensor) this, values);
    }

    /** The larger, NaN where one is; half the gradient to each of a tie; {@code torch.maximum}. */
    default Tensor maximum(Tensor other) {
        return RoundingOps.MAXIMUM.call((Tensor) this, other);
    }

    /** {@link #maximum(Tensor)} in place. */
    default Tensor maximum_(Tensor other) {
        return RoundingOps.MAXIMUM.callInPlace((Tensor) this, other);
    }

    /** The smaller, NaN where one is; half the gradient to each of a tie; {@code torch.minimum}. */
    default Tensor minimum(Tensor other) {
        return RoundingOps.MINIMUM.call((Tensor) this, other);
    }

    /** {@link #minimum(Tensor)} in place. */
    default Tensor minimum_(Tensor other) {
        return RoundingOps.MINIMUM.callInPlace((Tensor) this, other);
    }

    /** The larger, or the other where one is NaN; {@code torch.fmax}. */
    default Tensor fmax(Tensor other) {
        return RoundingOps.FMAX.call((Tensor) this, other);
    }

    /** The smaller, or the other where one is NaN; {@code torch.fmin}. */
    default Tensor fmin(Tensor other) {
        return RoundingOps.FMIN.call((Tensor) this, other);
    }

    /** {@link #maximum(Tensor)}; {@code torch.max} of two tensors. */
    default Tensor max(Tensor other) {
        return maximum(other);
    }

    /** {@link #minimum(Tensor)}; {@code torch.min} of two tensors. */
    default Tensor min(Tensor other) {
        return minimum(other);
    }

    /**
     * Not below {@code min} and not above {@code max}, each of which may be null, not both; {@code torch.clamp}. The
     * upper bound wins where they cross.
     */
    default Tensor clamp(@Nullable Tensor min, @Nullable Tensor max) {
        return RoundingOps.clamp((Tensor) this, min, max, false);
    }

    /** {@link #clamp(Tensor, Tensor)} by numbers. */
    default Tensor clamp(@Nullable Number min, @Nullable Number max) {
        return RoundingOps.clamp((Tensor) this, min, max, false);
    }

    /** {@link #clamp(Tensor, Tensor)} in place. */
    default Tensor clamp_(@Nullable Tensor min, @Nullable Tensor max) {
        return RoundingOps.clamp((Tensor) this, min, max, true);
    }

    /** {@link #clamp(Number, Number)} in place. */
    default Tensor clamp_(@Nullable Number min, @Nullable Number max) {
        return RoundingOps.clamp((Tensor) this, min, max, true);
    }

    /** At least a bound; {@code torch.clamp_min}. Not of bool. */
    default Tensor clampMin(Tensor min) {
        return RoundingOps.CLAMP_MIN.call((Tensor) this, min);
    }

    /** {@link #clampMin(Tensor)} of a number. */
    default Tensor clampMin(Number min) {
        return RoundingOps.CLAMP_MIN.call((Tensor) this, min);
    }

    /** {@link #clampMin(Tensor)} in place. */
    default Tensor clampMin_(Tensor min) {
        return RoundingOps.CLAMP_MIN.callInPlace((Tensor) this, min);
    }

    /** {@link #clampMin(Number)} in place. */
    default Tensor clampMin_(Number min) {
        return RoundingOps.CLAMP_MIN.callInPlace((Tensor) this, min);
    }

    /** At most a bound; {@code torch.clamp_max}. Not of bool. */
    default Tensor clampMax(Tensor max) {
        return RoundingOps.CLAMP_MAX.call((Tensor) this, max);
    }

    /** {@link #clampMax(Tensor)} of a number. */
    default Tensor clampMax(Number max) {
        return RoundingOps.CLAMP_MAX.call((Tensor) this, max);
    }

    /** {@link #clampMax(Tensor)} in place. */
    default Tensor clampMax_(Tensor max) {
        return RoundingOps.CLAMP_MAX.callInPlace((Tensor) this, max);
    }

    /** {@link #clampMax(Number)} in place. */
    default Tensor clampMax_(Number max) {
        return RoundingOps.CLAMP_MAX.callInPlace((Tensor) this, max);
    }

    /** 0 for NaN, the largest and the smallest number of the dtype for the infinities; {@code torch.nan_to_num}. */
    default Tensor nanToNum() {
        return nanToNum(null, null, null);
    }

    /** {@link #nanToNum()} with numbers of one's own, where not null. */
    default Tensor nanToNum(@Nullable Number nan, @Nullable Number posinf, @Nullable Number neginf) {
        return RoundingOps.nanToNum((Tensor) this, nan, posinf, neginf, false);
    }

    /** {@link #nanToNum()} in place. */
    default Tensor nanToNum_() {
        return nanToNum_(null, null, null);
    }

    /** {@link #nanToNum(Number, Number, Number)} in place. */
    default Tensor nanToNum_(@Nullable Number nan, @Nullable Number posinf, @Nullable Number neginf) {
        return RoundingOps.nanToNum((Tensor) this, nan, posinf, neginf, true);
    }
}
