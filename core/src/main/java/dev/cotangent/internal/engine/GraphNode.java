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
    /** What the gradient of an output must look like. */
    public record Expected(long[] sizes, Dtype dtype, Device device) {}

    private record PreHook(int index, UnaryOperator<@Nullable Tensor> hook) {}

    /** Weak, so that a graph does not keep the tensor alive for its gradient's sake. */
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
     * A node of that name whose gradients go along these edges.
     *
     * @param name such as {@code MulBackward0}
     * @param next for each input of the operation where its gradient goes, null where it needs none
     */
    protected GraphNode(String name, @Nullable Edge[] next) {
        this.name = name;
        this.next = next;
        if (Anomaly.isEnabled()) trace = AnomalyTrace.of(name);
    }

    /** Where the gradients of inputs go: null for those that want none. */
    protected static @Nullable Edge[] edges(Tensor... inputs) {
        @Nullable Edge[] edges = new Edge[inputs.length];
        for (int i = 0; i < edges.length; i++)
            edges[i] = inputs[i].dtype().isFloatingPoint() ? Internals.edge(inputs[i]) : null;
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

    /** PyTorch's name of the node, such as {@code MulBackward0}. */
    @Override
    public String name() {
        return name;
    }

    /** The operation, as messages name it: {@code Mul} of {@code MulBackward0}, {@code Max1} of {@code MaxBackward1}. */
    String operation() {
        return name.replaceFirst("Backward(0|([1-9]\\d*))?$", "$2");
    }

    /** The name as a tensor prints it: without {@code torch::autograd::}. */
    public String shortName() {
        return name.substring(name.lastIndexOf(':') + 1);
    }

    @Override
    public List<@Nullable GradientEdge> nextFunctions() {
        List<@Nullable GradientEdge> edges = new ArrayList<>();
        for (Edge e : shownEdges()) edges.add(e == null ? null : new GradientEdge(e.node(), e.index()));
        return Collections.unmodifiableList(edges);
    }

    /** Returns the edges of the inputs as PyTorch counts them; null for an input without gradient. */
    public final @Nullable Edge[] shownEdges() {
        int[] shown = shownInputs();
        if (shown == null) return next.clone();
        @Nullable Edge[] edges = new Edge[shown.length];
        for (int i = 0; i < shown.length; i++) edges[i] = shown[i] < 0 ? null : next[shown[i]];
        return edges;
    }

    /**
     * The inputs as PyTorch counts them, by their numbers here: less than 0 for a number that has an edge there. Null if
     * both count alike.
     */
    protected int @Nullable [] shownInputs() {
        return null;
    }

    /** Grows with the time of the forward call: the engine runs the latest first. */
    long sequence() {
        return sequence;
    }

    /** The number of the node that is made next. */
    static long nextSequence() {
        return COUNTER.get();
    }

    @Nullable
    public Edge[] edges() {
        return next;
    }

    /** The number of the operation's inputs. */
    protected final int inputs() {
        return next.length;
    }

    /** Where the gradient of an input goes. */
    protected final @Nullable Edge next(int i) {
        return next[i];
    }

    int outputs() {
        return Math.max(1, outputs.length);
    }

    /** Whether an output has that many elements. */
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

    /** Says what the operation's outputs look like. */
    public void setOutputs(@Nullable Tensor... results) {
        @Nullable Expected[] e = new Expected[results.length];
        for (int i = 0; i < e.length; i++) {
            Tensor t = results[i];
            if (t != null) e[i] = new Expected(Internals.layout(t).sizes(), t.dtype(), t.device());
        }
        outputs = e;
    }

    /**
     * The gradients of the operation's inputs.
     *
     * @param grads the gradients of its outputs; null where none reached an output
     * @param needs which inputs' gradients are wanted
     * @return one for each input; null where none flows or none is wanted
     */
    protected abstract @Nullable Tensor[] apply(@Nullable Tensor[] grads, boolean[] needs);

    /**
     * What was kept of the forward call, PyTorch's {@code _saved_...} attributes; its error where that was freed, or
     * written since.
     */
    @Override
    public List<Tensor> savedTensors() {
        return List.of();
    }

    /**
     * Returns the tensor that was saved under PyTorch's name: {@code node.saved("self")} is {@code grad_fn._saved_self}.
     *
     * @throws CotangentException if the node saved nothing of that name, or if it was freed or written since
     */
    @Override
    public final Tensor saved(String attribute) {
        String plain = attribute.startsWith("_saved_") ? attribute.substring("_saved_".length()) : attribute;
        Tensor t = savedAs(plain);
        if (t != null) return t;
        throw new CotangentException("'" + shortName() + "' object has no attribute '_saved_" + plain
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

    private @Nullable Tensor savedAs(String plain) {
        if (plain.equals("result")) return savedOutput();
        int operand = SavedNames.of(name).indexOf(plain);
        return operand < 0 ? null : savedOperand(operand);
    }

    /** Returns what was saved of an operand, or null; PyTorch's error if it was freed. */
    protected @Nullable Tensor savedOperand(int operand) {
        return null;
    }

    /** Returns what was saved of the output, or null; PyTorch's error if it was freed. */
    protected @Nullable Tensor savedOutput() {
        return null;
    }

    /** Returns a map for notes of users on this node; PyTorch's {@code metadata}. */
    @Override
    public final synchronized Map<String, Object> metadata() {
        if (metadata == null) metadata = new ConcurrentHashMap<>();
        return metadata;
    }

    /** Returns a number that grows with the time of the forward call; PyTorch's {@code _sequence_nr()}. */
    @Override
    public final long sequenceNumber() {
        return sequence;
    }

    /** Shows all that was kept of the forward call, whatever was done to it since; nothing where it was freed. */
    protected void visitSaved(Consumer<Tensor> visitor) {}

    /** Lets go of saved tensors; a later {@link #apply} that needs them raises PyTorch's error. */
    protected void release() {}

    /** Whether what {@link #apply} returns is either fresh, or one of the gradients it was given or a view of one. */
    protected boolean returnsFresh() {
        return true;
    }

    /**
     * Calls a hook after each run of this node.
     *
     * @return removes the hook again
     */
    @Override
    public Runnable registerHook(NodeHook hook) {
        synchronized (this) {
            if (hooks == null) hooks = new ArrayList<>(2);
        }
        return AutogradMeta.register(hooks, hook);
    }

    /**
     * Calls a hook before each run of this node, after the hooks of the tensors whose gradients it takes. PyTorch's {@code
     * Node.register_prehook}.
     *
     * @return removes the hook again
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

    /** Takes the hooks of a node whose place this one takes. */
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

    /** Lets the hooks of the node itself change what it is given. */
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

    /** Throws PyTorch's error if a hook returned something of another type or shape than it was given. */
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

    /** {@code <MulBackward0 object>}. */
    @Override
    public String toString() {
        return "<" + shortName() + " object at 0x" + Integer.toHexString(System.identityHashCode(this)) + ">";
    }
}
