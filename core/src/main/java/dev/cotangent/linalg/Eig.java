package dev.cotangent.linalg;

import dev.cotangent.Tensor;

/**
 * Eigenvalues and eigenvectors of {@link Linalg#eig}.
 *
 * @param eigenvalues complex, in no order, [.., n]
 * @param eigenvectors complex, of unit length, as columns, [.., n, n]
 */
public record Eig(Tensor eigenvalues, Tensor eigenvectors) {}
