package dev.cotangent.linalg;

import dev.cotangent.Tensor;

/**
 * Is what {@code torch.linalg.ldl_factor} returns.
 *
 * @param LD the factors as LAPACK's SYTRF packs them
 * @param pivots int32: SYTRF's pivots
 */
public record LdlFactor(Tensor LD, Tensor pivots) {}
