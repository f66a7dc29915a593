package dev.cotangent.autograd;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.internal.engine.Backward;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call of {@code torch.autograd.grad} with its options: computes and returns gradients of outputs with respect to
 * inputs, without accumulating into {@code .grad}. Only nodes on a path to an input run, and only their saved tensors
 * are freed.
 */
public final class GradRequest {
    private final List<Tensor> outputs;
    private final List<Tensor> inputs;
    private List<@Nullable Tensor> gradOutputs;
    private BackwardOptions options = BackwardOptions.DEFAULT;
    private boolean allowUnused;
    private boolean materializes;
    private boolean isBatched;

    GradRequest(List<Tensor> outputs, List<Tensor> inputs) {
        this.outputs = outputs;
        this.inputs = inputs;
        this.gradOutputs = new ArrayList<>(java.util.Collections.nCopies(outputs.size(), null));
    }

    /** Sets the gradients of the outputs, one each; null for an output of one element. */
    public GradRequest gradOutputs(@Nullable Tensor... gradients) {
        gradOutputs = Arrays.asList(gradients);
        return this;
    }

    /** Retains saved tensors for another pass. */
    public GradRequest retainGraph() {
        options = options.retainGraph();
        return this;
    }

    /** Sets whether saved tensors are retained for another pass. */
    public GradRequest retainGraph(boolean value) {
        options = options.retainGraph(value);
        return this;
    }

    /** Records the pass, for double backward. */
    public GradRequest createGraph() {
        options = options.createGraph();
        return this;
    }

    /** Returns null instead of throwing for an input that the outputs do not depend on. */
    public GradRequest allowUnused() {
        allowUnused = true;
        return this;
    }

    /** Returns zeros for an input that the outputs do not depend on; PyTorch's {@code materialize_grads}. */
    public GradRequest materializeGrads() {
        materializes = true;
        return this;
    }

    /**
     * Treats dimension 0 of every given gradient as a batch: results are stacked along dimension 0. PyTorch's {@code
     * is_grads_batched}. Runs one pass per batch entry.
     */
    public GradRequest isGradsBatched() {
        isBatched = true;
        return this;
    }

    /** Computes the gradients, one per input. */
    public List<@Nullable Tensor> run() {
        boolean unused = allowUnused || materializes;
        List<@Nullable Tensor> grads = isBatched
                ? Backward.gradBatched(outputs, gradOutputs, inputs, options, unused)
                : Backward.grad(outputs, gradOutputs, inputs, options, unused);
        if (!materializes) return grads;
        List<@Nullable Tensor> filled = new ArrayList<>(grads);
        for (int i = 0; i < filled.size(); i++) {
            if (filled.get(i) == null) filled.set(i, inputs.get(i).detach().zerosLike());
        }
        return filled;
    }

    /** Computes the gradient of the only (or first) input. */
    public Tensor get() {
        Tensor g = run().get(0);
        if (g == null) throw new CotangentException("the outputs do not depend on the input: its gradient is None");
        return g;
    }
}
