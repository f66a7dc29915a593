package dev.cotangent;

/**
 * The result of {@code torch.native_layer_norm} and {@code torch.native_batch_norm}.
 *
 * @param output the normalized tensor; part of the graph
 * @param mean the means; empty if running ones were used
 * @param rstd 1 divided by the standard deviations; empty if running ones were used
 */
public record Normalized(Tensor output, Tensor mean, Tensor rstd) {}
