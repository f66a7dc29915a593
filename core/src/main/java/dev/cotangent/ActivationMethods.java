package dev.cotangent;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.elementwise.ActivationOps;

/**
 * The functions between the layers of a network, of {@code torch.nn.functional}; rules as in {@link ArithmeticMethods}. Only of
 * floating point, where nothing else is said.
 */
sealed interface ActivationMethods permits Tensor {
    /** {@code 1 / (1 + exp(-this))}; {@code torch.sigmoid}. Integers give float32. */
    default Tensor sigmoid() {
        return ActivationOps.SIGMOID.call((Tensor) this);
    }

    /** {@link #sigmoid()} in place. */
    default Tensor sigmoid_() {
        return ActivationOps.SIGMOID.callInPlace((Tensor) this);
    }

    /** {@code log(sigmoid(this))} without overflow; {@code torch.nn.functional.logsigmoid}. */
    default Tensor logsigmoid() {
        return ActivationOps.LOGSIGMOID.call((Tensor) this);
    }

    /** The positive part; {@code torch.nn.functional.relu}. Not of bool. */
    default Tensor relu() {
        return ActivationOps.RELU.call((Tensor) this);
    }

    /** {@link #relu()} in place. */
    default Tensor relu_() {
        return ActivationOps.RELU.callInPlace((Tensor) this);
    }

    /** {@code min(max(this, 0), 6)}; {@code torch.nn.functional.relu6}. Not of bool. */
    default Tensor relu6() {
        return ActivationOps.relu6((Tensor) this, false);
    }

    /** {@link #relu6()} in place. */
    default Tensor relu6_() {
        return ActivationOps.relu6((Tensor) this, true);
    }

    /** {@code this * Phi(this)}, Phi the normal distribution; {@code torch.nn.functional.gelu}. */
    default Tensor gelu() {
        return ActivationOps.gelu("none").call((Tensor) this);
    }

    /** {@link #gelu()}, exact where {@code "none"}, by the hyperbolic tangent where {@code "tanh"}. */
    default Tensor gelu(String approximate) {
        Arguments.notNull("gelu", "approximate", approximate);
        return ActivationOps.gelu(approximate).call((Tensor) this);
    }

    /** {@link #gelu(String)} by the mode's constant. */
    default Tensor gelu(GeluApproximation approximate) {
        return gelu(Arguments.notNull("gelu", "approximate", approximate).text());
    }

    /** {@code this * sigmoid(this)}; {@code torch.nn.functional.silu}. */
    default Tensor silu() {
        return ActivationOps.SILU.call((Tensor) this);
    }

    /** {@link #silu()} in place. */
    default Tensor silu_() {
        return ActivationOps.SILU.callInPlace((Tensor) this);
    }

    /** {@code this * tanh(softplus(this))}; {@code torch.nn.functional.mish}. */
    default Tensor mish() {
        return ActivationOps.MISH.call((Tensor) this);
    }

    /** {@link #mish()} in place. */
    default Tensor mish_() {
        return ActivationOps.MISH.callInPlace((Tensor) this);
    }

    /** {@link #softplus(Number, Number)} with 1 and 20. */
    default Tensor softplus() {
        return softplus(1, 20);
    }

    /**
     * {@code log(1 + exp(beta * this)) / beta}, and this itself where {@code beta * this} is above the threshold;
     * {@code torch.nn.functional.softplus}.
     */
    default Tensor softplus(Number beta, Number threshold) {
        Arguments.notNull("softplus", "beta", beta);
        Arguments.notNull("softplus", "threshold", threshold);
        return ActivationOps.SOFTPLUS.call((Tensor) this, beta, threshold);
    }

    /** {@code this / (1 + |this|)}; {@code torch.nn.functional.softsign}. */
    default Tensor softsign() {
        return ActivationOps.SOFTSIGN.call((Tensor) this);
    }

    /** {@link #elu(Number)} with 1. */
    default Tensor elu() {
        return elu(1);
    }

    /** This where positive, {@code alpha * (exp(this) - 1)} elsewhere; {@code torch.nn.functional.elu}. */
    default Tensor elu(Number alpha) {
        Arguments.notNull("elu", "alpha", alpha);
        return ActivationOps.elu((Tensor) this, alpha, false);
    }

    /** {@link #elu()} in place. */
    default Tensor elu_() {
        return elu_(1);
    }

    /** {@link #elu(Number)} in place. */
    default Tensor elu_(Number alpha) {
        Arguments.notNull("elu_", "alpha", alpha);
        return ActivationOps.elu((Tensor) this, alpha, true);
    }

    /** {@link #celu(Number)} with 1. */
    default Tensor celu() {
        return celu(1);
    }

    /** This where positive, {@code alpha * (exp(this / alpha) - 1)} elsewhere; {@code torch.nn.functional.celu}. */
    default Tensor celu(Number alpha) {
        Arguments.notNull("celu", "alpha", alpha);
        return ActivationOps.celu((Tensor) this, alpha, false);
    }

    /** {@link #celu()} in place. */
    default Tensor celu_() {
        return celu_(1);
    }

    /** {@link #celu(Number)} in place. */
    default Tensor celu_(Number alpha) {
        Arguments.notNull("celu_", "alpha", alpha);
        return ActivationOps.celu((Tensor) this, alpha, true);
    }

