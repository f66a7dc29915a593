package dev.cotangent.internal.engine;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Anomaly;
import dev.cotangent.autograd.SavedTensorHooks;
import dev.cotangent.internal.Internals;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A tensor saved for the backward pass with the version of its memory, so that reading it after an in-place write
 * throws. Under {@linkplain SavedTensorHooks hooks}, the packed value is saved instead.
 */
public final class SavedVariable {
    static final String FREED =
            "Trying to backward through the graph a second time (or directly access saved tensors after they have"
                + " already been freed). Saved intermediate values of the graph are freed when you call .backward() or"
                + " autograd.grad(). Specify retain_graph=True if you need to backward through the graph a second time"
                + " or if you need to access saved tensors after calling backward. In Java:"
                + " backward(Autograd.options().retainGraph()), Autograd.grad(...).retainGraph().";

    /** A packed value, and the tensor's position in the graph. */
    private record Hooked(
            SavedTensorHooks hooks,
            Object value,
            @Nullable Edge leaf,
            @Nullable WeakReference<Tensor> written) {}

    private final int version;
    private final boolean output;
    private final int outputIndex;
    private final @Nullable GraphNode gradFn;
    private volatile @Nullable Tensor tensor;
    private volatile @Nullable Hooked hooked;

    private SavedVariable(Tensor given, @Nullable GraphNode gradFn, int outputIndex, boolean output) {
        Tensor tensor = Internals.self(given);
        if (tensor.isInference()) {
            throw new CotangentException("Inference tensors cannot be saved for backward. Please do not use Tensors"
                    + " created in inference mode in computation tracked by autograd. To work around this, you can make"
                    + " a clone to get a normal tensor and use it in autograd, or use `torch.no_grad()` instead of"
                    + " `torch.inference_mode()`. In Java: Autograd.noGrad() instead of Autograd.inferenceMode().");
        }
        this.version = Internals.version(tensor).current();
        this.gradFn = gradFn;
        this.output = output;
        this.outputIndex = outputIndex;
        SavedTensorHooks hooks = SavedTensorHooks.current();
        if (hooks == null) {
            Internals.storage(tensor).retain();
            this.tensor = tensor;
        } else {
            this.hooked = pack(hooks, tensor);
        }
    }

    private Hooked pack(SavedTensorHooks hooks, Tensor t) {
        AutogradMeta m = Internals.meta(t);
        boolean isLeaf = m != null && !output && gradFn == null && m.requiresGrad();
        // The history of a written view is known only after the write.
        boolean writtenView = output && m != null && m.base() != null;
        return new Hooked(
                hooks, hooks.packed(t), isLeaf ? m.edge() : null, writtenView ? new WeakReference<>(t) : null);
    }

    /** Saves an input of the operation, or another tensor with a history of its own. */
    public static SavedVariable input(Tensor t) {
        AutogradMeta m = Internals.meta(t);
        return m == null
                ? new SavedVariable(t, null, 0, false)
                : new SavedVariable(t, m.gradFn(), m.outputIndex(), false);
    }

    /** Saves an output of the operation whose node is being created. */
    public static SavedVariable output(Tensor t, int index) {
        return new SavedVariable(t, null, index, true);
    }

    /** Returns the tensor as it was saved, with its history. */
    public Tensor get(GraphNode owner) {
        Hooked h = hooked;
        if (h != null) return unpack(h, owner);
        Tensor t = tensor;
        if (t == null) throw new CotangentException(FREED);
        int now = Internals.version(t).current();
        if (now != version) throw new CotangentException(changed(t, owner, now));
        AutogradMeta m = Internals.meta(t);
        if (output) {
            // After a write through a view, the owner is not in the graph: the view's history passes through its base.
            if (Internals.gradFn(t) == owner || m != null && m.base() != null) return t;
            return history(t, owner, outputIndex);
        }
        if (gradFn == null || m == null || m.gradFn() == gradFn) return t;
        return history(t, gradFn, outputIndex);
    }

    private Tensor unpack(Hooked h, GraphNode owner) {
        Tensor data = h.hooks.unpacked(h.value);
        if (h.leaf != null) {
            Tensor copy = data.detach();
            Internals.metaOrNew(copy).shareLeaf(h.leaf);
            return copy;
        }
        Tensor written = h.written == null ? null : h.written.get();
        if (written != null) {
            Edge edge = Internals.edge(written);
            return edge == null ? data : history(data, edge.node(), edge.index());
        }
        GraphNode node = output ? owner : gradFn;
        return node == null ? data : history(data, node, outputIndex);
    }

    private static Tensor history(Tensor t, GraphNode node, int index) {
        Tensor copy = t.detach();
        Internals.metaOrNew(copy).setGradFn(node, index);
        return copy;
    }

    /** Returns whether this is an output of the operation. */
    boolean isOutput() {
        return output;
    }

    /**
     * Returns whether the tensor's gradient has a given edge, null for none; throws PyTorch's error if it was freed.
     */
    boolean isAt(@Nullable Edge edge) {
        Tensor t = tensor;
        Hooked h = hooked;
        if (t == null && h == null) throw new CotangentException(FREED);
        if (output) return false;
        Edge own = gradFn != null ? new Edge(gradFn, outputIndex) : h != null ? h.leaf : Internals.edge(t);
        if (own == null || edge == null) return own == edge;
        return own.node() == edge.node() && own.index() == edge.index();
    }

    private String changed(Tensor t, GraphNode owner, int now) {
        GraphNode node = output ? owner : Internals.gradFn(t);
        int index = output ? outputIndex : t.outputIndex();
        String from = node == null ? "" : ", which is output " + index + " of " + node.operation() + ",";
        String hint = Anomaly.isEnabled()
                ? "Hint: the backtrace further above shows the operation that failed to compute its gradient. The"
                        + " variable in question was changed in there or anywhere later. Good luck!"
                : "Hint: enable anomaly detection to find the operation that failed to compute its gradient, with"
                        + " torch.autograd.set_detect_anomaly(True, check_nan=False). In Java:"
                        + " Autograd.setDetectAnomaly(true).";
        return "one of the variables needed for gradient computation has been modified by an inplace operation: ["
                + t.type() + " " + Arrays.toString(Internals.layout(t).sizes()) + "]" + from + " is at version " + now
                + "; expected version " + version + " instead. " + hint;
    }

    public void visit(Consumer<Tensor> visitor) {
        Tensor t = tensor;
        if (t != null) visitor.accept(t);
        Hooked h = hooked;
        if (h == null) return;
        if (h.value instanceof Tensor saved) visitor.accept(saved);
        if (h.value instanceof SavedTensorHooks.Packed packed) packed.visit(visitor);
    }

    public void release() {
        Tensor t = tensor;
        if (t != null) Internals.storage(t).unretain();
        tensor = null;
        Hooked h = hooked;
        hooked = null;
        if (h != null && h.value instanceof SavedTensorHooks.Packed packed) packed.release();
    }
}
