package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.engine.AutocastMode;
import dev.cotangent.internal.ops.elementwise.ActivationOps;
import dev.cotangent.internal.ops.elementwise.ComplexOps;

/**
 * Activation functions of {@code torch.nn.functional}; rules as in {@link ArithmeticMethods}. For floating point
 * unless stated otherwise.
 */
sealed interface ActivationMethods permits Tensor {
    /** Computes {@code 1 / (1 + exp(-this))}; {@code torch.sigmoid}. Integers return float32. */
    default Tensor sigmoid() {
        return end(start("sigmoid", this), ActivationOps.SIGMOID.call((Tensor) this));
    }

    /** Works as {@link #sigmoid()}, in place. */
    default Tensor sigmoid_() {
        return end(start("sigmoid_", this), ActivationOps.SIGMOID.callInPlace((Tensor) this));
    }

    /** Computes {@code log(sigmoid(this))} without overflow; {@code torch.nn.functional.logsigmoid}. */
    default Tensor logsigmoid() {
        return end(start("log_sigmoid", this), ActivationOps.LOGSIGMOID.call((Tensor) this));
    }

    /** Computes {@code max(this, 0)}; {@code torch.nn.functional.relu}. Not supported for bool. */
    default Tensor relu() {
        return end(start("relu", this), ActivationOps.RELU.call((Tensor) this));
    }

    /** Works as {@link #relu()}, in place. */
    default Tensor relu_() {
        return end(start("relu_", this), ActivationOps.RELU.callInPlace((Tensor) this));
    }

    /** Computes {@code min(max(this, 0), 6)}; {@code torch.nn.functional.relu6}. Not supported for bool. */
    default Tensor relu6() {
        return end(start("relu6", this), ActivationOps.relu6((Tensor) this, false));
    }

    /** Works as {@link #relu6()}, in place. */
    default Tensor relu6_() {
        return end(start("relu6_", this), ActivationOps.relu6((Tensor) this, true));
    }

    /**
     * Computes {@code this * Phi(this)} with the normal distribution function Phi; {@code torch.nn.functional.gelu}.
     */
    default Tensor gelu() {
        return end(start("gelu", this), ActivationOps.gelu("none").call((Tensor) this));
    }

    /** Computes {@link #gelu()}, exactly for {@code "none"}, by the tanh approximation for {@code "tanh"}. */
    default Tensor gelu(String approximate) {
        Arguments.notNull("gelu", "approximate", approximate);
        return end(start("gelu", this), ActivationOps.gelu(approximate).call((Tensor) this));
    }

    /** Works as {@link #gelu(String)} with an enum constant. */
    default Tensor gelu(GeluApproximation approximate) {
        return gelu(Arguments.notNull("gelu", "approximate", approximate).text());
    }

    /** Computes {@code this * sigmoid(this)}; {@code torch.nn.functional.silu}. */
    default Tensor silu() {
        return end(start("silu", this), ActivationOps.SILU.call((Tensor) this));
    }

    /** Works as {@link #silu()}, in place. */
    default Tensor silu_() {
        return end(start("silu_", this), ActivationOps.SILU.callInPlace((Tensor) this));
    }

    /** Computes {@code this * tanh(softplus(this))}; {@code torch.nn.functional.mish}. */
    default Tensor mish() {
        return end(start("mish", this), ActivationOps.MISH.call((Tensor) this));
    }

    /** Works as {@link #mish()}, in place. */
    default Tensor mish_() {
        return end(start("mish_", this), ActivationOps.MISH.callInPlace((Tensor) this));
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
        return end(
                start("softplus", this),
                ActivationOps.SOFTPLUS.call(AutocastMode.singleOnCuda((Tensor) this), beta, threshold));
    }

    /** Computes {@code this / (1 + |this|)}; {@code torch.nn.functional.softsign}. */
    default Tensor softsign() {
        return end(start("softsign", this), ComplexOps.softsign((Tensor) this));
    }

    /** Works as {@link #elu(Number)} with 1. */
    default Tensor elu() {
        return elu(1);
    }

    /** Computes {@code alpha * (exp(this) - 1)} where negative, else returns this; {@code torch.nn.functional.elu}. */
    default Tensor elu(Number alpha) {
        Arguments.notNull("elu", "alpha", alpha);
        return end(start("elu", this), ActivationOps.elu((Tensor) this, alpha, false));
    }

    /** Works as {@link #elu()}, in place. */
    default Tensor elu_() {
        return elu_(1);
    }

    /** Works as {@link #elu(Number)}, in place. */
    default Tensor elu_(Number alpha) {
        Arguments.notNull("elu_", "alpha", alpha);
        return end(start("elu_", this), ActivationOps.elu((Tensor) this, alpha, true));
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
        return end(start("celu", this), ActivationOps.celu((Tensor) this, alpha, false));
    }

    /** Works as {@link #celu()}, in place. */
    default Tensor celu_() {
        return celu_(1);
    }

    /** Works as {@link #celu(Number)}, in place. */
    default Tensor celu_(Number alpha) {
        Arguments.notNull("celu_", "alpha", alpha);
        return end(start("celu_", this), ActivationOps.celu((Tensor) this, alpha, true));
    }

    /**
     * Computes {@link #elu}, scaled, with the constants that preserve mean 0 and variance 1; {@code
     * torch.nn.functional.selu}.
     */
    default Tensor selu() {
        return end(start("selu", this), ActivationOps.selu((Tensor) this, false));
    }

