package dev.cotangent;

import dev.cotangent.internal.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * Options of {@link AttentionMethods#scaledDotProductAttention}. Immutable; each method returns changed options: {@code
 * q.scaledDotProductAttention(k, v, attentionOptions().causal())}.
 */
public final class AttentionOptions {
    static final AttentionOptions DEFAULT = new AttentionOptions(null, 0, false, null, false);

    private final @Nullable Tensor attnMask;
    private final double dropoutP;
    private final boolean causal;
    private final @Nullable Double scale;
    private final boolean enableGqa;

    private AttentionOptions(
            @Nullable Tensor attnMask, double dropoutP, boolean causal, @Nullable Double scale, boolean enableGqa) {
        this.attnMask = attnMask;
        this.dropoutP = dropoutP;
        this.causal = causal;
        this.scale = scale;
        this.enableGqa = enableGqa;
    }

    /**
     * Sets the mask: values added to the scores, in the queries' dtype or float32, or bools that are true for the keys
     * that a query attends to. Broadcast to [.., L, S]. PyTorch's {@code attn_mask}.
     */
    public AttentionOptions attnMask(Tensor value) {
        Arguments.notNull("AttentionOptions", "attn_mask", value);
        return new AttentionOptions(value, dropoutP, causal, scale, enableGqa);
    }

    /** Sets the dropout probability of a weight. PyTorch's {@code dropout_p}. */
    public AttentionOptions dropoutP(double value) {
        return new AttentionOptions(attnMask, value, causal, scale, enableGqa);
    }

    /** Sets whether query {@code i} attends only to keys up to {@code i}. PyTorch's {@code is_causal}. */
    public AttentionOptions isCausal(boolean value) {
        return new AttentionOptions(attnMask, dropoutP, value, scale, enableGqa);
    }

    /** Works as {@link #isCausal(boolean)} with true. */
    public AttentionOptions causal() {
        return isCausal(true);
    }

    /**
     * Sets the factor of the scores, by default 1 divided by the root of the number of features. PyTorch's
     * {@code scale}.
     */
    public AttentionOptions scale(double value) {
        return new AttentionOptions(attnMask, dropoutP, causal, value, enableGqa);
    }

    /** Sets whether several heads of queries may share one head of keys and values. PyTorch's {@code enable_gqa}. */
    public AttentionOptions enableGqa(boolean value) {
        return new AttentionOptions(attnMask, dropoutP, causal, scale, value);
    }

    /** Returns the mask; null where there is none. */
    public @Nullable Tensor getAttnMask() {
        return attnMask;
    }

    /** Returns the probability of dropout. */
    public double getDropoutP() {
        return dropoutP;
    }

    /** Returns whether queries attend only to keys up to their own position. */
    public boolean isCausal() {
        return causal;
    }

    /** Returns the factor of scores; null where it follows from the features. */
    public @Nullable Double getScale() {
        return scale;
    }

    /** Returns whether several heads of queries share one of keys. */
    public boolean isEnableGqa() {
        return enableGqa;
    }
}
