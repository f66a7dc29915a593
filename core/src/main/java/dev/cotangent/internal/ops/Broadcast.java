package dev.cotangent.internal.ops;

import dev.cotangent.CotangentException;
import dev.cotangent.backend.Layout;
import java.util.Arrays;

/** Shapes and layouts of element-wise results. */
public final class Broadcast {
    private Broadcast() {}

    /** Returns the shape both broadcast to; throws PyTorch's error if they cannot be broadcast. */
    public static long[] shape(long[] a, long[] b) {
        if (Arrays.equals(a, b)) return a;
        int rank = Math.max(a.length, b.length);
        long[] out = new long[rank];
        for (int d = rank - 1; d >= 0; d--) {
            int ai = d - rank + a.length;
            int bi = d - rank + b.length;
            long an = ai < 0 ? 1 : a[ai];
            long bn = bi < 0 ? 1 : b[bi];
            if (an != bn && an != 1 && bn != 1) {
                throw new CotangentException("The size of tensor a (" + an + ") must match the size of tensor b (" + bn
                        + ") at non-singleton dimension " + d);
            }
            out[d] = an == 1 ? bn : an;
        }
        return out;
    }

    /**
     * Returns the layout of a new result: dimensions in the operands' memory order, as PyTorch's TensorIterator
     * permutes them; row-major if the operands leave it open.
     *
     * @param sizes the result's shape
     * @param operands layouts already expanded to it
     */
    public static Layout result(long[] sizes, Layout... operands) {
        boolean contiguous = true;
        for (Layout l : operands) contiguous &= l.isContiguous();
        int rank = sizes.length;
        if (contiguous || rank < 2) return Layout.contiguous(sizes);
        boolean same = operands[0].isNonOverlappingAndDense();
        for (Layout l : operands) same &= Arrays.equals(l.strides(), operands[0].strides());
        if (same) return Layout.of(sizes, operands[0].strides(), 0);
        int[] perm = new int[rank];
        for (int i = 0; i < rank; i++) perm[i] = rank - 1 - i;
        for (int i = 1; i < rank; i++) {
            int dim1 = i;
            for (int dim0 = i - 1; dim0 >= 0; dim0--) {
                int order = compare(sizes, operands, perm[dim0], perm[dim1]);
                if (order < 0) break;
                if (order > 0) {
                    int t = perm[dim0];
                    perm[dim0] = perm[dim1];
                    perm[dim1] = t;
                    dim1 = dim0;
                }
            }
        }
        long[] strides = new long[rank];
        long stride = 1;
        for (int d : perm) {
            strides[d] = stride;
            stride *= Math.max(sizes[d], 1);
        }
        return Layout.of(sizes, strides, 0);
    }

    /**
     * Returns a positive value if dimension {@code a} should be outside {@code b}, negative if inside, 0 if
     * undecided.
     */
    private static int compare(long[] sizes, Layout[] operands, int a, int b) {
        for (Layout l : operands) {
            long sa = l.stride(a);
            long sb = l.stride(b);
            if (sa == 0 || sb == 0) continue;
            if (sa != sb) return sa < sb ? -1 : 1;
            if (sizes[a] > sizes[b]) return 1;
        }
        return 0;
    }

    /**
     * Returns {@link #dim} of a dimension whose size or stride is asked for; throws PyTorch's error if there are none.
     */
    public static int sized(int dim, int rank) {
        if (rank > 0) return dim(dim, rank);
        throw new dev.cotangent.IndexException("Dimension specified as " + dim + " but tensor has no dimensions");
    }

    /** Returns a dimension with negative values wrapped; throws PyTorch's error if it is out of range. */
    public static int dim(int dim, int rank) {
        int n = Math.max(rank, 1);
        if (dim < -n || dim >= n) {
            throw new dev.cotangent.IndexException("Dimension out of range (expected to be in range of [" + -n + ", "
                    + (n - 1) + "], but got " + dim + ")");
        }
        return dim < 0 ? dim + n : dim;
    }
}
