package dev.cotangent.autograd;

import dev.cotangent.Device;
import dev.cotangent.Tensor;
import dev.cotangent.internal.engine.Backward;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gradient computation and gradient modes; PyTorch's {@code torch.autograd}. */
public final class Autograd {
    private Autograd() {}

    /** Returns the default options of {@link Tensor#backward(Tensor, BackwardOptions)}. */
    public static BackwardOptions options() {
        return BackwardOptions.DEFAULT;
    }

    /** Requests the gradients of an output with respect to inputs; call {@code run()} on the {@link GradRequest}. */
    public static GradRequest grad(Tensor output, Tensor... inputs) {
        return new GradRequest(List.of(output), List.of(inputs));
    }

    /** Requests the gradients of the sum of several outputs with respect to inputs; see {@link GradRequest}. */
    public static GradRequest grad(List<Tensor> outputs, List<Tensor> inputs) {
        return new GradRequest(List.copyOf(outputs), List.copyOf(inputs));
    }

    /**
     * Accumulates the gradients of several tensors into the leaves they depend on; {@code torch.autograd.backward}.
     *
     * @param tensors the roots
     * @param gradients their gradients; null stands for 1 if the tensor has one element
     */
    public static void backward(
            List<Tensor> tensors, List<? extends @Nullable Tensor> gradients, BackwardOptions options) {
        Backward.run(tensors, gradients, options);
    }

    /** Disables the recording of this thread's operations until the guard is closed; {@code torch.no_grad()}. */
    public static GradMode.Guard noGrad() {
        return GradMode.set(false);
    }

    /** Runs an action without recording. */
    public static void noGrad(Runnable work) {
        try (var _ = noGrad()) {
            work.run();
        }
    }

    /** Computes a result without recording. */
    public static <T> T noGrad(Supplier<T> work) {
        try (var _ = noGrad()) {
            return work.get();
        }
    }

    /** Enables the recording of this thread's operations until the guard is closed; {@code torch.enable_grad()}. */
    public static GradMode.Guard enableGrad() {
        return GradMode.set(true);
    }

    /** Enables or disables recording until the guard is closed; {@code torch.set_grad_enabled}. */
    public static GradMode.Guard setGradEnabled(boolean enabled) {
        return GradMode.set(enabled);
    }

    /** Returns whether operations of this thread are recorded; {@code torch.is_grad_enabled()}. */
    public static boolean isGradEnabled() {
        return GradMode.isEnabled();
    }

    /**
     * Enables inference mode until the guard is closed: nothing is recorded, and tensors created in it can never take
     * part in autograd; {@code torch.inference_mode()}.
     */
    public static GradMode.Guard inferenceMode() {
        return GradMode.set(false, true);
    }

    /** Returns whether this thread is in inference mode. */
    public static boolean isInferenceMode() {
        return GradMode.isInference();
    }

    /**
     * Enables or disables anomaly mode for the whole process: an error in a backward pass names its forward call, and
     * a NaN in a gradient throws. Slow. {@code torch.autograd.set_detect_anomaly}.
     */
    public static void setDetectAnomaly(boolean enabled) {
        Anomaly.set(enabled, true);
    }

    /** Enables or disables anomaly mode for the whole process; {@code checkNan} sets whether a NaN throws. */
    public static void setDetectAnomaly(boolean enabled, boolean checkNan) {
        Anomaly.set(enabled, checkNan);
    }

    /** Enables anomaly mode in this thread until the guard is closed; {@code torch.autograd.detect_anomaly}. */
    public static Anomaly.Guard detectAnomaly() {
        return detectAnomaly(true);
    }

    /**
     * Enables anomaly mode in this thread until the guard is closed.
     *
     * @param checkNan whether a NaN in a gradient throws
     */
    public static Anomaly.Guard detectAnomaly(boolean checkNan) {
        return Anomaly.open(checkNan);
    }

