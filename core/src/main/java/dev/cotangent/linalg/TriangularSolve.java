package dev.cotangent.linalg;

import dev.cotangent.Tensor;

/**
 * Is what {@code torch.triangular_solve} returns.
 *
 * @param solution the solution
 * @param clonedCoefficient a copy of the triangular matrices
 */
public record TriangularSolve(Tensor solution, Tensor clonedCoefficient) {}
