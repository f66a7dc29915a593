package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.engine.AutocastMode;
import dev.cotangent.internal.ops.nn.AttentionOps;

/** Attention. */
sealed interface AttentionMethods permits Tensor {
    /** Works as {@link #scaledDotProductAttention(Tensor, Tensor, AttentionOptions)} of all keys, without dropout. */
    default Tensor scaledDotProductAttention(Tensor key, Tensor value) {
        return scaledDotProductAttention(key, value, AttentionOptions.DEFAULT);
    }

    /**
     * Returns means of values, weighted by the softmax of the products of this tensor's queries and keys (Vaswani and others
     * 2017); {@code torch.nn.functional.scaled_dot_product_attention}. Without dropout, and unless the mask requires a
     * gradient, it takes memory linear in the lengths on the CPU: keys are visited in blocks, with a running softmax (Dao and
     * others 2022).
     *
     * <p>This tensor is [.., L, E]; leading dimensions are broadcast. A query that sees no key gets zeros.
     *
     * @param key [.., S, E], of this tensor's dtype, floating point
     * @param value [.., S, Ev]
     * @return [.., L, Ev]
     */
    default Tensor scaledDotProductAttention(Tensor key, Tensor value, AttentionOptions options) {
        Arguments.notNull("scaled_dot_product_attention", "key", key);
        Arguments.notNull("scaled_dot_product_attention", "value", value);
        Arguments.notNull("scaled_dot_product_attention", "options", options);
        return end(
                start("scaled_dot_product_attention", this, key, value),
                AttentionOps.attention(
                        AutocastMode.lower((Tensor) this),
                        AutocastMode.lower(key),
                        AutocastMode.lower(value),
                        options));
    }
}
