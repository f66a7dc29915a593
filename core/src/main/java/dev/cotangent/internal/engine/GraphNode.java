package dev.cotangent.internal.engine;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Anomaly;
import dev.cotangent.autograd.GradientEdge;
import dev.cotangent.autograd.Node;
import dev.cotangent.autograd.NodeHook;
import dev.cotangent.autograd.NodePreHook;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.RecordFunction;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Computes the gradients of one recorded operation's inputs from those of its outputs; PyTorch's {@code grad_fn}. */
public abstract class GraphNode implements Node {
    /** Shape, dtype and device required of an output's gradient. */
    public record Expected(long[] sizes, Dtype dtype, Device device) {}

    private record PreHook(int index, UnaryOperator<@Nullable Tensor> hook) {}

    /** Weak: a graph must not keep a tensor alive for its retained gradient. */
    private record Retained(int index, WeakReference<AutogradMeta> meta) {}

    private static final AtomicLong COUNTER = new AtomicLong();

    private final String name;
    private final @Nullable Edge[] next;
    private final long sequence = COUNTER.getAndIncrement();
    private @Nullable Expected[] outputs = {};
    private @Nullable List<PreHook> preHooks;
    private @Nullable List<Retained> retained;
    private @Nullable List<NodeHook> hooks;
    private @Nullable List<NodePreHook> nodePreHooks;
    private @Nullable Throwable trace;
    private @Nullable Map<String, Object> metadata;

    /**
     * Creates a node.
     *
     * @param name such as {@code MulBackward0}
     * @param next the edge of each input of the operation, null if the input does not require grad
     */
    protected GraphNode(String name, @Nullable Edge[] next) {
        this.name = name;
        this.next = next;
        if (RecordFunction.isActive()) RecordFunction.recorded(sequence);
        if (Anomaly.isEnabled()) trace = AnomalyTrace.of(name);
    }

    /** Returns the edges of inputs: null for inputs that do not require grad. */
    protected static @Nullable Edge[] edges(Tensor... inputs) {
        @Nullable Edge[] edges = new Edge[inputs.length];
        for (int i = 0; i < edges.length; i++)
            edges[i] = inputs[i].dtype().isDifferentiable() ? Internals.edge(inputs[i]) : null;
        return edges;
    }

    /** Makes a tensor this node's only output. */
    public final void attach(Tensor output) {
        setOutputs(output);
        Internals.metaOrNew(output).setGradFn(this, 0);
    }

    /** Makes a tensor that was written in place this node's only output. */
    public final void rebase(Tensor written) {
        Internals.metaOrNew(written).rebase(this);
    }

    /** Returns PyTorch's name of the node, such as {@code MulBackward0}. */
    @Override
    public String name() {
        return name;
    }

    /**
     * Returns the operation's name in messages: {@code Mul} of {@code MulBackward0}, {@code Max1} of {@code
     * MaxBackward1}.
     */
    String operation() {
        return name.replaceFirst("Backward(0|([1-9]\\d*))?$", "$2");
    }

    /** Returns the name as printed with a tensor: without {@code torch::autograd::}. */
    public String shortName() {
        return name.substring(name.lastIndexOf(':') + 1);
    }

    @Override
    public List<@Nullable GradientEdge> nextFunctions() {
        List<@Nullable GradientEdge> edges = new ArrayList<>();
        for (Edge e : shownEdges()) edges.add(e == null ? null : new GradientEdge(e.node(), e.index()));
        return Collections.unmodifiableList(edges);
    }

    /** Returns the edges in PyTorch's order of inputs; null for an input without gradient. */
    public final @Nullable Edge[] shownEdges() {
        int[] shown = shownInputs();
        if (shown == null) return next.clone();
        @Nullable Edge[] edges = new Edge[shown.length];
        for (int i = 0; i < shown.length; i++) edges[i] = shown[i] < 0 ? null : next[shown[i]];
        return edges;
    }

    /**
     * Returns the indices of this node's inputs in PyTorch's order, negative for a scalar, which has an edge in PyTorch
     * only; null if the orders are equal.
     */
    protected int @Nullable [] shownInputs() {
        return null;
    }

    /** Returns the creation order of forward calls: the engine runs the latest node first. */
    long sequence() {
        return sequence;
    }

    /** Returns the sequence number of the next node. */
    static long nextSequence() {
        return COUNTER.get();
    }

    @Nullable
    public Edge[] edges() {
        return next;
    }

    /** Returns the number of the operation's inputs. */
    protected final int inputs() {
        return next.length;
    }

    /** Returns the edge of an input. */
    protected final @Nullable Edge next(int i) {
        return next[i];
    }

    int outputs() {
        return Math.max(1, outputs.length);
    }

