package dev.cotangent;

/**
 * A normalized tensor and what it was normalized by: what {@code torch.native_layer_norm} and {@code
 * torch.native_batch_norm} return.
 *
 * @param output the tensor; part of the graph
 * @param mean the means; empty where running ones were taken
 * @param rstd 1 divided by the standard deviations, likewise
 */
public record Normalized(Tensor output, Tensor mean, Tensor rstd) {}
