package dev.cotangent.linalg;

import dev.cotangent.Tensor;

/**
 * Is what {@code torch.linalg.lu} and {@code torch.lu_unpack} return: {@code P @ L @ U} is the matrix.
 *
 * @param P permutations
 * @param L lower triangular with ones on the diagonal
 * @param U upper triangular
 */
public record Lu(Tensor P, Tensor L, Tensor U) {}
