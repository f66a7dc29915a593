package dev.cotangent.autograd;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A tensor kept for the backward pass, with the version of its memory at that time: a later in-place write makes reading
 * it an error.
 */
public final class SavedTensor {
    static final String FREED =
            "Trying to backward through the graph a second time (or directly access saved tensors after they have"
                + " already been freed). Saved intermediate values of the graph are freed when you call .backward() or"
                + " autograd.grad(). Specify retain_graph=True if you need to backward through the graph a second time"
                + " or if you need to access saved tensors after calling backward.";

    private final int version;
    private final boolean output;
    private final int outputIndex;
    private final @Nullable Node gradFn;
    private volatile @Nullable Tensor tensor;

    private SavedTensor(Tensor tensor, @Nullable Node gradFn, int outputIndex, boolean output) {
        if (tensor.isInference()) {
            throw new CotangentException("Inference tensors cannot be saved for backward. To work around you can make a"
                    + " clone to get a normal tensor and use it in autograd.");
        }
        tensor.storage().keep();
        this.tensor = tensor;
        this.version = tensor.version().current();
        this.gradFn = gradFn;
        this.output = output;
        this.outputIndex = outputIndex;
    }

    /** An input of the operation, or anything else that has a history of its own. */
    static SavedTensor input(Tensor t) {
        Meta m = t.meta();
        return m == null ? new SavedTensor(t, null, 0, false) : new SavedTensor(t, m.gradFn(), m.outputIndex(), false);
    }

    /** An output of the operation whose node is being made. */
    static SavedTensor output(Tensor t, int index) {
        return new SavedTensor(t, null, index, true);
    }

    /** The tensor as it was, with its history. */
    Tensor get(Node owner) {
        Tensor t = tensor;
        if (t == null) throw new CotangentException(FREED);
        int now = t.version().current();
        if (now != version) throw new CotangentException(changed(t, owner, now));
        Meta m = t.meta();
        if (output) {
            // Of a write through a view the owner is no node of the graph: the view's history leads through its base.
            if (t.gradFn() == owner || m != null && m.base() != null) return t;
            return history(t, owner, outputIndex);
        }
        if (gradFn == null || m == null || m.gradFn() == gradFn) return t;
        return history(t, gradFn, outputIndex);
    }

    private static Tensor history(Tensor t, Node node, int index) {
        Tensor copy = Tensor.wrap(t.operand(), t.version());
        copy.metaOrNew().setGradFn(node, index);
        return copy;
    }

    private String changed(Tensor t, Node owner, int now) {
        Node node = output ? owner : t.gradFn();
        int index = output ? outputIndex : t.outputIndex();
        String from = node == null ? "" : ", which is output " + index + " of " + node.name() + ",";
        String hint = Anomaly.isEnabled()
                ? "Hint: the backtrace further above shows the operation that failed to compute its gradient. The"
                        + " variable in question was changed in there or anywhere later. Good luck!"
                : "Hint: enable anomaly detection to find the operation that failed to compute its gradient, with"
                        + " torch.autograd.set_detect_anomaly(True).";
        return "one of the variables needed for gradient computation has been modified by an inplace operation: ["
                + t.type() + " " + Arrays.toString(t.layout().sizes()) + "]" + from + " is at version " + now
                + "; expected version " + version + " instead. " + hint;
    }

    void visit(Consumer<Tensor> visitor) {
        Tensor t = tensor;
        if (t != null) visitor.accept(t);
    }

    void release() {
        Tensor t = tensor;
        if (t != null) t.storage().letGo();
        tensor = null;
    }
}
