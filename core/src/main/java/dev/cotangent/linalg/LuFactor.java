package dev.cotangent.linalg;

import dev.cotangent.Tensor;

/**
 * Is what {@code torch.linalg.lu_factor} returns.
 *
 * @param LU L, whose ones on the diagonal are not stored, below U
 * @param pivots int32: with which row each row was swapped, counted from 1
 */
public record LuFactor(Tensor LU, Tensor pivots) {}
