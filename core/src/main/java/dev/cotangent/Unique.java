package dev.cotangent;

import org.jspecify.annotations.Nullable;

/**
 * Different values: what {@code torch.unique} returns.
 *
 * @param output the values
 * @param inverseIndices for each element of the input its place in the output, int64; null unless asked for
 * @param counts how often each value was there, int64; null unless asked for
 */
public record Unique(
        Tensor output,
        @Nullable Tensor inverseIndices,
        @Nullable Tensor counts) {}
