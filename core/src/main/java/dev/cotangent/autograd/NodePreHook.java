package dev.cotangent.autograd;

import dev.cotangent.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A hook that runs before a node; see {@link Node#registerPreHook}. */
@FunctionalInterface
public interface NodePreHook {
    /**
     * Receives the gradients that a node is about to process.
     *
     * @param gradOutputs the gradients of the operation's outputs, null if undefined
     * @return replacements, or null to leave them
     */
    @Nullable
    List<@Nullable Tensor> before(List<@Nullable Tensor> gradOutputs);
}
