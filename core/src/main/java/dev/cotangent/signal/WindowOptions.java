package dev.cotangent.signal;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.TensorOptions;
import dev.cotangent.Tensors;
import dev.cotangent.internal.Arguments;

/**
 * Options of a window. Immutable; each method returns changed options.
 *
 * @param sym whether the window is symmetric, as for the design of filters; else periodic, as for spectral analysis
 * @param center where an exponential window has its peak, NaN for the middle; not of symmetric ones
 * @param tensor dtype, device and whether gradients are computed
 */
public record WindowOptions(boolean sym, double center, TensorOptions tensor) {
    static final WindowOptions DEFAULT = new WindowOptions(true, Double.NaN, Tensors.options());

    /** Sets PyTorch's {@code sym}. */
    public WindowOptions sym(boolean value) {
        return new WindowOptions(value, center, tensor);
    }

    /** Returns options of a periodic window; PyTorch's {@code sym=False}. */
    public WindowOptions periodic() {
        return sym(false);
    }

    /** Sets PyTorch's {@code center}. */
    public WindowOptions center(double value) {
        return new WindowOptions(sym, value, tensor);
    }

    /** Sets PyTorch's {@code dtype}, float32 or float64. */
    public WindowOptions dtype(Dtype value) {
        return new WindowOptions(sym, center, tensor.dtype(Arguments.notNull("WindowOptions", "dtype", value)));
    }

    /** Sets PyTorch's {@code device}. */
    public WindowOptions device(Device value) {
        return new WindowOptions(sym, center, tensor.device(Arguments.notNull("WindowOptions", "device", value)));
    }

    /** Sets PyTorch's {@code requires_grad}. */
    public WindowOptions requiresGrad(boolean value) {
        return new WindowOptions(sym, center, tensor.requiresGrad(value));
    }

    Tensor marked(Tensor t) {
        return tensor.requiresGrad() ? t.requiresGrad_(true) : t;
    }
}
