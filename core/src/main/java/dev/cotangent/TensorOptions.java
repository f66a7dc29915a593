package dev.cotangent;

/**
 * Options of a new tensor: the keyword arguments {@code dtype}, {@code device} and {@code requires_grad} of PyTorch's
 * creation functions. {@link Dtype} and {@link Device} are options too, so that both {@code zeros(FLOAT64, 2, 3)} and
 * {@code zeros(FLOAT64.device(cuda).requiresGrad(true), 2, 3)} work. Immutable; each method returns changed options.
 */
public sealed interface TensorOptions permits Dtype, Device, ChosenOptions {
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

    /** Returns options with requires-grad; PyTorch's {@code requires_grad}. */
    default TensorOptions requiresGrad(boolean value) {
        return ChosenOptions.of(this).with(value);
    }

    /** Returns the dtype, or a default if none was set. */
    Dtype dtypeOr(Dtype other);

    /** Returns the device, or a default if none was set. */
    Device deviceOr(Device other);

    /** Returns whether the tensor requires grad. */
    boolean requiresGrad();
}
