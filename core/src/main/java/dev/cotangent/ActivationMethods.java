package dev.cotangent;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.engine.AutocastMode;
import dev.cotangent.internal.ops.elementwise.ActivationOps;

/**
 * Activation functions of {@code torch.nn.functional}; rules as in {@link ArithmeticMethods}. For floating point
 * unless stated otherwise.
 */
sealed interface ActivationMethods permits Tensor {
    /** Computes {@code 1 / (1 + exp(-this))}; {@code torch.sigmoid}. Integers return float32. */
    default Tensor sigmoid() {
        return ActivationOps.SIGMOID.call((Tensor) this);
    }

    /** Works as {@link #sigmoid()}, in place. */
    default Tensor sigmoid_() {
        return ActivationOps.SIGMOID.callInPlace((Tensor) this);
    }

    /** Computes {@code log(sigmoid(this))} without overflow; {@code torch.nn.functional.logsigmoid}. */
    default Tensor logsigmoid() {
        return ActivationOps.LOGSIGMOID.call((Tensor) this);
    }

    /** Computes {@code max(this, 0)}; {@code torch.nn.functional.relu}. Not supported for bool. */
    default Tensor relu() {
        return ActivationOps.RELU.call((Tensor) this);
    }

    /** Works as {@link #relu()}, in place. */
    default Tensor relu_() {
        return ActivationOps.RELU.callInPlace((Tensor) this);
    }

    /** Computes {@code min(max(this, 0), 6)}; {@code torch.nn.functional.relu6}. Not supported for bool. */
    default Tensor relu6() {
        return ActivationOps.relu6((Tensor) this, false);
    }

    /** Works as {@link #relu6()}, in place. */
    default Tensor relu6_() {
        return ActivationOps.relu6((Tensor) this, true);
    }

    /**
     * Computes {@code this * Phi(this)} with the normal distribution function Phi; {@code torch.nn.functional.gelu}.
     */
    default Tensor gelu() {
        return ActivationOps.gelu("none").call((Tensor) this);
    }

    /** Computes {@link #gelu()}, exactly for {@code "none"}, by the tanh approximation for {@code "tanh"}. */
    default Tensor gelu(String approximate) {
        Arguments.notNull("gelu", "approximate", approximate);
        return ActivationOps.gelu(approximate).call((Tensor) this);
    }

    /** Works as {@link #gelu(String)} with an enum constant. */
    default Tensor gelu(GeluApproximation approximate) {
        return gelu(Arguments.notNull("gelu", "approximate", approximate).text());
    }

    /** Computes {@code this * sigmoid(this)}; {@code torch.nn.functional.silu}. */
    default Tensor silu() {
        return ActivationOps.SILU.call((Tensor) this);
    }

    /** Works as {@link #silu()}, in place. */
    default Tensor silu_() {
        return ActivationOps.SILU.callInPlace((Tensor) this);
    }

    /** Computes {@code this * tanh(softplus(this))}; {@code torch.nn.functional.mish}. */
    default Tensor mish() {
        return ActivationOps.MISH.call((Tensor) this);
    }

    /** Works as {@link #mish()}, in place. */
    default Tensor mish_() {
        return ActivationOps.MISH.callInPlace((Tensor) this);
    }

    /** Works as {@link #softplus(Number, Number)} with 1 and 20. */
    default Tensor softplus() {
        return softplus(1, 20);
    }

    /**
     * Computes {@code log(1 + exp(beta * this)) / beta}; linear where {@code beta * this} is above the threshold;
     * {@code torch.nn.functional.softplus}.
     */
    default Tensor softplus(Number beta, Number threshold) {
        Arguments.notNull("softplus", "beta", beta);
        Arguments.notNull("softplus", "threshold", threshold);
        return ActivationOps.SOFTPLUS.call(AutocastMode.singleOnCuda((Tensor) this), beta, threshold);
    }

    /** Computes {@code this / (1 + |this|)}; {@code torch.nn.functional.softsign}. */
    default Tensor softsign() {
        return ActivationOps.SOFTSIGN.call((Tensor) this);
    }

    /** Works as {@link #elu(Number)} with 1. */
    default Tensor elu() {
        return elu(1);
    }

    /** Computes {@code alpha * (exp(this) - 1)} where negative, else returns this; {@code torch.nn.functional.elu}. */
    default Tensor elu(Number alpha) {
        Arguments.notNull("elu", "alpha", alpha);
        return ActivationOps.elu((Tensor) this, alpha, false);
    }

    /** Works as {@link #elu()}, in place. */
    default Tensor elu_() {
        return elu_(1);
    }

    /** Works as {@link #elu(Number)}, in place. */
    default Tensor elu_(Number alpha) {
        Arguments.notNull("elu_", "alpha", alpha);
        return ActivationOps.elu((Tensor) this, alpha, true);
    }

    /** Works as {@link #celu(Number)} with 1. */
    default Tensor celu() {
        return celu(1);
    }

    /**
     * Computes {@code alpha * (exp(this / alpha) - 1)} where negative, else returns this; {@code
     * torch.nn.functional.celu}.
     */
    default Tensor celu(Number alpha) {
        Arguments.notNull("celu", "alpha", alpha);
        return ActivationOps.celu((Tensor) this, alpha, false);
    }

    /** Works as {@link #celu()}, in place. */
    default Tensor celu_() {
        return celu_(1);
    }

    /** Works as {@link #celu(Number)}, in place. */
    default Tensor celu_(Number alpha) {
        Arguments.notNull("celu_", "alpha", alpha);
        return ActivationOps.celu((Tensor) this, alpha, true);
    }

