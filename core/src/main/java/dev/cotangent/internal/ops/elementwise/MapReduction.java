package dev.cotangent.internal.ops.elementwise;

import org.jspecify.annotations.Nullable;

/**
 * A sum or mean fused with the element-wise operation whose result it reduces.
 *
 * @param mean whether the sum is divided by the number of elements
 * @param dims the reduced dimensions; null for all
 * @param keepdim whether reduced dimensions are kept with size 1
 */
public record MapReduction(boolean mean, int @Nullable [] dims, boolean keepdim) {
    public static final MapReduction SUM = new MapReduction(false, null, false);
    public static final MapReduction MEAN = new MapReduction(true, null, false);

    /** Returns the sum over some dimensions, with keepdim. */
    public static MapReduction sum(int... dims) {
        return new MapReduction(false, dims, true);
    }
}
