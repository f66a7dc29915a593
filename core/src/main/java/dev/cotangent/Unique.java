package dev.cotangent;

import org.jspecify.annotations.Nullable;

/**
 * The result of {@code torch.unique}.
 *
 * @param output the unique values
 * @param inverseIndices index in the output of each input element, int64; null unless requested
 * @param counts number of occurrences of each value, int64; null unless requested
 */
public record Unique(
        Tensor output,
        @Nullable Tensor inverseIndices,
        @Nullable Tensor counts) {}
