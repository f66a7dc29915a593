package dev.cotangent.autograd;

import dev.cotangent.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A function called before a node runs; see {@link Node#registerPreHook}. */
@FunctionalInterface
public interface NodePreHook {
    /**
     * Sees the gradients that a node is about to be given.
     *
     * @param gradOutputs the gradients of the operation's outputs, null where none came
     * @return gradients to use instead, or null to leave them
     */
    @Nullable
    List<@Nullable Tensor> before(List<@Nullable Tensor> gradOutputs);
}
