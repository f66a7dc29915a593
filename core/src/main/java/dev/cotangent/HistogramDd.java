package dev.cotangent;

import java.util.List;

/**
 * The result of {@code torch.histogramdd}.
 *
 * @param hist what fell into each bin, with a dimension for each coordinate
 * @param binEdges for each coordinate the edges of its bins
 */
public record HistogramDd(Tensor hist, List<Tensor> binEdges) {}
