package dev.cotangent;

import dev.cotangent.internal.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * Options that override defaults.
 *
 * @param chosenDtype null for the factory's default
 * @param chosenDevice null for the factory's default
 * @param requiresGrad whether the tensor requires grad
 */
record ChosenOptions(@Nullable Dtype chosenDtype, @Nullable Device chosenDevice, boolean requiresGrad)
        implements TensorOptions {
    static final ChosenOptions NONE = new ChosenOptions(null, null, false);

    static ChosenOptions of(TensorOptions options) {
        return switch (options) {
            case ChosenOptions chosen -> chosen;
            case Dtype dtype -> new ChosenOptions(dtype, null, false);
            case Device device -> new ChosenOptions(null, device, false);
        };
    }

    ChosenOptions with(Dtype dtype) {
        return new ChosenOptions(Arguments.notNull("options", "dtype", dtype), chosenDevice, requiresGrad);
    }

    ChosenOptions with(Device device) {
        return new ChosenOptions(chosenDtype, Arguments.notNull("options", "device", device), requiresGrad);
    }

    ChosenOptions with(boolean value) {
        return new ChosenOptions(chosenDtype, chosenDevice, value);
    }

    @Override
    public Dtype dtypeOr(Dtype other) {
        return chosenDtype == null ? other : chosenDtype;
    }

    @Override
    public Device deviceOr(Device other) {
        return chosenDevice == null ? other : chosenDevice;
    }

    @Override
    public String toString() {
        return "TensorOptions(dtype=" + (chosenDtype == null ? "default" : chosenDtype) + ", device="
                + (chosenDevice == null ? "default" : chosenDevice) + ", requires_grad="
                + (requiresGrad ? "True" : "False") + ")";
    }
}
