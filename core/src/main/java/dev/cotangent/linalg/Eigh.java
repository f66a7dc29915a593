package dev.cotangent.linalg;

import dev.cotangent.Tensor;

/**
 * Is what {@code torch.linalg.eigh} returns.
 *
 * @param eigenvalues in ascending order
 * @param eigenvectors of length 1 and orthogonal to each other, in columns
 */
public record Eigh(Tensor eigenvalues, Tensor eigenvectors) {}
