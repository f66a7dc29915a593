package dev.cotangent.autograd;

import dev.cotangent.Generator;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.Warnings;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Activation checkpointing: recomputes in the backward pass what the forward pass did not save. */
public final class Checkpoint {
    private Checkpoint() {}

    /** Implements {@code torch.utils.checkpoint.checkpoint}. */
    public static Tensor[] run(CheckpointOptions options, Function<Tensor[], Tensor[]> function, Tensor... inputs) {
        if (options.isReentrant()) {
            if (GradMode.isEnabled() && Arrays.stream(inputs).noneMatch(Tensor::requiresGrad)) {
                Warnings.warn("None of the inputs have requires_grad=True. Gradients will be None");
            }
            return new ReentrantCheckpoint(function, options.preservesRandomState()).applyAll(inputs);
        }
        if (!GradMode.isEnabled()) return function.apply(inputs);
        return new CheckpointFrame(options, function, inputs).forward(inputs);
    }

    /** Implements {@code torch.utils.checkpoint.checkpoint_sequential}: checkpoints all segments except the last. */
    public static Tensor runSequential(
            CheckpointOptions options, List<? extends Function<Tensor, Tensor>> functions, int segments, Tensor input) {
        if (segments < 1) throw new ValueException("checkpointSequential needs 1 segment or more, got " + segments);
        int size = functions.size() / segments;
        Tensor x = input;
        int start = 0;
        for (; size > 0 && start < size * (segments - 1); start += size) {
            List<? extends Function<Tensor, Tensor>> segment = functions.subList(start, start + size);
            x = run(options, in -> new Tensor[] {applyAll(segment, in[0])}, x)[0];
        }
        return applyAll(functions.subList(start, functions.size()), x);
    }

    private static Tensor applyAll(List<? extends Function<Tensor, Tensor>> functions, Tensor input) {
        Tensor x = input;
        for (Function<Tensor, Tensor> f : functions) x = f.apply(x);
        return x;
    }

    /** Computes with random numbers from a given state, and restores the generator afterwards. */
    static Tensor[] withRandomState(Generator.State state, Supplier<Tensor[]> work) {
        Generator generator = Generator.standard();
        Generator.State now = generator.state();
        try {
            generator.setState(state);
            return work.get();
        } finally {
            generator.setState(now);
        }
    }
}
