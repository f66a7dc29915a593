package dev.cotangent;

/**
 * The result of {@code torch.histogram}.
 *
 * @param hist what fell into each bin
 * @param binEdges the edges of the bins, one more than there are bins
 */
public record Histogram(Tensor hist, Tensor binEdges) {}
