package dev.cotangent.linalg;

import dev.cotangent.Tensor;

/**
 * Is what {@code torch.linalg.inv_ex} returns.
 *
 * @param inverse the inverses, of no meaning for singular matrices
 * @param info int32: 0, or which diagonal element of U is zero, counted from 1
 */
public record InverseEx(Tensor inverse, Tensor info) {}
