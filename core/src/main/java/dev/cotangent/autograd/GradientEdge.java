package dev.cotangent.autograd;

/**
 * Where a gradient goes; PyTorch's {@code torch.autograd.graph.GradientEdge}.
 *
 * @param node the backward of the operation that computed a tensor
 * @param outputIndex which of the operation's outputs the tensor is, from 0
 */
public record GradientEdge(Node node, int outputIndex) {}
