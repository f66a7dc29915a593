package dev.cotangent.autograd;

import dev.cotangent.Device;
import dev.cotangent.Tensor;
import dev.cotangent.internal.engine.Backward;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gradients and the modes of recording them; PyTorch's {@code torch.autograd}. */
public final class Autograd {
    private Autograd() {}

    /** Options for {@link Tensor#backward(Tensor, BackwardOptions)}, from the defaults on. */
    public static BackwardOptions options() {
        return BackwardOptions.DEFAULT;
    }

    /** The gradients of an output with respect to inputs; see {@link GradRequest}. Runs when asked with {@code run()}. */
    public static GradRequest grad(Tensor output, Tensor... inputs) {
        return new GradRequest(List.of(output), List.of(inputs));
    }

    /** The gradients of several outputs' sum with respect to inputs; see {@link GradRequest}. */
    public static GradRequest grad(List<Tensor> outputs, List<Tensor> inputs) {
        return new GradRequest(List.copyOf(outputs), List.copyOf(inputs));
    }

    /**
     * Adds the gradients of several tensors to the leaves they depend on; {@code torch.autograd.backward}.
     *
     * @param tensors what to start from
     * @param gradients their gradients; null for a tensor of one element means 1
     */
    public static void backward(
            List<Tensor> tensors, List<? extends @Nullable Tensor> gradients, BackwardOptions options) {
        Backward.run(tensors, gradients, options);
    }

    /** Operations of this thread are not recorded until the guard is closed; {@code torch.no_grad()}. */
    public static GradMode.Guard noGrad() {
        return GradMode.set(false);
    }

    /** Runs something without recording. */
    public static void noGrad(Runnable work) {
        try (var _ = noGrad()) {
            work.run();
        }
    }

    /** Computes something without recording. */
    public static <T> T noGrad(Supplier<T> work) {
        try (var _ = noGrad()) {
            return work.get();
        }
    }

    /** Operations of this thread are recorded until the guard is closed; {@code torch.enable_grad()}. */
    public static GradMode.Guard enableGrad() {
        return GradMode.set(true);
    }

    /** Recording on or off until the guard is closed; {@code torch.set_grad_enabled}. */
    public static GradMode.Guard setGradEnabled(boolean enabled) {
        return GradMode.set(enabled);
    }

    /** Whether operations of this thread are recorded; {@code torch.is_grad_enabled()}. */
    public static boolean isGradEnabled() {
        return GradMode.isEnabled();
    }

    /**
     * Nothing is recorded until the guard is closed, and tensors made meanwhile never take part in autograd;
     * {@code torch.inference_mode()}.
     */
    public static GradMode.Guard inferenceMode() {
        return GradMode.set(false, true);
    }

    /** Whether this thread is in inference mode. */
    public static boolean isInferenceMode() {
        return GradMode.isInference();
    }

    /**
     * Turns anomaly mode on or off for the whole process: an error in a backward pass names the forward call it belongs
     * to, and a NaN in a gradient is an error. Slow. {@code torch.autograd.set_detect_anomaly}.
     */
    public static void setDetectAnomaly(boolean enabled) {
        Anomaly.set(enabled, true);
    }

    /** Turns anomaly mode on or off for the whole process, {@code checkNan} saying whether a NaN is an error. */
    public static void setDetectAnomaly(boolean enabled, boolean checkNan) {
        Anomaly.set(enabled, checkNan);
    }

    /** Turns anomaly mode on for this thread until the guard is closed; {@code torch.autograd.detect_anomaly}. */
    public static Anomaly.Guard detectAnomaly() {
        return detectAnomaly(true);
    }

    /**
     * Turns anomaly mode on for this thread until the guard is closed.
     *
     * @param checkNan whether a NaN in a gradient is an error
     */
    public static Anomaly.Guard detectAnomaly(boolean checkNan) {
        return Anomaly.open(checkNan);
    }