    /**
     * Computes {@link #elu}, scaled, with the constants that preserve mean 0 and variance 1; {@code
     * torch.nn.functional.selu}.
     */
    default Tensor selu() {
        return ActivationOps.selu((Tensor) this, false);
    }

    /** Works as {@link #selu()}, in place. */
    default Tensor selu_() {
        return ActivationOps.selu((Tensor) this, true);
    }

    /** Works as {@link #leakyRelu(Number)} with 0.01. */
    default Tensor leakyRelu() {
        return leakyRelu(0.01);
    }

    /**
     * Computes {@code negativeSlope * this} where negative, else returns this; {@code
     * torch.nn.functional.leaky_relu}.
     */
    default Tensor leakyRelu(Number negativeSlope) {
        return ActivationOps.LEAKY_RELU.call((Tensor) this, negativeSlope);
    }

    /** Works as {@link #leakyRelu()}, in place. */
    default Tensor leakyRelu_() {
        return leakyRelu_(0.01);
    }

    /** Works as {@link #leakyRelu(Number)}, in place. */
    default Tensor leakyRelu_(Number negativeSlope) {
        Arguments.notNull("leaky_relu_", "negative_slope", negativeSlope);
        return ActivationOps.LEAKY_RELU.callInPlace((Tensor) this, negativeSlope);
    }

    /**
     * Computes {@code weight * this} where negative, else returns this, with one weight or one per channel (dimension
     * 1); {@code torch.nn.functional.prelu}.
     */
    default Tensor prelu(Tensor weight) {
        Arguments.notNull("prelu", "weight", weight);
        return ActivationOps.prelu(AutocastMode.lower((Tensor) this), AutocastMode.lower(weight));
    }

    /** Works as {@link #hardtanh(Number, Number)} with -1 and 1. */
    default Tensor hardtanh() {
        return hardtanh(-1, 1);
    }

    /** Clamps to two bounds; {@code torch.nn.functional.hardtanh}. */
    default Tensor hardtanh(Number minVal, Number maxVal) {
        Arguments.notNull("hardtanh", "min_val", minVal);
        Arguments.notNull("hardtanh", "max_val", maxVal);
        return ActivationOps.hardtanh((Tensor) this, minVal, maxVal, false);
    }

    /** Works as {@link #hardtanh()}, in place. */
    default Tensor hardtanh_() {
        return hardtanh_(-1, 1);
    }

    /** Works as {@link #hardtanh(Number, Number)}, in place. */
    default Tensor hardtanh_(Number minVal, Number maxVal) {
        Arguments.notNull("hardtanh_", "min_val", minVal);
        Arguments.notNull("hardtanh_", "max_val", maxVal);
        return ActivationOps.hardtanh((Tensor) this, minVal, maxVal, true);
    }

    /** Computes {@code min(max(this + 3, 0), 6) / 6}; {@code torch.nn.functional.hardsigmoid}. */
    default Tensor hardsigmoid() {
        return ActivationOps.HARDSIGMOID.call((Tensor) this);
    }

    /** Works as {@link #hardsigmoid()}, in place. */
    default Tensor hardsigmoid_() {
        return ActivationOps.HARDSIGMOID.callInPlace((Tensor) this);
    }

    /** Computes {@code this * hardsigmoid(this)}; {@code torch.nn.functional.hardswish}. */
    default Tensor hardswish() {
        return ActivationOps.HARDSWISH.call((Tensor) this);
    }

    /** Works as {@link #hardswish()}, in place. */
    default Tensor hardswish_() {
        return ActivationOps.HARDSWISH.callInPlace((Tensor) this);
    }

    /** Works as {@link #hardshrink(Number)} with 0.5. */
    default Tensor hardshrink() {
        return hardshrink(0.5);
    }

    /** Returns 0 between {@code -lambd} and {@code lambd}, else this; {@code torch.nn.functional.hardshrink}. */
    default Tensor hardshrink(Number lambd) {
        return ActivationOps.HARDSHRINK.call((Tensor) this, lambd);
    }

    /** Works as {@link #softshrink(Number)} with 0.5. */
    default Tensor softshrink() {
        return softshrink(0.5);
    }

    /**
     * Shrinks towards zero by {@code lambd}, to 0 between {@code -lambd} and {@code lambd}; {@code
     * torch.nn.functional.softshrink}.
     */
    default Tensor softshrink(Number lambd) {
        Arguments.notNull("softshrink", "lambd", lambd);
        return ActivationOps.softshrink((Tensor) this, lambd);
    }

    /** Computes {@code this - tanh(this)}; {@code torch.nn.functional.tanhshrink}. */
    default Tensor tanhshrink() {
        return ActivationOps.tanhshrink((Tensor) this);
    }

    /** Returns this above the threshold, else {@code value}; {@code torch.nn.functional.threshold}. */
    default Tensor threshold(Number threshold, Number value) {
        Arguments.notNull("threshold", "threshold", threshold);
        Arguments.notNull("threshold", "value", value);
        return ActivationOps.THRESHOLD.call((Tensor) this, threshold, value);
    }

    /** Works as {@link #threshold(Number, Number)}, in place. */
    default Tensor threshold_(Number threshold, Number value) {
        Arguments.notNull("threshold_", "threshold", threshold);
        Arguments.notNull("threshold_", "value", value);
        return ActivationOps.THRESHOLD.callInPlace((Tensor) this, threshold, value);
    }

    /** Works as {@link #glu(int)} along the last dimension. */
    default Tensor glu() {
        return glu(-1);
    }

    /** Multiplies the first half of a dimension by the sigmoid of the second; {@code torch.nn.functional.glu}. */
    default Tensor glu(int dim) {
        return ActivationOps.glu((Tensor) this, dim);
    }
}
