package dev.cotangent.internal.engine;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.UnsupportedException;
import dev.cotangent.autograd.GradMode;
import dev.cotangent.backend.ElementForm;
import dev.cotangent.backend.ElementLayout;
import dev.cotangent.internal.Internals;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Records an operation: defines each input's gradient as a function of the output's gradient and of saved tensors. An
 * input's tensors are saved only if it requires grad. Used as
 *
 * {@snippet :
 * return GradientRule.of("MmBackward0", out)
 *         .input(a, b, (g, saved) -> g.mm(saved.t()))
 *         .input(b, a, (g, saved) -> saved.t().mm(g))
 *         .done();
 * }
 *
 * <p>Rules are written with tensor operations and must not capture tensors: saved ones are passed in, so that version
 * checks, freeing and double backward work. A rule may save the output.
 */
public final class GradientRule {
    /** Computes a gradient from the output's gradient alone. */
    @FunctionalInterface
    public interface Rule {
        /** Returns the gradient, or null for none. */
        @Nullable
        Tensor of(Tensor g);
    }

    /** Computes a gradient with one saved tensor. */
    @FunctionalInterface
    public interface Rule1 {
        /** Returns the gradient, or null for none. */
        @Nullable
        Tensor of(Tensor g, Tensor saved);
    }

    /** Computes a gradient with two saved tensors. */
    @FunctionalInterface
    public interface Rule2 {
        /** Returns the gradient, or null for none. */
        @Nullable
        Tensor of(Tensor g, Tensor saved, Tensor other);
    }

    /**
     * Computes a gradient from the gradients of several outputs (null if undefined) and any number of saved tensors.
     */
    @FunctionalInterface
    public interface RuleN {
        /** Returns the gradient, or null for none. */
        @Nullable
        Tensor of(@Nullable Tensor[] g, Tensor[] saved);
    }

    /** A fused VJP: computes the gradients of all inputs together. */
    @FunctionalInterface
    public interface FusedVjp {
        /**
         * Returns the gradients, or null to compute each by its own rule.
         *
         * @param saved the saved tensors of each input's rule; null for inputs that need no gradient
         */
        @Nullable
        Tensor @Nullable [] of(@Nullable Tensor[] g, Tensor @Nullable [][] saved, boolean[] needs);
    }

    private record Input(
            @Nullable Edge edge,
            SavedVariable[] saved,
            @Nullable RuleN rule) {}

    private static final SavedVariable[] NOTHING = {};
    private static final Input NONE = new Input(null, NOTHING, null);

    private final String name;
    private final Tensor[] outputs;
    private final boolean recording;
    private boolean recorded;
    /** Number of inputs before the first that requires grad; no lists are allocated until then. */
    private int skippedInputs;

    private List<Input> inputs = List.of();
    private List<Tensor> savedTensors = List.of();
    private List<SavedVariable> distinctSaved = List.of();
    private @Nullable FusedVjp fusedVjp;
    private boolean lastFirst;

    private GradientRule(String name, Tensor[] outputs) {
        this.name = name;
        this.outputs = outputs;
        this.recording = GradMode.isEnabled();
    }

    /** Starts the recording of an operation with one output. */
    public static GradientRule of(String name, Tensor output) {
        return new GradientRule(name, new Tensor[] {output});
    }

    /** Starts the recording of an operation with several outputs. */
    public static GradientRule of(String name, Tensor... outputs) {
        return new GradientRule(name, outputs);
    }

    /** Adds an input whose gradient needs no saved tensor. */
    public GradientRule input(Tensor x, Rule rule) {
        return add(x, (g, saved) -> g[0] == null ? null : rule.of(g[0]));
    }

    /** Adds an input whose gradient needs one saved tensor. */
    public GradientRule input(Tensor x, Tensor save, Rule1 rule) {
        return add(x, (g, saved) -> g[0] == null ? null : rule.of(g[0], saved[0]), save);
    }

    /** Adds an input whose gradient needs two saved tensors. */
    public GradientRule input(Tensor x, Tensor save, Tensor other, Rule2 rule) {
        return add(x, (g, saved) -> g[0] == null ? null : rule.of(g[0], saved[0], saved[1]), save, other);
    }

    /** Adds an input whose gradient depends on several outputs' gradients or on any number of saved tensors. */
    public GradientRule add(Tensor x, RuleN rule, Tensor... save) {
        if (!recording || !x.dtype().isDifferentiable() || !x.requiresGrad()) return none(x);
        record();
        Edge edge = Internals.edge(x);
        if (edge == null) return none(x);
        SavedVariable[] saved = new SavedVariable[save.length];
        for (int i = 0; i < saved.length; i++) saved[i] = save(save[i]);
        inputs.add(new Input(edge, saved, rule));
        return this;
    }

