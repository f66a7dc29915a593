package dev.cotangent.autograd;

/**
 * The target of a gradient; PyTorch's {@code torch.autograd.graph.GradientEdge}.
 *
 * @param node the backward of the operation that computed a tensor
 * @param outputIndex index of the tensor among the operation's outputs
 */
public record GradientEdge(Node node, int outputIndex) {}
