package dev.cotangent.linalg;

import dev.cotangent.Tensor;

/**
 * Is what {@code torch.linalg.lu_factor_ex} returns.
 *
 * @param LU L, whose ones on the diagonal are not stored, below U
 * @param pivots int32: with which row each row was swapped, counted from 1
 * @param info int32: 0, or which diagonal element of U is zero, counted from 1
 */
public record LuFactorEx(Tensor LU, Tensor pivots, Tensor info) {}
