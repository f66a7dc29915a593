package dev.cotangent.linalg;

import dev.cotangent.Tensor;

/**
 * Is what {@code torch.linalg.solve_ex} returns.
 *
 * @param result the solutions, of no meaning for singular matrices
 * @param info int32: 0, or which diagonal element of U is zero, counted from 1
 */
public record SolveEx(Tensor result, Tensor info) {}
