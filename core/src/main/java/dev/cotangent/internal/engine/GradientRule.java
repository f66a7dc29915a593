package dev.cotangent.internal.engine;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.GradMode;
import dev.cotangent.backend.Layout;
import dev.cotangent.internal.Internals;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Records an operation: says for each input how its gradient follows from that of the output and from tensors kept for
 * it. What an input's gradient needs is kept only if that input wants one. Used as
 *
 * {@snippet :
 * return Grad.of("MmBackward0", out)
 *         .input(a, b, (g, kept) -> g.mm(kept.t()))
 *         .input(b, a, (g, kept) -> kept.t().mm(g))
 *         .done();
 * }
 *
 * <p>The rules are written with tensor operations and capture no tensor: whatever they need is handed to them, so that
 * version checks, freeing and double backward work. A rule may keep the output itself.
 */
public final class GradientRule {
    /** A gradient from the output's gradient alone. */
    @FunctionalInterface
    public interface Rule {
        /** The gradient, or null for none. */
        @Nullable
        Tensor of(Tensor g);
    }

    /** A gradient that needs one kept tensor. */
    @FunctionalInterface
    public interface Rule1 {
        /** The gradient, or null for none. */
        @Nullable
        Tensor of(Tensor g, Tensor kept);
    }

    /** A gradient that needs two kept tensors. */
    @FunctionalInterface
    public interface Rule2 {
        /** The gradient, or null for none. */
        @Nullable
        Tensor of(Tensor g, Tensor kept, Tensor other);
    }

    /** A gradient from the gradients of several outputs (null where none came) and any kept tensors. */
    @FunctionalInterface
    public interface RuleN {
        /** The gradient, or null for none. */
        @Nullable
        Tensor of(@Nullable Tensor[] g, Tensor[] kept);
    }

    /** The gradients of all inputs at once, where that is less work than one after the other. */
    @FunctionalInterface
    public interface Together {
        /**
         * The gradients, or null where each is to be computed by its own rule.
         *
         * @param kept what the rule of each input would be handed; null of those not needed
         */
        @Nullable
        Tensor @Nullable [] of(@Nullable Tensor[] g, Tensor @Nullable [][] kept, boolean[] needs);
    }

    private record Input(
            @Nullable Edge edge,
            SavedVariable[] kept,
            @Nullable RuleN rule) {}

    private static final SavedVariable[] NOTHING = {};
    private static final Input NONE = new Input(null, NOTHING, null);

    private final String name;
    private final Tensor[] outputs;
    private final boolean recording;
    private boolean wanted;
    /** How many inputs came before the first that wants a gradient; until then there are no lists. */
    private int unwanted;

    private List<Input> inputs = List.of();
    private List<Tensor> keptTensors = List.of();
    private List<SavedVariable> keptOnce = List.of();
    private @Nullable Together together;
    private boolean lastFirst;

    private GradientRule(String name, Tensor[] outputs) {
        this.name = name;
        this.outputs = outputs;
        this.recording = GradMode.isEnabled();
    }

    /** An operation with one output. */
    public static GradientRule of(String name, Tensor output) {
        return new GradientRule(name, new Tensor[] {output});
    }

    /** An operation with several outputs. */
    public static GradientRule of(String name, Tensor... outputs) {
        return new GradientRule(name, outputs);
    }

    /** An input whose gradient needs nothing kept. */
    public GradientRule input(Tensor x, Rule rule) {
        return add(x, (g, kept) -> g[0] == null ? null : rule.of(g[0]));
    }

    /** An input whose gradient needs one tensor kept. */
    public GradientRule input(Tensor x, Tensor keep, Rule1 rule) {
        return add(x, (g, kept) -> g[0] == null ? null : rule.of(g[0], kept[0]), keep);
    }

    /** An input whose gradient needs two tensors kept. */
    public GradientRule input(Tensor x, Tensor keep, Tensor other, Rule2 rule) {
        return add(x, (g, kept) -> g[0] == null ? null : rule.of(g[0], kept[0], kept[1]), keep, other);
    }

    /** An input whose gradient follows from those of several outputs, or needs any number of tensors kept. */
    public GradientRule add(Tensor x, RuleN rule, Tensor... keep) {
        if (!recording || !x.dtype().isFloatingPoint() || !x.requiresGrad()) return none(x);
        record();
        Edge edge = Internals.edge(x);
        if (edge == null) return none(x);
        SavedVariable[] kept = new SavedVariable[keep.length];
        for (int i = 0; i < kept.length; i++) kept[i] = save(keep[i]);
        inputs.add(new Input(edge, kept, rule));
        return this;
    }

    /** What may compute the gradients of all inputs, each of which has a rule as well. */
    public GradientRule together(Together rule) {
        together = rule;
        return this;
    }

    /** Reads what is kept for the last input first, so that of several that were written PyTorch's is complained of. */
    public GradientRule readsLastFirst() {
        lastFirst = true;
        return this;
    }

    /** An input through which no gradient flows; it holds its place among the edges. */
    public GradientRule none(Tensor x) {
        if (wanted) inputs.add(NONE);
        else unwanted++;
        return this;
    }

