package dev.cotangent.autograd;

import dev.cotangent.BackwardOptions;
import dev.cotangent.Generator;
import dev.cotangent.Tensor;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Computes again in the backward pass what the forward pass did not keep. */
public final class Checkpoint {
    private Checkpoint() {}

    /** {@code torch.utils.checkpoint.checkpoint}. */
    public static Tensor run(Function<Tensor[], Tensor> function, Tensor... inputs) {
        return new Recompute(function).apply(inputs);
    }

    private static final class Recompute extends dev.cotangent.autograd.Function {
        private final Function<Tensor[], Tensor> function;

        Recompute(Function<Tensor[], Tensor> function) {
            this.function = function;
        }

        @Override
        protected String name() {
            return "CheckpointFunctionBackward";
        }

        @Override
        protected Tensor[] forward(Context ctx, Tensor... inputs) {
            ctx.saveForBackward(inputs);
            ctx.put("random", Generator.standard().state());
            return new Tensor[] {function.apply(inputs)};
        }

        @Override
        protected @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... grads) {
            List<Tensor> saved = ctx.savedTensors();
            Tensor[] inputs = new Tensor[saved.size()];
            for (int i = 0; i < inputs.length; i++) {
                inputs[i] = saved.get(i).detach();
                if (ctx.needsInputGrad(i)) inputs[i].requiresGrad_(true);
            }
            Generator generator = Generator.standard();
            Generator.State now = generator.state();
            Tensor again;
            try (var _ = GradMode.set(true)) {
                generator.setState(ctx.get("random", Generator.State.class));
                again = function.apply(inputs);
            } finally {
                generator.setState(now);
            }
            Backward.run(List.of(again), java.util.Arrays.asList(grads[0]), new BackwardOptions(null, false, null));
            @Nullable Tensor[] result = new Tensor[inputs.length];
            for (int i = 0; i < inputs.length; i++) {
                Meta meta = inputs[i].meta();
                result[i] = meta == null ? null : meta.grad();
            }
            return result;
        }
    }
}
