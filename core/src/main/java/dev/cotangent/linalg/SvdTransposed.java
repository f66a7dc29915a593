package dev.cotangent.linalg;

import dev.cotangent.Tensor;

/**
 * Is what {@code torch.svd} returns: {@code U @ diag(S) @ V.mT()} is the matrix.
 *
 * @param U left singular vectors, in columns
 * @param S singular values, descending
 * @param V right singular vectors, in columns
 */
public record SvdTransposed(Tensor U, Tensor S, Tensor V) {}
