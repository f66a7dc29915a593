package dev.cotangent;

/**
 * What {@code torch.histogram} returns.
 *
 * @param hist what fell into each bin
 * @param binEdges the edges of the bins, one more than there are bins
 */
public record Histogram(Tensor hist, Tensor binEdges) {}
