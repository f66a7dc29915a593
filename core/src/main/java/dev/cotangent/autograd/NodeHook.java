package dev.cotangent.autograd;

import dev.cotangent.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is called after a node has run. */
@FunctionalInterface
public interface NodeHook {
    /**
     * Sees what the node computed.
     *
     * @param gradInputs the gradients of the operation's inputs, null where none
     * @param gradOutputs those of its outputs that the node was given
     * @return what goes on instead of {@code gradInputs}, or null to leave them
     */
    @Nullable
    List<@Nullable Tensor> after(List<@Nullable Tensor> gradInputs, List<@Nullable Tensor> gradOutputs);
}
