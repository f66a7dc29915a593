package dev.cotangent.autograd;

import dev.cotangent.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a backward pass runs. Immutable; each method gives changed options.
 *
 * @param keepsGraph whether saved tensors stay for another pass; null: as {@code createsGraph}
 * @param createsGraph whether the pass is recorded, for gradients of gradients
 * @param onlyInputs the only tensors whose gradients are collected; null: all leaves
 */
public record BackwardOptions(
        @Nullable Boolean keepsGraph,
        boolean createsGraph,
        @Nullable List<Tensor> onlyInputs) {
    public static final BackwardOptions DEFAULT = new BackwardOptions(null, false, null);

    /** PyTorch's {@code retain_graph=True}. */
    public BackwardOptions retainGraph() {
        return retainGraph(true);
    }

    /** PyTorch's {@code retain_graph}. */
    public BackwardOptions retainGraph(boolean value) {
        return new BackwardOptions(value, createsGraph, onlyInputs);
    }

    /** PyTorch's {@code create_graph=True}. */
    public BackwardOptions createGraph() {
        return new BackwardOptions(keepsGraph, true, onlyInputs);
    }

    /** PyTorch's {@code inputs=[...]}. */
    public BackwardOptions inputs(Tensor... inputs) {
        return new BackwardOptions(keepsGraph, createsGraph, List.of(inputs));
    }

    /** Whether saved tensors stay. */
    public boolean retains() {
        return keepsGraph == null ? createsGraph : keepsGraph;
    }
}
