package dev.cotangent.nn;

import dev.cotangent.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Masks of transformers, immutable: each method returns a copy. A mask is of bool, true where nothing is seen, or of floating
 * point, added to scores; null for none.
 *
 * @param srcMask which source positions a source position must not see
 * @param tgtMask which target positions a target position must not see
 * @param memoryMask which source positions a target position must not see
 * @param srcKeyPaddingMask which source positions are padding
 * @param tgtKeyPaddingMask which target positions are padding
 * @param memoryKeyPaddingMask which source positions are padding to the decoder
 */
public record TransformerMasks(
        @Nullable Tensor srcMask,
        @Nullable Tensor tgtMask,
        @Nullable Tensor memoryMask,
        @Nullable Tensor srcKeyPaddingMask,
        @Nullable Tensor tgtKeyPaddingMask,
        @Nullable Tensor memoryKeyPaddingMask) {
    /** Returns a copy with {@code srcMask}. */
    public TransformerMasks srcMask(@Nullable Tensor value) {
        return new TransformerMasks(
                value, tgtMask, memoryMask, srcKeyPaddingMask, tgtKeyPaddingMask, memoryKeyPaddingMask);
    }

    /** Returns a copy with {@code tgtMask}. */
    public TransformerMasks tgtMask(@Nullable Tensor value) {
        return new TransformerMasks(
                srcMask, value, memoryMask, srcKeyPaddingMask, tgtKeyPaddingMask, memoryKeyPaddingMask);
    }

    /** Returns a copy with {@code memoryMask}. */
    public TransformerMasks memoryMask(@Nullable Tensor value) {
        return new TransformerMasks(
                srcMask, tgtMask, value, srcKeyPaddingMask, tgtKeyPaddingMask, memoryKeyPaddingMask);
    }

    /** Returns a copy with {@code srcKeyPaddingMask}. */
    public TransformerMasks srcKeyPaddingMask(@Nullable Tensor value) {
        return new TransformerMasks(srcMask, tgtMask, memoryMask, value, tgtKeyPaddingMask, memoryKeyPaddingMask);
    }

    /** Returns a copy with {@code tgtKeyPaddingMask}. */
    public TransformerMasks tgtKeyPaddingMask(@Nullable Tensor value) {
        return new TransformerMasks(srcMask, tgtMask, memoryMask, srcKeyPaddingMask, value, memoryKeyPaddingMask);
    }

    /** Returns a copy with {@code memoryKeyPaddingMask}. */
    public TransformerMasks memoryKeyPaddingMask(@Nullable Tensor value) {
        return new TransformerMasks(srcMask, tgtMask, memoryMask, srcKeyPaddingMask, tgtKeyPaddingMask, value);
    }

    /** Returns no masks. */
    public static TransformerMasks none() {
        return new TransformerMasks(null, null, null, null, null, null);
    }

    /** Returns the options of an attention with a mask and padding, without weights. */
    static MultiheadAttention.Call call(@Nullable Tensor mask, @Nullable Tensor padding) {
        return MultiheadAttention.callOptions()
                .attnMask(mask)
                .keyPaddingMask(padding)
                .needWeights(false);
    }
}
