package dev.cotangent;

/**
 * Elements and where they were: what {@code torch.max(x, dim)}, {@code torch.sort} and the like return.
 *
 * @param values the elements; part of the graph
 * @param indices their indices along the dimension, int64
 */
public record ValuesIndices(Tensor values, Tensor indices) {}