    /** Works as {@link #selu()}, in place. */
    default Tensor selu_() {
        return end(start("selu_", this), ActivationOps.selu((Tensor) this, true));
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
        return end(start("leaky_relu", this), ActivationOps.LEAKY_RELU.call((Tensor) this, negativeSlope));
    }

    /** Works as {@link #leakyRelu()}, in place. */
    default Tensor leakyRelu_() {
        return leakyRelu_(0.01);
    }

    /** Works as {@link #leakyRelu(Number)}, in place. */
    default Tensor leakyRelu_(Number negativeSlope) {
        Arguments.notNull("leaky_relu_", "negative_slope", negativeSlope);
        return end(start("leaky_relu_", this), ActivationOps.LEAKY_RELU.callInPlace((Tensor) this, negativeSlope));
    }

    /**
     * Computes {@code weight * this} where negative, else returns this, with one weight or one per channel (dimension
     * 1); {@code torch.nn.functional.prelu}.
     */
    default Tensor prelu(Tensor weight) {
        Arguments.notNull("prelu", "weight", weight);
        return end(
                start("prelu", this, weight),
                ActivationOps.prelu(AutocastMode.lower((Tensor) this), AutocastMode.lower(weight)));
    }

    /** Works as {@link #hardtanh(Number, Number)} with -1 and 1. */
    default Tensor hardtanh() {
        return hardtanh(-1, 1);
    }

    /** Clamps to two bounds; {@code torch.nn.functional.hardtanh}. */
    default Tensor hardtanh(Number minVal, Number maxVal) {
        Arguments.notNull("hardtanh", "min_val", minVal);
        Arguments.notNull("hardtanh", "max_val", maxVal);
        return end(start("hardtanh", this), ActivationOps.hardtanh((Tensor) this, minVal, maxVal, false));
    }

    /** Works as {@link #hardtanh()}, in place. */
    default Tensor hardtanh_() {
        return hardtanh_(-1, 1);
    }

    /** Works as {@link #hardtanh(Number, Number)}, in place. */
    default Tensor hardtanh_(Number minVal, Number maxVal) {
        Arguments.notNull("hardtanh_", "min_val", minVal);
        Arguments.notNull("hardtanh_", "max_val", maxVal);
        return end(start("hardtanh_", this), ActivationOps.hardtanh((Tensor) this, minVal, maxVal, true));
    }

    /** Computes {@code min(max(this + 3, 0), 6) / 6}; {@code torch.nn.functional.hardsigmoid}. */
    default Tensor hardsigmoid() {
        return end(start("hardsigmoid", this), ActivationOps.HARDSIGMOID.call((Tensor) this));
    }

    /** Works as {@link #hardsigmoid()}, in place. */
    default Tensor hardsigmoid_() {
        return end(start("hardsigmoid_", this), ActivationOps.HARDSIGMOID.callInPlace((Tensor) this));
    }

    /** Computes {@code this * hardsigmoid(this)}; {@code torch.nn.functional.hardswish}. */
    default Tensor hardswish() {
        return end(start("hardswish", this), ActivationOps.HARDSWISH.call((Tensor) this));
    }

    /** Works as {@link #hardswish()}, in place. */
    default Tensor hardswish_() {
        return end(start("hardswish_", this), ActivationOps.HARDSWISH.callInPlace((Tensor) this));
    }

    /** Works as {@link #hardshrink(Number)} with 0.5. */
    default Tensor hardshrink() {
        return hardshrink(0.5);
    }

    /** Returns 0 between {@code -lambd} and {@code lambd}, else this; {@code torch.nn.functional.hardshrink}. */
    default Tensor hardshrink(Number lambd) {
        return end(start("hardshrink", this), ActivationOps.HARDSHRINK.call((Tensor) this, lambd));
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
        return end(start("softshrink", this), ActivationOps.softshrink((Tensor) this, lambd));
    }

    /** Computes {@code this - tanh(this)}; {@code torch.nn.functional.tanhshrink}. */
    default Tensor tanhshrink() {
        return end(start("tanhshrink", this), ActivationOps.tanhshrink((Tensor) this));
    }

    /** Returns this above the threshold, else {@code value}; {@code torch.nn.functional.threshold}. */
    default Tensor threshold(Number threshold, Number value) {
        Arguments.notNull("threshold", "threshold", threshold);
        Arguments.notNull("threshold", "value", value);
        return end(start("threshold", this), ActivationOps.THRESHOLD.call((Tensor) this, threshold, value));
    }

    /** Works as {@link #threshold(Number, Number)}, in place. */
    default Tensor threshold_(Number threshold, Number value) {
        Arguments.notNull("threshold_", "threshold", threshold);
        Arguments.notNull("threshold_", "value", value);
        return end(start("threshold_", this), ActivationOps.THRESHOLD.callInPlace((Tensor) this, threshold, value));
    }

    /** Works as {@link #glu(int)} along the last dimension. */
    default Tensor glu() {
        return glu(-1);
    }

    /** Multiplies the first half of a dimension by the sigmoid of the second; {@code torch.nn.functional.glu}. */
    default Tensor glu(int dim) {
        return end(start("glu", this), ActivationOps.glu((Tensor) this, dim));
    }
}
