package dev.cotangent.linalg;

import dev.cotangent.Tensor;

/**
 * Is what {@code torch.linalg.cholesky_ex} returns.
 *
 * @param L the triangular factors, those of matrices that are not positive-definite incomplete
 * @param info int32: 0, or the order of the leading minor that is not positive-definite
 */
public record CholeskyEx(Tensor L, Tensor info) {}
