package dev.cotangent.internal.ops.elementwise;

import org.jspecify.annotations.Nullable;

/**
 * A sum or a mean fused with the element-wise operation whose result it reduces.
 *
 * @param mean whether the sum is divided by the number of elements
 * @param dims the dimensions that are reduced; null for all
 * @param keepdim whether reduced dimensions stay, of size 1
 */
public record MapReduction(boolean mean, int @Nullable [] dims, boolean keepdim) {
    public static final MapReduction SUM = new MapReduction(false, null, false);
    public static final MapReduction MEAN = new MapReduction(true, null, false);

    /** Returns the sum over some dimensions, which stay. */
    public static MapReduction sum(int... dims) {
        return new MapReduction(false, dims, true);
    }
}
