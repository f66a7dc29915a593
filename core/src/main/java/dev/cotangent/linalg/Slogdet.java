package dev.cotangent.linalg;

import dev.cotangent.Tensor;

/**
 * Is what {@code torch.linalg.slogdet} returns: {@code sign * exp(logabsdet)} is the determinant.
 *
 * @param sign -1, 0 or 1
 * @param logabsdet the logarithm of the determinant's magnitude, -inf of a singular matrix
 */
public record Slogdet(Tensor sign, Tensor logabsdet) {}
