package dev.cotangent.autograd;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Warnings;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.engine.AutocastMode;
import org.jspecify.annotations.Nullable;

/**
 * Automatic mixed precision; {@code torch.autocast}. While it is open, operations of this thread on a kind of device choose the
 * dtype that they compute in: products, convolutions and attention a lower precision; losses, and on CUDA functions, norms and
 * sums that need its range, float32; and those that combine tensors the widest of their dtypes. The tensors themselves stay as
 * they are. Float64 is left alone.
 *
 * <pre>{@code
 * try (Autocast autocast = Autocast.open(Device.cuda(0))) {
 *     loss = model.call(x).crossEntropy(y);
 * }
 * scaler.scale(loss).backward();
 * }</pre>
 *
 * <p>The casts of parameters are kept until the outermost scope is closed, so that a parameter that is used twice is cast once.
 * Run the backward pass outside of it: it computes in the dtypes that the forward pass chose.
 */
public final class Autocast implements AutoCloseable {
    private final AutocastMode.Scope scope;

    private Autocast(AutocastMode.Scope scope) {
        this.scope = scope;
    }

    /** Opens a scope with the usual dtype: bfloat16 on the CPU, float16 on CUDA. */
    public static Autocast open(Device device) {
        Arguments.notNull("autocast", "device", device);
        return open(device, device.isCpu() ? Dtype.BFLOAT16 : Dtype.FLOAT16);
    }

    /** Opens a scope with float16 or bfloat16. Of another dtype it warns, as PyTorch does, and turns autocast off. */
    public static Autocast open(Device device, Dtype dtype) {
        return open(device, dtype, true);
    }

    /**
     * Opens a scope.
     *
     * @param cacheEnabled whether casts of parameters are kept
     */
    public static Autocast open(Device device, Dtype dtype, boolean cacheEnabled) {
        Arguments.notNull("autocast", "device", device);
        Arguments.notNull("autocast", "dtype", dtype);
        Dtype used = dtype;
        if (dtype != Dtype.FLOAT16 && dtype != Dtype.BFLOAT16) {
            String kind = device.isCpu() ? "CPU" : "CUDA";
            Warnings.warn("In " + kind + " autocast, but the target dtype is not supported. Disabling autocast.\n"
                    + kind + " Autocast only supports dtype of torch.bfloat16, torch.float16 currently.");
            used = null;
        }
        return new Autocast(AutocastMode.open(device.isCpu(), used, cacheEnabled));
    }

    /** Opens a scope in which autocast is off, such as within another one; {@code torch.autocast(..., enabled=False)}. */
    public static Autocast disable(Device device) {
        Arguments.notNull("autocast", "device", device);
        return new Autocast(AutocastMode.open(device.isCpu(), null, true));
    }

    /** Returns whether operations on a device are cast in this thread; {@code torch.is_autocast_enabled}. */
    public static boolean isEnabled(Device device) {
        return dtype(device) != null;
    }

    /** Returns the lower precision of operations on a device in this thread; null where autocast is off. */
    public static @Nullable Dtype dtype(Device device) {
        return AutocastMode.dtype(
                Arguments.notNull("autocast", "device", device).isCpu());
    }

    /** Restores what was in force before; close in the opening thread, innermost first. */
    @Override
    public void close() {
        scope.close();
    }
}
