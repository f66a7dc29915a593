package dev.cotangent;

/**
 * The result of {@code torch.aminmax}.
 *
 * @param min the minimum
 * @param max the maximum
 */
public record MinMax(Tensor min, Tensor max) {}
