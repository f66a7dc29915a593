package dev.cotangent;

import dev.cotangent.autograd.Anomaly;
import dev.cotangent.autograd.Backward;
import dev.cotangent.autograd.Checkpoint;
import dev.cotangent.autograd.GradMode;
import java.util.List;
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

    /** The gradients of an output with respect to inputs; see {@link GradCall}. Runs when asked with {@code run()}. */
    public static GradCall grad(Tensor output, Tensor... inputs) {
        return new GradCall(List.of(output), List.of(inputs));
    }

    /** The gradients of several outputs' sum with respect to inputs; see {@link GradCall}. */
    public static GradCall grad(List<Tensor> outputs, List<Tensor> inputs) {
        return new GradCall(List.copyOf(outputs), List.copyOf(inputs));
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
     * Anomaly mode for the process: an error in a backward pass names the forward call it belongs to, and a NaN in a
     * gradient is an error; {@code torch.autograd.set_detect_anomaly}. Slow.
     */
    public static void setDetectAnomaly(boolean enabled) {
        Anomaly.set(enabled);
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
