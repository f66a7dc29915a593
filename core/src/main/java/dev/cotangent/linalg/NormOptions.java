package dev.cotangent.linalg;

import dev.cotangent.Dtype;
import dev.cotangent.internal.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * Options of norms. Immutable; each method returns changed options.
 *
 * @param dim the dimensions; null for all of them, or the last two of a norm of matrices
 * @param keepdim whether they stay, with size 1
 * @param dtype to which elements are converted first; null for their own
 */
public record NormOptions(
        int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype) {
    static final NormOptions DEFAULT = new NormOptions(null, false, null);

    /** Sets PyTorch's {@code dim}. */
    public NormOptions dim(int... value) {
        return new NormOptions(Arguments.notNull("linalg.norm", "dim", value).clone(), keepdim, dtype);
    }

    /** Sets PyTorch's {@code keepdim}. */
    public NormOptions keepdim(boolean value) {
        return new NormOptions(dim, value, dtype);
    }

    /** Sets PyTorch's {@code dtype}. */
    public NormOptions dtype(Dtype value) {
        return new NormOptions(dim, keepdim, Arguments.notNull("linalg.norm", "dtype", value));
    }
}
