package dev.cotangent.autograd;

import dev.cotangent.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Options of a backward pass. Immutable; each method returns changed options.
 *
 * @param keepsGraph whether saved tensors are retained for another pass; null: as {@code createsGraph}
 * @param createsGraph whether the pass is recorded, for double backward
 * @param onlyInputs the only tensors whose gradients are accumulated; null: all leaves
 */
public record BackwardOptions(
        @Nullable Boolean keepsGraph,
        boolean createsGraph,
        @Nullable List<Tensor> onlyInputs) {
    public static final BackwardOptions DEFAULT = new BackwardOptions(null, false, null);

    /** Sets PyTorch's {@code retain_graph=True}. */
    public BackwardOptions retainGraph() {
        return retainGraph(true);
    }

    /** Sets PyTorch's {@code retain_graph}. */
    public BackwardOptions retainGraph(boolean value) {
        return new BackwardOptions(value, createsGraph, onlyInputs);
    }

    /** Sets PyTorch's {@code create_graph=True}. */
    public BackwardOptions createGraph() {
        return new BackwardOptions(keepsGraph, true, onlyInputs);
    }

    /** Sets PyTorch's {@code inputs=[...]}. */
    public BackwardOptions inputs(Tensor... inputs) {
        return new BackwardOptions(keepsGraph, createsGraph, List.of(inputs));
    }

    /** Returns whether saved tensors are retained. */
    public boolean retains() {
        return keepsGraph == null ? createsGraph : keepsGraph;
    }
}
