package dev.cotangent.linalg;

import dev.cotangent.Tensor;

/**
 * Is what {@code torch.linalg.ldl_factor_ex} returns.
 *
 * @param LD the factors as LAPACK's SYTRF packs them
 * @param pivots int32: SYTRF's pivots
 * @param info int32: 0, or which diagonal block is zero, counted from 1
 */
public record LdlFactorEx(Tensor LD, Tensor pivots, Tensor info) {}
