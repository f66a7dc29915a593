package dev.cotangent.autograd;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.op.Factories;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An operation of a user's own, with its backward; PyTorch's {@code torch.autograd.Function}.
 *
 * {@snippet :
 * final class Cube extends Function {
 *     protected Tensor[] forward(Context ctx, Tensor... in) {
 *         ctx.saveForBackward(in[0]);
 *         return new Tensor[] {in[0].pow(3)};
 *     }
 *
 *     protected Tensor[] backward(Context ctx, Tensor... g) {
 *         Tensor x = ctx.savedTensors().get(0);
 *         return new Tensor[] {g[0].mul(x.square()).mul(3)};
 *     }
 * }
 * Tensor y = new Cube().apply(x);
 * }
 *
 * <p>The backward is written with tensor operations, so that double backward works by itself.
 */
public abstract class Function {
    /** Computes the outputs; operations in here are not recorded. */
    protected abstract Tensor[] forward(Context ctx, Tensor... inputs);

    /** The gradients of the inputs from those of the outputs: one for each input, null for none. */
    protected abstract @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... grads);

    /** The name of the node: the class's with {@code Backward} after it. */
    protected String name() {
        return getClass().getSimpleName() + "Backward";
    }

    /** Calls the function and returns its only output. */
    public final Tensor apply(Tensor... inputs) {
        return applyAll(inputs)[0];
    }

    /** Calls the function and returns all outputs. */
    public final Tensor[] applyAll(Tensor... inputs) {
        boolean recording = GradMode.isEnabled();
        @Nullable Edge[] edges = new Edge[inputs.length];
        boolean[] needs = new boolean[inputs.length];
        boolean any = false;
        for (int i = 0; i < inputs.length; i++) {
            edges[i] = recording ? inputs[i].edge() : null;
            needs[i] = edges[i] != null;
            any |= needs[i];
        }
        Context ctx = new Context(needs);
        Tensor[] outputs;
        try (var _ = GradMode.set(false)) {
            outputs = forward(ctx, inputs).clone();
        }
        for (Tensor d : ctx.dirty()) d.version().bump();
        for (int i = 0; i < outputs.length; i++) {
            Tensor o = outputs[i];
            boolean dirty = ctx.dirty().stream().anyMatch(t -> t == o);
            // An input given back as it is must not get two histories.
            if (!dirty && Arrays.stream(inputs).anyMatch(t -> t == o)) {
                outputs[i] = Tensor.wrap(o.strided(), o.version());
                if (any) outputs[i].metaOrNew().setViewOf(o, ViewInfo.Origin.FUNCTION);
            }
        }
        if (any) record(ctx, edges, outputs);
        return outputs;
    }

    private void record(Context ctx, @Nullable Edge[] edges, Tensor[] outputs) {
        Node node = new FunctionNode(this, ctx, edges);
        node.setOutputs(outputs);
        for (int i = 0; i < outputs.length; i++) {
            Tensor o = outputs[i];
            if (!ctx.differentiable(o)) continue;
            Meta meta = o.metaOrNew();
            if (ctx.dirty().stream().anyMatch(t -> t == o)) {
                meta.checkInPlace();
                meta.rebase(node);
            } else {
                meta.setGradFn(node, i);
            }
        }
        ctx.bind(node, outputs);
    }

    private static final class FunctionNode extends Node {
        private final Function function;
        private final Context ctx;

        FunctionNode(Function function, Context ctx, @Nullable Edge[] edges) {
            super(function.name(), edges);
            this.function = function;
            this.ctx = ctx;
        }

        @Override
        protected @Nullable Tensor[] apply(@Nullable Tensor[] grads, boolean[] needs) {
            @Nullable Tensor[] given = grads.clone();
            for (int i = 0; i < given.length; i++) {
                Expected e = expected(i);
                if (given[i] == null && ctx.materializes() && e != null) {
                    given[i] = Factories.zeros(e.dtype(), e.device(), e.sizes());
                }
            }
            ctx.setNeeds(needs);
            @Nullable Tensor[] results = function.backward(ctx, given);
            if (results.length == inputs()) return results;
            for (int i = inputs(); i < results.length; i++) {
                if (results[i] != null) {
                    throw new CotangentException("function " + name() + " returned an incorrect number of gradients"
                            + " (expected " + inputs() + ", got " + results.length + ")");
                }
            }
            if (results.length < inputs()) {
                throw new CotangentException(
                        "function " + name() + " returned an incorrect number of gradients (expected " + inputs()
                                + ", got " + results.length + ")");
            }
            return Arrays.copyOf(results, inputs());
        }

        @Override
        public List<Tensor> savedTensors() {
            return ctx.savedTensors();
        }

        @Override
        protected void visitKept(Consumer<Tensor> visitor) {
            ctx.visit(visitor);
        }

        @Override
        protected void release() {
            ctx.release();
        }

        @Override
        protected boolean returnsFresh() {
            return false;
        }
    }
}
