package dev.cotangent.autograd;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.UnsupportedException;
import dev.cotangent.Warnings;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.RecordFunction;
import dev.cotangent.internal.engine.AutogradMeta;
import dev.cotangent.internal.engine.Edge;
import dev.cotangent.internal.engine.GraphNode;
import dev.cotangent.internal.engine.ViewInfo;
import dev.cotangent.internal.ops.creation.CreationOps;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A user-defined operation with its backward; PyTorch's {@code torch.autograd.Function}.
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
 * <p>A backward written with tensor operations supports double backward. Non-tensor arguments are fields of the class,
 * or arguments of {@link #call}.
 */
public abstract class Function {
    /**
     * A forward-mode derivative, which a {@link Function} may implement. Without it, forward mode differentiates the
     * backward.
     */
    public interface ForwardMode {
        /**
         * Computes the outputs' tangents; PyTorch's {@code jvp}.
         *
         * @param ctx the forward's context, with what it saved
         * @param tangents one per input, null for inputs without
         * @return one per output, null for zero
         */
        @Nullable
        Tensor[] jvp(Context ctx, @Nullable Tensor... tangents);
    }

    /** Creates a function. */
    protected Function() {}

    /**
     * Computes the outputs; operations in it are not recorded. By default calls {@link #forward(Tensor...)} and then
     * {@link #setupContext}.
     */
    protected Tensor[] forward(Context ctx, Tensor... inputs) {
        Tensor[] outputs = forward(inputs);
        if (outputs != null) setupContext(ctx, inputs, outputs);
        return outputs;
    }

    /** Computes the outputs without a context, for functions that override {@link #setupContext}. */
    protected Tensor[] forward(Tensor... inputs) {
        throw new UnsupportedException("You must implement the forward function for custom autograd.Function. In Java: "
                + getClass().getName() + " overrides forward(Context, Tensor...), or forward(Tensor...) and"
                + " setupContext.");
    }

    /** Saves inputs and outputs for the backward; PyTorch's {@code setup_context}. */
    protected void setupContext(Context ctx, Tensor[] inputs, Tensor[] outputs) {}

    /** Computes the gradients of the inputs from those of the outputs: one per input, null for none. */
    protected @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... grads) {
        throw new UnsupportedException("You must implement either the backward or vjp method for your custom"
                + " autograd.Function to use it with backward mode AD. In Java: "
                + getClass().getName()
                + " overrides backward(Context, Tensor...).");
    }

    /**
     * Returns whether the backward is not differentiable, because it computes outside of tensors; PyTorch's {@code
     * once_differentiable}. Then it runs without recording, and differentiating its results throws.
     */
    protected boolean isOnceDifferentiable() {
        return false;
    }

    /** Returns the name of the node: the class's followed by {@code Backward}. */
    protected String name() {
        return getClass().getSimpleName() + "Backward";
    }

    /** Calls the function and returns its only output. */
    public final Tensor apply(@Nullable Tensor... inputs) {
        Tensor[] outputs = applyAll(inputs);
        if (outputs.length == 0)
            throw new CotangentException("the forward of " + getClass().getName() + " returned no tensor");
        return outputs[0];
    }

    /**
     * Calls the function with arguments of any type and returns its first output. Tensors among them are the inputs;
     * the others are available from {@link Context#argument}.
     */
    public final Tensor call(@Nullable Object... arguments) {
        return callAll(arguments)[0];
    }

    /** Works as {@link #call}, returning all outputs. */
    public final Tensor[] callAll(@Nullable Object... arguments) {
        Tensor[] inputs =
                Arrays.stream(arguments).filter(Tensor.class::isInstance).toArray(Tensor[]::new);
        return run(arguments, inputs);
    }

    /** Calls the function and returns all outputs. Null inputs and outputs take no part in autograd. */
    public final Tensor[] applyAll(@Nullable Tensor... inputs) {
        return run(inputs, inputs);
    }

    private Tensor[] run(@Nullable Object[] arguments, @Nullable Tensor[] inputs) {
        if (!RecordFunction.isActive()) return execute(arguments, inputs);
        int range = RecordFunction.startRange(
                RecordFunction.Kind.FUNCTION, getClass().getSimpleName(), -1);
        try {
            return execute(arguments, inputs);
        } finally {
            RecordFunction.end(range);
        }
    }

    private Tensor[] execute(@Nullable Object[] arguments, @Nullable Tensor[] inputs) {
        boolean recording = GradMode.isEnabled();
        @Nullable Edge[] edges = new Edge[inputs.length];
        boolean[] needs = new boolean[inputs.length];
        boolean any = false;
        for (int i = 0; i < inputs.length; i++) {
            Tensor x = inputs[i];
            edges[i] = recording && x != null && x.dtype().isDifferentiable() ? Internals.edge(x) : null;
            needs[i] = edges[i] != null;
            any |= needs[i];
        }
        Context ctx = new Context(needs, arguments);
        Tensor[] outputs;
        GradMode.Guard mode = GradMode.set(false);
        try {
            outputs = forward(ctx, inputs);
        } finally {
            mode.restore();
        }
        if (outputs == null) {
            throw new CotangentException("the forward of " + getClass().getName()
                    + " returned null: it must return an array of tensors, one for each output");
        }
        outputs = outputs.clone();
        for (Tensor d : ctx.dirty()) Internals.version(d).bump();
        checkDirty(ctx, inputs, outputs, any);
        for (int i = 0; i < outputs.length; i++) outputs[i] = output(ctx, outputs[i], inputs, any);
        if (any) record(ctx, edges, inputs, outputs);
        return outputs;
    }

    /** Returns a view of an input that is returned unchanged, so that it does not get two histories. */
    private static @Nullable Tensor output(
            Context ctx, @Nullable Tensor o, @Nullable Tensor[] inputs, boolean recorded) {
        if (o == null || contains(ctx.dirty(), o) || !contains(Arrays.asList(inputs), o)) return o;
        Tensor view = Internals.viewOf(o, Internals.layout(o));
        if (recorded) Internals.metaOrNew(view).setViewOf(o, ViewInfo.Origin.FUNCTION);
        return view;
    }

    private static boolean contains(List<? extends @Nullable Tensor> tensors, Tensor t) {
        for (Tensor other : tensors) if (other == t) return true;
        return false;
    }

    /** Throws PyTorch's errors if the forward wrote inputs in place against the rules. */
    private void checkDirty(Context ctx, @Nullable Tensor[] inputs, @Nullable Tensor[] outputs, boolean recorded) {
        for (Tensor d : ctx.dirty()) {
            if (!contains(Arrays.asList(outputs), d)) {
                throw new CotangentException("Some elements marked as dirty during the forward method were not returned"
                        + " as output. The inputs that are modified inplace must all be outputs of the Function.");
            }
            if (!contains(Arrays.asList(inputs), d)) {
                Warnings.warn("ctx.mark_dirty() received a tensor that was not an input. Only input Tensors that have"
                        + " been mutated should be passed to ctx.mark_dirty(). In Java: Context.markDirty.");
                continue;
            }
            if (!recorded) continue;
            AutogradMeta meta = Internals.metaOrNew(d);
            boolean isView = meta.base() != null;
            if (!isView && d.isLeaf() && d.requiresGrad()) {
                throw new CotangentException(
                        "a leaf Variable that requires grad has been used in an in-place operation.");
            }
            meta.checkInPlace();
            if (isView && outputs.length > 1) {
                throw new CotangentException("If your Function modifies inplace an input that is a view of another"
                        + " Tensor, your Function cannot return more than one Tensor. This is not supported by the"
                        + " current autograd engine. You should either make sure the input is not a view (using"
                        + " .clone() for example) or make your Function only return one Tensor (potentially splitting"
                        + " it into two Functions: one doing the inplace that returns a single Tensor and a second one"
                        + " that does the other operations). You can ask on the forum https://discuss.pytorch.org/ if"
                        + " you need help to do this change.");
            }
        }
    }

    private void record(Context ctx, @Nullable Edge[] edges, @Nullable Tensor[] inputs, @Nullable Tensor[] outputs) {
        FunctionNode node = new FunctionNode(this, ctx, edges);
        node.setOutputs(outputs);
        int views = 0;
        for (Tensor o : outputs)
            if (o != null && Internals.meta(o) != null && Internals.meta(o).base() != null) views++;
        for (int i = 0; i < outputs.length; i++) {
            Tensor o = outputs[i];
            if (o == null) continue;
            boolean dirty = contains(ctx.dirty(), o);
            if (!ctx.differentiable(o)) {
                if (dirty && o.requiresGrad()) o.detach_();
                continue;
            }
            AutogradMeta meta = Internals.metaOrNew(o);
            if (dirty) {
                meta.rebase(node, i, Math.max(0, Arrays.asList(inputs).indexOf(o)));
            } else {
                if (meta.base() != null) {
                    meta.setOrigin(views > 1 ? ViewInfo.Origin.MULTIPLE : ViewInfo.Origin.FUNCTION);
                }
                meta.setGradFn(node, i);
            }
        }
        ctx.bind(node, outputs);
    }

    private static final class FunctionNode extends GraphNode {
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
                    given[i] = CreationOps.zeros(e.dtype(), e.device(), e.sizes());
                }
            }
            @Nullable Tensor @Nullable [] returned = differentiate(ctx.forPass(needs), given);
            // As Python's None: no gradient for the only input.
            @Nullable Tensor[] results = returned == null ? new Tensor[1] : returned;
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

        private @Nullable Tensor @Nullable [] differentiate(Context pass, @Nullable Tensor[] given) {
            if (!Transforms.isLinearizing()) return backward(pass, given);
            if (function instanceof ForwardMode forward) {
                @Nullable Tensor[] zeros = new Tensor[inputs()];
                for (int i = 0; i < zeros.length; i++) {
                    Edge e = next(i);
                    Expected x = e == null ? null : e.node().expected(e.index());
                    if (x != null) zeros[i] = CreationOps.zeros(x.dtype(), x.device(), x.sizes());
                }
                return TangentNode.attach(zeros, name() + "Tangent", forward, pass, given);
            }
            // Passes that the user's backward starts are no part of this one.
            Transforms.setLinearizing(false);
            try {
                return backward(pass, given);
            } finally {
                Transforms.setLinearizing(true);
            }
        }

        private @Nullable Tensor @Nullable [] backward(Context pass, @Nullable Tensor[] given) {
            if (!function.isOnceDifferentiable() || !GradMode.isEnabled()) return function.backward(pass, given);
            boolean any = false;
            for (Tensor g : given) any |= g != null && g.requiresGrad();
            @Nullable Tensor @Nullable [] returned;
            GradMode.Guard mode = GradMode.set(false);
            try {
                returned = function.backward(pass, given);
            } finally {
                mode.restore();
            }
            if (returned == null || !any) return returned;
            @Nullable Tensor[] guarded = returned.clone();
            for (int i = 0; i < guarded.length; i++) {
                Tensor t = guarded[i];
                if (t == null) continue;
                guarded[i] = t.detach();
                new OnceNode(given).attach(guarded[i]);
            }
            return guarded;
        }

        @Override
        public List<Tensor> savedTensors() {
            return ctx.savedTensors();
        }

        @Override
        protected void visitSaved(Consumer<Tensor> visitor) {
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

    /**
     * The backward as a linear map at zero, whose transpose is the forward-mode derivative: forward mode by double backward
     * calls it instead of differentiating the backward.
     */
    private static final class TangentNode extends GraphNode {
        private final ForwardMode forward;
        private final Context ctx;

        private TangentNode(String name, ForwardMode forward, Context ctx, @Nullable Edge[] edges) {
            super(name, edges);
            this.forward = forward;
            this.ctx = ctx;
        }

        static @Nullable Tensor[] attach(
                @Nullable Tensor[] zeros, String name, ForwardMode forward, Context pass, @Nullable Tensor[] given) {
            @Nullable Edge[] edges = new Edge[given.length];
            for (int i = 0; i < given.length; i++) {
                Tensor g = given[i];
                edges[i] = g == null ? null : Internals.edge(g);
            }
            TangentNode tangents = new TangentNode(name, forward, pass, edges);
            tangents.setOutputs(zeros);
            for (int i = 0; i < zeros.length; i++) {
                if (zeros[i] != null) Internals.metaOrNew(zeros[i]).setGradFn(tangents, i);
            }
            return zeros;
        }

        @Override
        protected @Nullable Tensor[] apply(@Nullable Tensor[] grads, boolean[] needs) {
            @Nullable Tensor[] tangents = forward.jvp(ctx, grads);
            if (tangents.length == inputs()) return tangents;
            throw new CotangentException("function " + name() + ": jvp returned an incorrect number of tangents"
                    + " (expected " + inputs() + ", got " + tangents.length + ")");
        }

        @Override
        protected boolean returnsFresh() {
            return false;
        }
    }

    /** The end of a backward that is not differentiable. */
    private static final class OnceNode extends GraphNode {
        OnceNode(@Nullable Tensor[] grads) {
            super(
                    "torch::autograd::Error",
                    edges(Arrays.stream(grads).filter(g -> g != null).toArray(Tensor[]::new)));
        }

        @Override
        protected @Nullable Tensor[] apply(@Nullable Tensor[] grads, boolean[] needs) {
            throw new CotangentException(
                    "trying to differentiate twice a function that was marked with @once_differentiable. In Java:"
                            + " its isOnceDifferentiable() returns true.");
        }
    }
}
