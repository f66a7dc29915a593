package dev.cotangent.autograd;

import dev.cotangent.CotangentException;
import dev.cotangent.Generator;
import dev.cotangent.Tensor;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.AutogradMeta;
import dev.cotangent.internal.engine.Backward;
import dev.cotangent.internal.engine.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A checkpoint whose backward recomputes the forward and runs a nested backward pass over it. */
final class ReentrantCheckpoint extends dev.cotangent.autograd.Function {
    private static final String RANDOM = "random";

    private final Function<Tensor[], Tensor[]> function;
    private final boolean preservesRandomState;

    ReentrantCheckpoint(Function<Tensor[], Tensor[]> function, boolean preservesRandomState) {
        this.function = function;
        this.preservesRandomState = preservesRandomState;
    }

    @Override
    protected String name() {
        return "CheckpointFunctionBackward";
    }

    @Override
    protected Tensor[] forward(Context ctx, Tensor... inputs) {
        ctx.saveForBackward(inputs);
        if (preservesRandomState) ctx.put(RANDOM, Generator.standard().state());
        return function.apply(inputs);
    }

    @Override
    protected @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... grads) {
        Engine run = Engine.current();
        if (run != null && run.isPartial()) {
            throw new CotangentException("When use_reentrant=True, torch.utils.checkpoint is incompatible with .grad()"
                    + " or passing an `inputs` parameter to .backward(). To resolve this error, you can either set"
                    + " use_reentrant=False, or call .backward() without passing the `inputs` argument. In Java: leave"
                    + " out CheckpointOptions.reentrant().");
        }
        List<@Nullable Tensor> saved = ctx.savedTensors();
        Tensor[] inputs = new Tensor[saved.size()];
        for (int i = 0; i < inputs.length; i++) {
            Tensor input = saved.get(i);
            if (input == null) continue;
            inputs[i] = input.detach();
            if (ctx.needsInputGrad(i)) inputs[i].requiresGrad_(true);
        }
        Tensor[] again = recompute(ctx, inputs);
        List<Tensor> outputs = new ArrayList<>();
        List<@Nullable Tensor> given = new ArrayList<>();
        for (int i = 0; i < again.length; i++) {
            if (!again[i].requiresGrad()) continue;
            outputs.add(again[i]);
            given.add(grads[i]);
        }
        if (outputs.isEmpty()) {
            throw new CotangentException("none of output has requires_grad=True, this checkpoint() is not necessary");
        }
        Backward.run(outputs, given, new BackwardOptions(null, false, null));
        @Nullable Tensor[] result = new Tensor[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            AutogradMeta meta = inputs[i] == null ? null : Internals.meta(inputs[i]);
            result[i] = meta == null ? null : meta.grad();
        }
        return result;
    }

    private Tensor[] recompute(Context ctx, Tensor[] inputs) {
        GradMode.Guard mode = GradMode.set(true);
        try {
            if (!preservesRandomState) return function.apply(inputs);
            return Checkpoint.withRandomState(ctx.get(RANDOM, Generator.State.class), () -> function.apply(inputs));
        } finally {
            mode.restore();
        }
    }
}
