package dev.cotangent.linalg;

import dev.cotangent.Tensor;

/**
 * Is what {@code torch.linalg.lstsq} returns.
 *
 * @param solution of least squares; of smallest norm where there are several
 * @param residuals sums of squares of {@code A @ solution - B}, where A has full rank and more rows than columns; else empty
 * @param rank int64: the ranks; empty for the driver GELS
 * @param singularValues for the drivers GELSD and GELSS; else empty
 */
public record Lstsq(Tensor solution, Tensor residuals, Tensor rank, Tensor singularValues) {}