    /** Adds a fused VJP for all inputs, in addition to their own rules. */
    public GradientRule fusedVjp(FusedVjp rule) {
        fusedVjp = rule;
        return this;
    }

    /** Unpacks the last input's saved tensors first, so that the version error names the same tensor as PyTorch's. */
    public GradientRule readsLastFirst() {
        lastFirst = true;
        return this;
    }

    /** Adds an input that is not differentiable but counts among the edges. */
    public GradientRule none(Tensor x) {
        if (recorded) inputs.add(NONE);
        else skippedInputs++;
        return this;
    }

    private void record() {
        if (recorded) return;
        recorded = true;
        savedTensors = new ArrayList<>(2);
        distinctSaved = new ArrayList<>(2);
        inputs = new ArrayList<>(skippedInputs + 2);
        for (int i = 0; i < skippedInputs; i++) inputs.add(NONE);
    }

    private SavedVariable save(Tensor t) {
        int known = savedTensors.indexOf(t);
        if (known >= 0) return distinctSaved.get(known);
        SavedVariable s = null;
        for (int i = 0; i < outputs.length; i++) if (outputs[i] == t) s = SavedVariable.output(t, i);
        if (s == null) s = SavedVariable.input(t);
        savedTensors.add(t);
        distinctSaved.add(s);
        return s;
    }

    /** Returns whether an input requires grad, so that the operation is recorded. */
    public boolean isRecorded() {
        return recorded;
    }

    private GraphNode node() {
        return new RuleNode(name, inputs, distinctSaved, fusedVjp, lastFirst);
    }

    /** Ends the recording; returns the (first) output with its history. */
    public Tensor done() {
        if (recorded) {
            GraphNode node = node();
            node.setOutputs(outputs);
            for (int i = 0; i < outputs.length; i++) {
                if (outputs[i].dtype().isDifferentiable())
                    Internals.metaOrNew(outputs[i]).setGradFn(node, i);
            }
        }
        return outputs[0];
    }

    /** Ends the recording of a view; records its base even without history, so that in-place writes reach the base. */
    public Tensor view(Tensor source) {
        return views(source, ViewInfo.Origin.DEFAULT)[0];
    }

    /** Works as {@link #view}, for an operation that returns several views. */
    public Tensor[] views(Tensor source) {
        return views(source, ViewInfo.Origin.MULTIPLE);
    }

    private Tensor[] views(Tensor source, ViewInfo.Origin normal) {
        ViewInfo.Origin origin =
                GradMode.isInference() ? ViewInfo.Origin.INFERENCE : recording ? normal : ViewInfo.Origin.NO_GRAD;
        for (Tensor t : outputs) Internals.metaOrNew(t).setViewOf(source, origin);
        done();
        return outputs;
    }

    /** Ends the recording of an in-place write to {@code self}, which is both first input and output. */
    public Tensor inPlace(Tensor self) {
        if (recorded && self.dtype().isDifferentiable())
            Internals.metaOrNew(self).rebase(node());
        return self;
    }

    /** Ends the recording of an in-place change of the shape of {@code self}, which is both only input and output. */
    public Tensor reshaped(Tensor self) {
        if (recorded) Internals.metaOrNew(self).reshaped(node());
        return self;
    }

    /**
     * Throws PyTorch's error if an in-place write is not allowed; called before the write.
     *
     * @param self the written tensor
     * @param others the write's other inputs
     */
    public static void checkInPlace(Tensor self, Tensor... others) {
        checkInPlace(self, GradMode.isEnabled() && requireGrad(others));
    }

    /** Works as {@link #checkInPlace(Tensor, Tensor...)}, given whether any other input requires grad. */
    public static void checkInPlace(Tensor self, boolean othersRequireGrad) {
        checkHistoryOf(self, othersRequireGrad);
        if (Internals.form(self) == ElementForm.NEGATED) {
            throw new UnsupportedException(
                    "in-place writes to the imaginary part of a lazy conjugate are not supported:"
                            + " call resolveConj() before imag()");
        }
        if (Internals.layout(self).overlaps()) {
            throw new CotangentException("unsupported operation: more than one element of the written-to"
                    + " tensor refers to a single memory location. Please clone() the tensor before performing the"
                    + " operation.");
        }
        Internals.storage(self).materializeReaders();
    }