    /**
     * {@link #elu} with the alpha and the scale at which mean 0 and variance 1 are kept;
     * {@code torch.nn.functional.selu}.
     */
    default Tensor selu() {
        return ActivationOps.selu((Tensor) this, false);
    }

    /** {@link #selu()} in place. */
    default Tensor selu_() {
        return ActivationOps.selu((Tensor) this, true);
    }

    /** {@link #leakyRelu(Number)} with 0.01. */
    default Tensor leakyRelu() {
        return leakyRelu(0.01);
    }

    /** This where positive, {@code negativeSlope * this} elsewhere; {@code torch.nn.functional.leaky_relu}. */
    default Tensor leakyRelu(Number negativeSlope) {
        return ActivationOps.LEAKY_RELU.call((Tensor) this, negativeSlope);
    }

    /** {@link #leakyRelu()} in place. */
    default Tensor leakyRelu_() {
        return leakyRelu_(0.01);
    }

    /** {@link #leakyRelu(Number)} in place. */
    default Tensor leakyRelu_(Number negativeSlope) {
        Arguments.notNull("leaky_relu_", "negative_slope", negativeSlope);
        return ActivationOps.LEAKY_RELU.callInPlace((Tensor) this, negativeSlope);
    }

    /**
     * This where positive, {@code weight * this} elsewhere, of one weight or one for each channel (dimension 1);
     * {@code torch.nn.functional.prelu}.
     */
    default Tensor prelu(Tensor weight) {
        Arguments.notNull("prelu", "weight", weight);
        return ActivationOps.prelu((Tensor) this, weight);
    }

    /** {@link #hardtanh(Number, Number)} with -1 and 1. */
    default Tensor hardtanh() {
        return hardtanh(-1, 1);
    }

    /** Kept between two numbers; {@code torch.nn.functional.hardtanh}. */
    default Tensor hardtanh(Number minVal, Number maxVal) {
        Arguments.notNull("hardtanh", "min_val", minVal);
        Arguments.notNull("hardtanh", "max_val", maxVal);
        return ActivationOps.hardtanh((Tensor) this, minVal, maxVal, false);
    }

    /** {@link #hardtanh()} in place. */
    default Tensor hardtanh_() {
        return hardtanh_(-1, 1);
    }

    /** {@link #hardtanh(Number, Number)} in place. */
    default Tensor hardtanh_(Number minVal, Number maxVal) {
        Arguments.notNull("hardtanh_", "min_val", minVal);
        Arguments.notNull("hardtanh_", "max_val", maxVal);
        return ActivationOps.hardtanh((Tensor) this, minVal, maxVal, true);
    }

    /** {@code min(max(this + 3, 0), 6) / 6}; {@code torch.nn.functional.hardsigmoid}. */
    default Tensor hardsigmoid() {
        return ActivationOps.HARDSIGMOID.call((Tensor) this);
    }

    /** {@link #hardsigmoid()} in place. */
    default Tensor hardsigmoid_() {
        return ActivationOps.HARDSIGMOID.callInPlace((Tensor) this);
    }

    /** {@code this * hardsigmoid(this)}; {@code torch.nn.functional.hardswish}. */
    default Tensor hardswish() {
        return ActivationOps.HARDSWISH.call((Tensor) this);
    }

    /** {@link #hardswish()} in place. */
    default Tensor hardswish_() {
        return ActivationOps.HARDSWISH.callInPlace((Tensor) this);
    }

    /** {@link #hardshrink(Number)} with 0.5. */
    default Tensor hardshrink() {
        return hardshrink(0.5);
    }

    /** 0 between {@code -lambd} and {@code lambd}, this elsewhere; {@code torch.nn.functional.hardshrink}. */
    default Tensor hardshrink(Number lambd) {
        return ActivationOps.HARDSHRINK.call((Tensor) this, lambd);
    }

    /** {@link #softshrink(Number)} with 0.5. */
    default Tensor softshrink() {
        return softshrink(0.5);
    }

    /** 0 between {@code -lambd} and {@code lambd}, elsewhere this moved by {@code lambd} towards zero;
     * {@code torch.nn.functional.softshrink}. */
    default Tensor softshrink(Number lambd) {
        Arguments.notNull("softshrink", "lambd", lambd);
        return ActivationOps.softshrink((Tensor) this, lambd);
    }

    /** {@code this - tanh(this)}; {@code torch.nn.functional.tanhshrink}. */
    default Tensor tanhshrink() {
        return ActivationOps.tanhshrink((Tensor) this);
    }

    /** This where above the threshold, {@code value} elsewhere; {@code torch.nn.functional.threshold}. */
    default Tensor threshold(Number threshold, Number value) {
        Arguments.notNull("threshold", "threshold", threshold);
        Arguments.notNull("threshold", "value", value);
        return ActivationOps.THRESHOLD.call((Tensor) this, threshold, value);
    }

    /** {@link #threshold(Number, Number)} in place. */
    default Tensor threshold_(Number threshold, Number value) {
        Arguments.notNull("threshold_", "threshold", threshold);
        Arguments.notNull("threshold_", "value", value);
        return ActivationOps.THRESHOLD.callInPlace((Tensor) this, threshold, value);
    }

    /** {@link #glu(int)} along the last dimension. */
    default Tensor glu() {
        return glu(-1);
    }

    /** The first half of a dimension times the sigmoid of the second; {@code torch.nn.functional.glu}. */
    default Tensor glu(int dim) {
        return ActivationOps.glu((Tensor) this, dim);
    }
}
