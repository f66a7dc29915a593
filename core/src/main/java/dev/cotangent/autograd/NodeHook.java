package dev.cotangent.autograd;

import dev.cotangent.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A hook that runs after a node. */
@FunctionalInterface
public interface NodeHook {
    /**
     * Receives a node's gradients.
     *
     * @param gradInputs the gradients of the operation's inputs, null if undefined
     * @param gradOutputs the gradients of its outputs that the node received
     * @return replacements of {@code gradInputs}, or null to leave them
     */
    @Nullable
    List<@Nullable Tensor> after(List<@Nullable Tensor> gradInputs, List<@Nullable Tensor> gradOutputs);
}
