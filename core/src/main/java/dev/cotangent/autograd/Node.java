package dev.cotangent.autograd;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The backward of one recorded operation: takes the gradients of the operation's outputs and gives those of its
 * inputs. PyTorch's {@code grad_fn}.
 */
public abstract class Node {
    /** What the gradient of an output must look like. */
    record Expected(long[] sizes, Dtype dtype, Device device) {}

    private record PreHook(int index, UnaryOperator<@Nullable Tensor> hook) {}

    private record Retained(int index, Meta meta) {}

    private static final AtomicLong COUNTER = new AtomicLong();

    private final String name;
    private final @Nullable Edge[] next;
    private final long sequence = COUNTER.getAndIncrement();
    private Expected[] outputs = {};
    private @Nullable List<PreHook> preHooks;
    private @Nullable List<Retained> retained;
    private @Nullable List<NodeHook> hooks;
    private @Nullable Throwable trace;

    /**
     * A node of that name whose gradients go along these edges.
     *
     * @param name such as {@code MulBackward0}
     * @param next for each input of the operation where its gradient goes, null where it needs none
     */
    protected Node(String name, @Nullable Edge[] next) {
        this.name = name;
        this.next = next;
        if (Anomaly.isEnabled()) trace = new Throwable("forward call of " + name);
    }

    /** Where the gradients of inputs go: null for those that want none. */
    protected static @Nullable Edge[] edges(Tensor... inputs) {
        @Nullable Edge[] edges = new Edge[inputs.length];
        for (int i = 0; i < edges.length; i++) edges[i] = inputs[i].dtype().isFloatingPoint() ? inputs[i].edge() : null;
        return edges;
    }

    /** Makes a tensor this node's only output. */
    public final void attach(Tensor output) {
        setOutputs(output);
        output.metaOrNew().setGradFn(this, 0);
    }

    /** Makes a tensor that was written in place this node's only output. */
    public final void rebase(Tensor written) {
        written.metaOrNew().rebase(this);
    }

    /** PyTorch's name of the node, such as {@code MulBackward0}. */
    public String name() {
        return name;
    }

    /** The name as a tensor prints it: without {@code torch::autograd::}. */
    public String shortName() {
        return name.substring(name.lastIndexOf(':') + 1);
    }

    /** For each input of the operation where its gradient goes; null where it needs none. */
    public List<@Nullable Edge> nextFunctions() {
        return Arrays.asList(next.clone());
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
    Edge[] edges() {
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
            long n = 1;
            for (long size : e.sizes) n *= size;
            if (n >= elements) return true;
        }
        return false;
    }

    @Nullable
    Expected expected(int i) {
        return i < outputs.length ? outputs[i] : null;
    }

    @Nullable
    Throwable trace() {
        return trace;
    }

    /** Says what the operation's outputs look like. */
    void setOutputs(Tensor... results) {
        Expected[] e = new Expected[results.length];
        for (int i = 0; i < e.length; i++) {
            e[i] = new Expected(results[i].layout().sizes(), results[i].dtype(), results[i].device());
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
    public List<Tensor> savedTensors() {
        return List.of();
    }

    /** Shows all that was kept of the forward call, whatever was done to it since; nothing where it was freed. */
    protected void visitKept(Consumer<Tensor> visitor) {}

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
    public Runnable registerHook(NodeHook hook) {
        synchronized (this) {
            if (hooks == null) hooks = new ArrayList<>(2);
        }
        return Meta.register(hooks, hook);
    }

    Runnable addPreHook(int index, UnaryOperator<@Nullable Tensor> hook) {
        synchronized (this) {
            if (preHooks == null) preHooks = new ArrayList<>(2);
        }
        return Meta.register(preHooks, new PreHook(index, hook));
    }

    synchronized void retain(int index, Meta meta) {
        if (retained == null) retained = new ArrayList<>(2);
        retained.add(new Retained(index, meta));
    }

    synchronized void forget(Meta meta) {
        if (retained != null) retained.removeIf(r -> r.meta == meta);
    }

    boolean hasHooks() {
        return preHooks != null || hooks != null || retained != null;
    }

    void runPreHooks(@Nullable Tensor[] grads) {
        if (preHooks != null) {
            for (PreHook h : Meta.snapshot(preHooks)) {
                Tensor given = grads[h.index];
                if (given == null) continue;
                Tensor changed = h.hook.apply(given);
                if (changed != null) grads[h.index] = changed;
            }
        }
        if (retained != null) {
            for (Retained r : retained) {
                Tensor g = grads[r.index];
                if (g != null) r.meta.keep(g);
            }
        }
    }

    @Nullable
    Tensor[] runHooks(@Nullable Tensor[] results, @Nullable Tensor[] grads) {
        if (hooks == null) return results;
        for (NodeHook h : Meta.snapshot(hooks)) {
            List<@Nullable Tensor> changed = h.after(Arrays.asList(results.clone()), Arrays.asList(grads.clone()));
            if (changed != null) results = changed.toArray(new Tensor[0]);
        }
        return results;
    }

    /** {@code <MulBackward0 object>}. */
    @Override
    public String toString() {
        return "<" + shortName() + " object at 0x" + Integer.toHexString(System.identityHashCode(this)) + ">";
    }
}