    /** Checks the history as {@link #checkInPlace} does, and materializes pending readers of the old elements. */
    public static void checkHistory(Tensor self, Tensor... others) {
        checkHistoryOf(self, GradMode.isEnabled() && requireGrad(others));
        Internals.storage(self).materializeReaders();
    }

    private static boolean requireGrad(Tensor[] tensors) {
        for (Tensor t : tensors) if (t.requiresGrad()) return true;
        return false;
    }

    private static void checkHistoryOf(Tensor self, boolean othersRequireGrad) {
        if (self.isInference() && !GradMode.isInference()) {
            throw new CotangentException("Inplace update to inference tensor outside InferenceMode is not"
                    + " allowed.You can make a clone to get a normal tensor before doing inplace update.See"
                    + " https://github.com/pytorch/rfcs/pull/17 for more details.");
        }
        if (!GradMode.isEnabled()) return;
        boolean any = othersRequireGrad || self.requiresGrad();
        AutogradMeta meta = Internals.meta(self);
        if (any && meta != null) meta.checkInPlace();
    }

    /** Returns the history of a view whose memory was written: the base's, through the view's strides. */
    static GraphNode stridedView(Tensor base, Tensor view, @Nullable Edge edge) {
        ElementLayout b = ElementLayout.of(Internals.operandOfAnyForm(base));
        ElementLayout v = ElementLayout.of(Internals.operandOfAnyForm(view));
        RuleN rule = (g, saved) -> {
            Tensor given = g[0];
            return given == null ? null : GradientPrimitives.get().stridedBackward(given, b, v);
        };
        GraphNode node =
                new RuleNode("AsStridedBackward0", List.of(new Input(edge, NOTHING, rule)), List.of(), null, false);
        node.setOutputs(view);
        return node;
    }

    private static final class RuleNode extends GraphNode {
        private final List<Input> inputs;
        private final List<SavedVariable> saved;
        private final @Nullable FusedVjp fusedVjp;
        private final boolean lastFirst;

        RuleNode(
                String name,
                List<Input> inputs,
                List<SavedVariable> saved,
                @Nullable FusedVjp fusedVjp,
                boolean lastFirst) {
            super(name, edges(inputs));
            this.lastFirst = lastFirst;
            this.inputs = inputs;
            this.saved = saved;
            this.fusedVjp = fusedVjp;
        }

        private static @Nullable Edge[] edges(List<Input> inputs) {
            Edge[] edges = new Edge[inputs.size()];
            for (int i = 0; i < edges.length; i++) edges[i] = inputs.get(i).edge();
            return edges;
        }

        @Override
        protected @Nullable Tensor[] apply(@Nullable Tensor[] grads, boolean[] needs) {
            Tensor[][] values = new Tensor[inputs.size()][];
            for (int n = 0; n < values.length; n++) {
                int i = lastFirst ? values.length - 1 - n : n;
                if (inputs.get(i).rule() == null || !needs[i]) continue;
                SavedVariable[] saved = inputs.get(i).saved();
                values[i] = new Tensor[saved.length];
                for (int k = 0; k < saved.length; k++) values[i][k] = saved[k].get(this);
            }
            Tensor[] all = fusedVjp == null ? null : fusedVjp.of(grads, values, needs);
            if (all != null) return all;
            Tensor[] out = new Tensor[values.length];
            for (int i = 0; i < out.length; i++) {
                RuleN rule = inputs.get(i).rule();
                if (rule != null && values[i] != null) out[i] = rule.of(grads, values[i]);
            }
            return out;
        }

        @Override
        public List<Tensor> savedTensors() {
            return saved.stream().map(s -> s.get(this)).toList();
        }

        @Override
        protected @Nullable Tensor savedOperand(int operand) {
            // An operand that does not require grad is identified as the only saved tensor without an edge.
            Edge edge = operand < inputs() ? next(operand) : null;
            SavedVariable found = null;
            for (SavedVariable s : saved) {
                if (s.isOutput() || !s.isAt(edge)) continue;
                if (found != null) return null;
                found = s;
            }
            return found == null ? null : found.get(this);
        }

        @Override
        protected @Nullable Tensor savedOutput() {
            for (SavedVariable s : saved) if (s.isOutput()) return s.get(this);
            return null;
        }

        @Override
        protected void visitSaved(Consumer<Tensor> visitor) {
            for (SavedVariable s : saved) s.visit(visitor);
        }

        @Override
        protected void release() {
            for (SavedVariable s : saved) s.release();
        }
    }
}
