package dev.cotangent;

/**
 * What {@code torch.frexp} returns: {@code mantissa * 2^exponent}.
 *
 * @param mantissa from 1/2 to 1 in absolute value, or 0; part of the graph
 * @param exponent int32
 */
public record Frexp(Tensor mantissa, Tensor exponent) {}