    /**
     * Calls a hook once per backward pass with the gradients of several tensors, after all that the pass computes have
     * arrived; null for the others. {@code torch.autograd.graph.register_multi_grad_hook}.
     *
     * @return removes the hook
     */
    public static Runnable registerMultiGradHook(List<Tensor> tensors, Consumer<List<@Nullable Tensor>> hook) {
        return MultiGradHook.all(tensors, hook);
    }

    /**
     * Calls a hook once per backward pass with the first gradient that reaches one of several tensors; {@code
     * torch.autograd.graph.register_multi_grad_hook(mode="any")}.
     *
     * @return removes the hook
     */
    public static Runnable registerAnyGradHook(List<Tensor> tensors, Consumer<Tensor> hook) {
        return MultiGradHook.any(tensors, hook);
    }

    /**
     * Runs a callback at the end of the calling thread's current backward pass, for use in hooks; {@code
     * queue_callback} of PyTorch's engine.
     */
    public static void queueCallback(Runnable callback) {
        Backward.atEnd(callback);
    }

    /**
     * Installs hooks that replace the saved tensors of this thread's operations until the guard is closed; {@code
     * torch.autograd.graph.saved_tensors_hooks}.
     *
     * @param pack returns the value to save for a tensor; called without recording
     * @param unpack returns the tensor from that value, when the backward pass needs it
     */
    public static <P> SavedTensorHooks.Guard savedTensorsHooks(Function<Tensor, P> pack, Function<P, Tensor> unpack) {
        return SavedTensorHooks.set(pack, unpack);
    }

    /** Makes installing saved-tensor hooks in this thread throw an error with a message, until the guard is closed. */
    public static SavedTensorHooks.Guard disableSavedTensorsHooks(String message) {
        return SavedTensorHooks.disable(message);
    }

    /**
     * Stores the saved tensors of this thread's operations in host memory, until the guard is closed; {@code
     * torch.autograd.graph.save_on_cpu}.
     */
    public static SavedTensorHooks.Guard saveOnCpu() {
        record OnCpu(Device device, Tensor tensor) {}
        return SavedTensorHooks.set(
                t -> new OnCpu(t.device(), t.to(Device.cpu())), p -> p.tensor().to(p.device()));
    }

    /** Returns the default options of {@link #checkpoint(CheckpointOptions, Function, Tensor...)}. */
    public static CheckpointOptions checkpointOptions() {
        return CheckpointOptions.DEFAULT;
    }

    /**
     * Computes {@code function(inputs)} without saving intermediate tensors, which the backward pass recomputes; {@code
     * torch.utils.checkpoint.checkpoint} with {@code use_reentrant=False}. The recomputation draws the same random
     * numbers. Supports double backward, {@link #grad} and {@code backward} with chosen inputs.
     */
    public static Tensor checkpoint(Function<Tensor[], Tensor> function, Tensor... inputs) {
        return checkpoint(CheckpointOptions.DEFAULT, function, inputs);
    }

    /** Works as {@link #checkpoint(Function, Tensor...)}, with options. */
    public static Tensor checkpoint(CheckpointOptions options, Function<Tensor[], Tensor> function, Tensor... inputs) {
        return Checkpoint.run(options, in -> new Tensor[] {function.apply(in)}, inputs)[0];
    }

    /** Works as {@link #checkpoint(Function, Tensor...)}, for a function with several results. */
    public static Tensor[] checkpointAll(Function<Tensor[], Tensor[]> function, Tensor... inputs) {
        return checkpointAll(CheckpointOptions.DEFAULT, function, inputs);
    }

    /** Works as {@link #checkpointAll(Function, Tensor...)}, with options. */
    public static Tensor[] checkpointAll(
            CheckpointOptions options, Function<Tensor[], Tensor[]> function, Tensor... inputs) {
        return Checkpoint.run(options, function, inputs);
    }

    /**
     * Applies functions in sequence, in segments, all checkpointed except the last; {@code
     * torch.utils.checkpoint.checkpoint_sequential}.
     */
    public static Tensor checkpointSequential(
            List<? extends Function<Tensor, Tensor>> functions, int segments, Tensor input) {
        return Checkpoint.runSequential(CheckpointOptions.DEFAULT, functions, segments, input);
    }
}
