package dev.cotangent;

/**
 * Says what a new tensor is to be: the keywords {@code dtype}, {@code device} and {@code requires_grad} of PyTorch's factories.
 * A {@link Dtype} alone and a {@link Device} alone are options too, so that {@code zeros(FLOAT64, 2, 3)} and {@code
 * zeros(FLOAT64.device(cuda).requiresGrad(true), 2, 3)} read alike. Immutable; each method returns changed options.
 */
public sealed interface TensorOptions permits Dtype, Device, ChosenOptions {
    /** Returns options that leave everything to the factory. */
    static TensorOptions defaults() {
        return ChosenOptions.NONE;
    }

    /** Returns options with a dtype; PyTorch's {@code dtype}. */
    default TensorOptions dtype(Dtype dtype) {
        return ChosenOptions.of(this).with(dtype);
    }

    /** Returns options with a device; PyTorch's {@code device}. */
    default TensorOptions device(Device device) {
        return ChosenOptions.of(this).with(device);
    }

    /** Returns options with a device, such as {@code cuda:1}; PyTorch's {@code device}. */
    default TensorOptions device(String device) {
        return device(Device.parse(device));
    }

    /** Returns options that say whether gradients are computed for the tensor; PyTorch's {@code requires_grad}. */
    default TensorOptions requiresGrad(boolean value) {
        return ChosenOptions.of(this).with(value);
    }

    /** Returns the dtype, or another where none was chosen. */
    Dtype dtypeOr(Dtype other);

    /** Returns the device, or another where none was chosen. */
    Device deviceOr(Device other);

    /** Returns whether gradients are computed for the tensor. */
    boolean requiresGrad();
}
