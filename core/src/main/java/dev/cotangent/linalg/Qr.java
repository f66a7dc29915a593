package dev.cotangent.linalg;

import dev.cotangent.Tensor;

/**
 * Is what {@code torch.linalg.qr} returns: {@code Q @ R} is the matrix.
 *
 * @param Q columns of length 1 that are orthogonal to each other; empty in mode R
 * @param R upper triangular
 */
public record Qr(Tensor Q, Tensor R) {}