    /** Returns whether an output has at least that many elements. */
    boolean isLarge(long elements) {
        for (Expected e : outputs) {
            if (e == null) continue;
            long n = 1;
            for (long size : e.sizes) n *= size;
            if (n >= elements) return true;
        }
        return false;
    }

    @Nullable
    public Expected expected(int i) {
        return i < outputs.length ? outputs[i] : null;
    }

    @Nullable
    public Throwable trace() {
        return trace;
    }

    /** Records the shapes, dtypes and devices of the operation's outputs. */
    public void setOutputs(@Nullable Tensor... results) {
        @Nullable Expected[] e = new Expected[results.length];
        for (int i = 0; i < e.length; i++) {
            Tensor t = results[i];
            if (t != null) e[i] = new Expected(Internals.layout(t).sizes(), t.dtype(), t.device());
        }
        outputs = e;
    }

    /**
     * Computes the gradients of the operation's inputs.
     *
     * @param grads the gradients of the outputs; null for an output that none reached
     * @param needs which inputs' gradients are needed
     * @return one gradient per input; null if undefined or not needed
     */
    protected abstract @Nullable Tensor[] apply(@Nullable Tensor[] grads, boolean[] needs);

    /**
     * Returns the saved tensors, PyTorch's {@code _saved_...} attributes; throws PyTorch's error if they were freed
     * or written since.
     */
    @Override
    public List<Tensor> savedTensors() {
        return List.of();
    }

    /**
     * Returns the tensor that was saved under PyTorch's name: {@code node.saved("self")} is {@code
     * grad_fn._saved_self}.
     *
     * @throws CotangentException if the node saved nothing of that name, or if it was freed or written since
     */
    @Override
    public final Tensor saved(String attribute) {
        String bare = attribute.startsWith("_saved_") ? attribute.substring("_saved_".length()) : attribute;
        Tensor t = savedAs(bare);
        if (t != null) return t;
        throw new CotangentException("'" + shortName() + "' object has no attribute '_saved_" + bare
                + "'. It has saved " + savedNames() + ".");
    }

    /** Returns the names of the tensors that {@link #saved} returns. */
    @Override
    public final List<String> savedNames() {
        List<String> names = new ArrayList<>();
        for (String n : SavedNames.of(name)) if (savedAs(n) != null) names.add(n);
        if (savedOutput() != null) names.add("result");
        return List.copyOf(names);
    }

    private @Nullable Tensor savedAs(String bare) {
        if (bare.equals("result")) return savedOutput();
        int operand = SavedNames.of(name).indexOf(bare);
        return operand < 0 ? null : savedOperand(operand);
    }

    /** Returns the saved tensor of an operand, or null; throws PyTorch's error if it was freed. */
    protected @Nullable Tensor savedOperand(int operand) {
        return null;
    }

    /** Returns the saved output, or null; throws PyTorch's error if it was freed. */
    protected @Nullable Tensor savedOutput() {
        return null;
    }

    /** Returns a map for users' annotations of this node; PyTorch's {@code metadata}. */
    @Override
    public final synchronized Map<String, Object> metadata() {
        if (metadata == null) metadata = new ConcurrentHashMap<>();
        return metadata;
    }

    /** Returns a number that increases with each forward call; PyTorch's {@code _sequence_nr()}. */
    @Override
    public final long sequenceNumber() {
        return sequence;
    }

    /** Visits all saved tensors, without version checks; none after they were freed. */
    protected void visitSaved(Consumer<Tensor> visitor) {}

    /** Frees saved tensors; a later {@link #apply} that needs them throws PyTorch's error. */
    protected void release() {}

    /** Returns whether results of {@link #apply} are fresh, or are the given gradients or views of them. */
    protected boolean returnsFresh() {
        return true;
    }

    /**
     * Registers a hook that runs after each run of this node.
     *
     * @return removes the hook
     */
    @Override
    public Runnable registerHook(NodeHook hook) {
        synchronized (this) {
            if (hooks == null) hooks = new ArrayList<>(2);
        }
        return AutogradMeta.register(hooks, hook);
    }

    /**
     * Registers a hook that runs before each run of this node, after the tensor hooks of its gradients. PyTorch's
     * {@code Node.register_prehook}.
     *
     * @return removes the hook
     */
    @Override
    public Runnable registerPreHook(NodePreHook hook) {
        synchronized (this) {
            if (nodePreHooks == null) nodePreHooks = new ArrayList<>(2);
        }
        return AutogradMeta.register(nodePreHooks, hook);
    }

    Runnable addPreHook(int index, UnaryOperator<@Nullable Tensor> hook) {
        synchronized (this) {
            if (preHooks == null) preHooks = new ArrayList<>(2);
        }
        return AutogradMeta.register(preHooks, new PreHook(index, hook));
    }

