package dev.cotangent;

/**
 * Elements with their indices: the result of {@code torch.max(x, dim)}, {@code torch.sort} and the like.
 *
 * @param values the elements; part of the graph
 * @param indices their indices along the dimension, int64
 */
public record ValuesIndices(Tensor values, Tensor indices) {}