    /**
     * Calls a hook once per backward pass with the gradients of several tensors, when all that the pass computes have
     * come; null for the others. {@code torch.autograd.graph.register_multi_grad_hook}.
     *
     * @return removes the hook again
     */
    public static Runnable registerMultiGradHook(List<Tensor> tensors, Consumer<List<@Nullable Tensor>> hook) {
        return MultiGradHook.all(tensors, hook);
    }

    /**
     * Calls a hook once per backward pass with the first gradient that comes to one of several tensors; {@code
     * torch.autograd.graph.register_multi_grad_hook(mode="any")}.
     *
     * @return removes the hook again
     */
    public static Runnable registerAnyGradHook(List<Tensor> tensors, Consumer<Tensor> hook) {
        return MultiGradHook.any(tensors, hook);
    }

    /**
     * Runs something at the end of the backward pass that the calling thread is in, such as from a hook; PyTorch's {@code
     * queue_callback} of its engine.
     */
    public static void queueCallback(Runnable callback) {
        Backward.atEnd(callback);
    }

    /**
     * Replaces what operations of this thread save for the backward pass, until the guard is closed; {@code
     * torch.autograd.graph.saved_tensors_hooks}.
     *
     * @param pack returns what to save in place of a tensor; called without recording
     * @param unpack returns the tensor from that, when the backward pass needs it
     */
    public static <P> SavedTensorHooks.Guard savedTensorsHooks(Function<Tensor, P> pack, Function<P, Tensor> unpack) {
        return SavedTensorHooks.set(pack, unpack);
    }

    /** Makes it an error with that message to set saved-tensor hooks in this thread, until the guard is closed. */
    public static SavedTensorHooks.Guard disableSavedTensorsHooks(String message) {
        return SavedTensorHooks.disable(message);
    }

    /**
     * Keeps what operations of this thread save for the backward pass in the host's memory, until the guard is closed;
     * {@code torch.autograd.graph.save_on_cpu}.
     */
    public static SavedTensorHooks.Guard saveOnCpu() {
        record OnCpu(Device device, Tensor tensor) {}
        return SavedTensorHooks.set(
                t -> new OnCpu(t.device(), t.to(Device.cpu())), p -> p.tensor().to(p.device()));
    }

    /** Options for {@link #checkpoint(CheckpointOptions, Function, Tensor...)}, from the defaults on. */
    public static CheckpointOptions checkpointOptions() {
        return CheckpointOptions.DEFAULT;
    }

    /**
     * Computes {@code function(inputs)} without keeping what is inside, which the backward pass computes again;
     * {@code torch.utils.checkpoint.checkpoint} with {@code use_reentrant=False}. The random numbers drawn inside are the
     * same both times. Works with gradients of gradients, {@link #grad} and {@code backward} to some inputs.
     */
    public static Tensor checkpoint(Function<Tensor[], Tensor> function, Tensor... inputs) {
        return checkpoint(CheckpointOptions.DEFAULT, function, inputs);
    }

    /** As {@link #checkpoint(Function, Tensor...)} with options. */
    public static Tensor checkpoint(CheckpointOptions options, Function<Tensor[], Tensor> function, Tensor... inputs) {
        return Checkpoint.run(options, in -> new Tensor[] {function.apply(in)}, inputs)[0];
    }

    /** As {@link #checkpoint(Function, Tensor...)} for a function with several results. */
    public static Tensor[] checkpointAll(Function<Tensor[], Tensor[]> function, Tensor... inputs) {
        return checkpointAll(CheckpointOptions.DEFAULT, function, inputs);
    }

    /** As {@link #checkpointAll(Function, Tensor...)} with options. */
    public static Tensor[] checkpointAll(
            CheckpointOptions options, Function<Tensor[], Tensor[]> function, Tensor... inputs) {
        return Checkpoint.run(options, function, inputs);
    }

    /**
     * Applies functions one after the other, in segments of which all but the last are checkpointed;
     * {@code torch.utils.checkpoint.checkpoint_sequential}.
     */
    public static Tensor checkpointSequential(
            List<? extends Function<Tensor, Tensor>> functions, int segments, Tensor input) {
        return Checkpoint.runSequential(CheckpointOptions.DEFAULT, functions, segments, input);
    }
}
