package dev.cotangent.linalg;

import dev.cotangent.Tensor;

/**
 * Is what {@code torch.geqrf} returns.
 *
 * @param a R, and below it the Householder vectors without their first element, which is 1
 * @param tau the factors of the reflectors
 */
public record Geqrf(Tensor a, Tensor tau) {}