    private void record() {
        if (wanted) return;
        wanted = true;
        keptTensors = new ArrayList<>(2);
        keptOnce = new ArrayList<>(2);
        inputs = new ArrayList<>(unwanted + 2);
        for (int i = 0; i < unwanted; i++) inputs.add(NONE);
    }

    private SavedVariable save(Tensor t) {
        int known = keptTensors.indexOf(t);
        if (known >= 0) return keptOnce.get(known);
        SavedVariable s = null;
        for (int i = 0; i < outputs.length; i++) if (outputs[i] == t) s = SavedVariable.output(t, i);
        if (s == null) s = SavedVariable.input(t);
        keptTensors.add(t);
        keptOnce.add(s);
        return s;
    }

    /** Whether something wants a gradient, so that the operation is recorded. */
    public boolean isRecorded() {
        return wanted;
    }

    private GraphNode node() {
        return new RuleNode(name, inputs, keptOnce, together, lastFirst);
    }

    /** Ends the recording: the (first) output, with its history. */
    public Tensor done() {
        if (wanted) {
            GraphNode node = node();
            node.setOutputs(outputs);
            for (int i = 0; i < outputs.length; i++) {
                if (outputs[i].dtype().isFloatingPoint())
                    Internals.metaOrNew(outputs[i]).setGradFn(node, i);
            }
        }
        return outputs[0];
    }

    /**
     * Ends the recording of a view: history where there is any, and the word that it is a view, so that in-place writes
     * are told to the base.
     */
    public Tensor view(Tensor source) {
        return views(source, ViewInfo.Origin.DEFAULT)[0];
    }

    /** Like {@link #view} for an operation that returns several views. */
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

    /** Ends the recording of an in-place write to {@code self}, which is the first input and the output. */
    public Tensor inPlace(Tensor self) {
        if (wanted && self.dtype().isFloatingPoint()) Internals.metaOrNew(self).rebase(node());
        return self;
    }

    /** Ends the recording of an in-place change of the shape of {@code self}, which is the only input and the output. */
    public Tensor reshaped(Tensor self) {
        if (wanted) Internals.metaOrNew(self).reshaped(node());
        return self;
    }

    /**
     * To be called before an in-place write: raises PyTorch's error where the write must not happen.
     *
     * @param self what is written
     * @param others what else goes in
     */
    public static void checkInPlace(Tensor self, Tensor... others) {
        checkInPlace(self, GradMode.isEnabled() && requireGrad(others));
    }

    /** Works as {@link #checkInPlace(Tensor, Tensor...)}, with whether anything else that goes in requires a gradient. */
    public static void checkInPlace(Tensor self, boolean othersRequireGrad) {
        checkHistoryOf(self, othersRequireGrad);
        if (Internals.layout(self).overlaps()) {
            throw new CotangentException("unsupported operation: more than one element of the written-to"
                    + " tensor refers to a single memory location. Please clone() the tensor before performing the"
                    + " operation.");
        }
        Internals.storage(self).materializeReaders();
    }

    /** The part of {@link #checkInPlace} that is about history; what was deferred on the old elements is computed. */
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

    /** The history of a view whose memory was written: that of the base, seen through the view's strides. */
    static GraphNode stridedView(Tensor base, Tensor view, @Nullable Edge edge) {
        Layout b = Internals.layout(base);
        Layout v = Internals.layout(view);
        RuleN rule = (g, kept) -> {
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
        private final List<SavedVariable> kept;
        private final @Nullable Together together;
        private final boolean lastFirst;

        RuleNode(
                String name,
                List<Input> inputs,
                List<SavedVariable> kept,
                @Nullable Together together,
                boolean lastFirst) {
            super(name, edges(inputs));
            this.lastFirst = lastFirst;
            this.inputs = inputs;
            this.kept = kept;
            this.together = together;
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
                SavedVariable[] saved = inputs.get(i).kept();
                values[i] = new Tensor[saved.length];
                for (int k = 0; k < saved.length; k++) values[i][k] = saved[k].get(this);
            }
            Tensor[] all = together == null ? null : together.of(grads, values, needs);
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
            return kept.stream().map(s -> s.get(this)).toList();
        }

        @Override
        protected @Nullable Tensor savedOperand(int operand) {
            // An operand without a gradient is known by being the only saved tensor without one.
            Edge edge = operand < inputs() ? next(operand) : null;
            SavedVariable found = null;
            for (SavedVariable s : kept) {
                if (s.isOutput() || !s.isAt(edge)) continue;
                if (found != null) return null;
                found = s;
            }
            return found == null ? null : found.get(this);
        }

        @Override
        protected @Nullable Tensor savedOutput() {
            for (SavedVariable s : kept) if (s.isOutput()) return s.get(this);
            return null;
        }

        @Override
        protected void visitSaved(Consumer<Tensor> visitor) {
            for (SavedVariable s : kept) s.visit(visitor);
        }

        @Override
        protected void release() {
            for (SavedVariable s : kept) s.release();
        }
    }
}
