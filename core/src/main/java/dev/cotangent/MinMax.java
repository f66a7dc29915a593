package dev.cotangent;

/**
 * Both extremes: what {@code torch.aminmax} returns.
 *
 * @param min the smallest
 * @param max the largest
 */
public record MinMax(Tensor min, Tensor max) {}