    /** Moves the hooks of the node that this one replaces. */
    void adoptHooks(GraphNode old) {
        synchronized (old) {
            preHooks = old.preHooks;
            hooks = old.hooks;
            nodePreHooks = old.nodePreHooks;
            retained = old.retained;
        }
    }

    synchronized void retain(int index, AutogradMeta meta) {
        if (retained == null) retained = new ArrayList<>(2);
        retained.add(new Retained(index, new WeakReference<>(meta)));
    }

    synchronized void forget(AutogradMeta meta) {
        if (retained != null) retained.removeIf(r -> r.meta.get() == meta);
    }

    boolean hasHooks() {
        return preHooks != null || hooks != null || retained != null || nodePreHooks != null;
    }

    void runPreHooks(@Nullable Tensor[] grads) {
        if (preHooks != null) {
            for (PreHook h : AutogradMeta.snapshot(preHooks)) {
                Tensor given = grads[h.index];
                if (given == null) continue;
                Tensor changed = h.hook.apply(given);
                if (changed == null) continue;
                checkReplacement(given, changed, h.hook);
                grads[h.index] = changed;
            }
        }
        if (retained != null) {
            for (Retained r : retained) {
                Tensor g = grads[r.index];
                AutogradMeta meta = r.meta.get();
                if (g != null && meta != null) meta.retainGradient(g);
            }
        }
    }

    /** Runs the node's own pre-hooks, which may replace the gradients. */
    void runNodePreHooks(@Nullable Tensor[] grads) {
        if (nodePreHooks == null) return;
        for (NodePreHook h : AutogradMeta.snapshot(nodePreHooks)) {
            List<@Nullable Tensor> changed = h.before(Arrays.asList(grads.clone()));
            if (changed == null) continue;
            checkCount(h, changed.size(), grads.length);
            for (int i = 0; i < grads.length; i++) {
                Tensor given = grads[i];
                Tensor value = changed.get(i);
                checkReplacement(given, value, h);
                grads[i] = value;
            }
        }
    }

    @Nullable
    Tensor[] runHooks(@Nullable Tensor[] results, @Nullable Tensor[] grads) {
        if (hooks == null) return results;
        int[] shown = shownInputs();
        for (NodeHook h : AutogradMeta.snapshot(hooks)) {
            @Nullable Tensor[] given = shown == null ? results : new Tensor[shown.length];
            for (int i = 0; shown != null && i < shown.length; i++) given[i] = shown[i] < 0 ? null : results[shown[i]];
            List<@Nullable Tensor> changed = h.after(Arrays.asList(given.clone()), Arrays.asList(grads.clone()));
            if (changed == null) continue;
            checkCount(h, changed.size(), given.length);
            @Nullable Tensor[] replaced = results.clone();
            for (int i = 0; i < given.length; i++) {
                Tensor value = changed.get(i);
                Tensor before = given[i];
                checkReplacement(before, value, h);
                int input = shown == null ? i : shown[i];
                if (input >= 0) replaced[input] = value;
            }
            results = replaced;
        }
        return results;
    }

    private static void checkCount(Object hook, int got, int expected) {
        if (got == expected) return;
        throw new CotangentException("hook '" + nameOf(hook) + "' has returned an incorrect number of values (got "
                + got + ", but expected " + expected + ")");
    }

    /** Throws PyTorch's error if a hook's result differs in type or shape from the gradient it replaces. */
    private static void checkReplacement(@Nullable Tensor given, @Nullable Tensor changed, Object hook) {
        if (changed == null) return;
        if (given == null) throw new CotangentException("can't replace a None gradient with a non-None value");
        if (changed.dtype() != given.dtype() || !changed.device().equals(given.device())) {
            String was = given.type();
            String got = changed.type();
            boolean sameType = was.equals(got);
            throw new CotangentException("hook '" + nameOf(hook) + "' has changed the type of value (was " + was
                    + (sameType ? " on " + given.device() : "") + " got " + got
                    + (sameType ? " on " + changed.device() : "") + ")");
        }
        if (!Arrays.equals(
                Internals.layout(changed).sizes(), Internals.layout(given).sizes())) {
            throw new CotangentException("hook '" + nameOf(hook) + "' has changed the size of value");
        }
    }

    private static String nameOf(Object hook) {
        Class<?> c = hook.getClass();
        return c.isHidden() || c.isSynthetic() || c.getSimpleName().isEmpty() ? "<lambda>" : c.getSimpleName();
    }

    /** Returns {@code <MulBackward0 object>}. */
    @Override
    public String toString() {
        return "<" + shortName() + " object at 0x" + Integer.toHexString(System.identityHashCode(this)) + ">";
    }
}
