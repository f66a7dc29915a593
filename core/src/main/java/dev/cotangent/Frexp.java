package dev.cotangent;

/**
 * The result of {@code torch.frexp}: {@code mantissa * 2^exponent}.
 *
 * @param mantissa from 1/2 to 1 in absolute value, or 0; part of the graph
 * @param exponent int32
 */
public record Frexp(Tensor mantissa, Tensor exponent) {}
