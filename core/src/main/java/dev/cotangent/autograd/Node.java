package dev.cotangent.autograd;

import dev.cotangent.Tensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node of the autograd graph, the backward of one recorded operation; PyTorch's {@code torch.autograd.graph.Node}.
 * Returned by {@link Tensor#gradFn}.
 */
public interface Node {
    /** Returns PyTorch's name of the node, such as {@code MulBackward0}. */
    String name();

    /** Returns the edge of each input of the operation; null for an input without gradient. */
    List<@Nullable GradientEdge> nextFunctions();

    /**
     * Returns the tensors that were saved for the backward pass.
     *
     * @throws dev.cotangent.CotangentException PyTorch's error if they were freed
     */
    List<Tensor> savedTensors();

    /**
     * Returns a saved tensor by PyTorch's name of the attribute, such as {@code _saved_self}.
     *
     * @throws dev.cotangent.CotangentException if there is none of that name, or it was freed
     */
    Tensor saved(String attribute);

    /** Returns the names of the tensors that {@link #saved} returns. */
    List<String> savedNames();

    /** Returns a map for users' annotations of this node; PyTorch's {@code metadata}. */
    Map<String, Object> metadata();

    /** Returns a number that increases with each forward call; PyTorch's {@code _sequence_nr()}. */
    long sequenceNumber();

    /**
     * Registers a hook that runs after the node and may replace the gradients of its inputs.
     *
     * @return removes the hook
     */
    Runnable registerHook(NodeHook hook);

    /**
     * Registers a hook that runs before the node and may replace the gradients of its outputs.
     *
     * @return removes the hook
     */
    Runnable registerPreHook(NodePreHook hook);
}
