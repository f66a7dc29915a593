package dev.cotangent.linalg;

import dev.cotangent.Tensor;

/**
 * Is what {@code torch.linalg.svd} returns: {@code U @ diag(S) @ Vh} is the matrix.
 *
 * @param U left singular vectors, in columns
 * @param S singular values, descending
 * @param Vh right singular vectors, in rows
 */
public record Svd(Tensor U, Tensor S, Tensor Vh) {}
