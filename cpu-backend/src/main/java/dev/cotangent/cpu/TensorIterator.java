package dev.cotangent.cpu;

import dev.cotangent.backend.Layout;
import java.util.Arrays;

/**
 * Iterates over several operands of one shape, two dimensions at a time: a body is called with the position of a block of
 * rows in each operand. Dimensions that one stride per operand can step through are collapsed, those of size 1 dropped.
 */
final class TensorIterator {
    interface Body {
        /**
         * Handles {@code rows} rows of {@code length} elements; {@code at} holds the position of the first in each operand,
         * and is not to be kept.
         */
        void run(int[] at, int rows, int length);
    }

    /** Fewer units than this for each thread, and a larger dimension is split instead of the outermost. */
    private static final int UNITS_PER_THREAD = 4;

    /** Tenths of a nanosecond that a unit takes at least, so that threads seldom write to one cache line. */
    private static final int LEAST_UNIT = 1000;

    /** Outermost first; at least two. */
    private final int[] sizes;

    /** By operand, then by dimension. */
    private final int[][] strides;

    private final int[] offsets;

    private TensorIterator(int[] sizes, int[][] strides, int[] offsets) {
        this.sizes = sizes;
        this.strides = strides;
        this.offsets = offsets;
    }

    /**
     * Creates an iterator over the elements of layouts of equal shape.
     *
     * @param order the dimensions, innermost last
     */
    static TensorIterator of(int[] order, Layout... operands) {
        int rank = order.length;
        int[] sizes = new int[rank + 2];
        int[][] strides = new int[operands.length][rank + 2];
        int n = 0;
        // Innermost first.
        for (int i = rank - 1; i >= 0; i--) {
            int d = order[i];
            long size = operands[0].size(d);
            if (size == 1) continue;
            if (n > 0
                    && collapses(operands, d, sizes[n - 1], strides, n - 1)
                    && sizes[n - 1] * size <= Integer.MAX_VALUE) {
                sizes[n - 1] *= (int) size;
            } else {
                sizes[n] = (int) size;
                for (int o = 0; o < operands.length; o++) strides[o][n] = (int) operands[o].stride(d);
                n++;
            }
        }
        while (n < 2) sizes[n++] = 1;
        int[] offsets = new int[operands.length];
        for (int o = 0; o < offsets.length; o++) {
            offsets[o] = (int) operands[o].offset();
            strides[o] = reversed(strides[o], n);
        }
        return new TensorIterator(reversed(sizes, n), strides, offsets);
    }

    private static boolean collapses(Layout[] operands, int d, int size, int[][] strides, int last) {
        for (int o = 0; o < operands.length; o++) {
            if (operands[o].stride(d) != (long) strides[o][last] * size) return false;
        }
        return true;
    }

    private static int[] reversed(int[] values, int n) {
        int[] out = new int[n];
        for (int i = 0; i < n; i++) out[i] = values[n - 1 - i];
        return out;
    }

    /** Returns the number of elements in a row. */
    int length() {
        return sizes[sizes.length - 1];
    }

    /** Returns the stride of an operand within a row. */
    int stride(int operand) {
        return strides[operand][sizes.length - 1];
    }

    /** Returns the stride of an operand from row to row. */
    int rowStride(int operand) {
        return strides[operand][sizes.length - 2];
    }

    /** Returns the number of rows of a block, where nothing is split. */
    int rows() {
        return sizes[sizes.length - 2];
    }

    /** Exchanges the two innermost dimensions. */
    TensorIterator swapInner() {
        int last = sizes.length - 1;
        swap(sizes, last);
        for (int[] s : strides) swap(s, last);
        return this;
    }

    private static void swap(int[] a, int last) {
        int x = a[last];
        a[last] = a[last - 1];
        a[last - 1] = x;
    }

    private long numel() {
        long n = 1;
        for (int s : sizes) n *= s;
        return n;
    }

    /**
     * Runs a body over everything, split among threads along one dimension.
     *
     * @param cost of an element, in tenths of a nanosecond
     * @param fixed an operand for which dimensions of stride 0 must not be split; -1 for none
     */
    void run(WorkerPool pool, int cost, int fixed, Body body) {
        long numel = numel();
        if (numel == 0) return;
        int split = -1;
        for (int d = 0; d < sizes.length; d++) {
            if (sizes[d] == 1 || fixed >= 0 && strides[fixed][d] == 0) continue;
            if (split < 0 || sizes[split] < UNITS_PER_THREAD * pool.threads() && sizes[d] > sizes[split]) split = d;
        }
        if (split < 0 || pool.threads() == 1) {
            rows(body);
            return;
        }
        int dim = split;
        long each = numel / sizes[dim];
        long unit = Math.ceilDiv(LEAST_UNIT, each * cost);
        pool.run(
                sizes[dim],
                unit,
                each * cost,
                (from, to) -> narrow(dim, (int) from, (int) to).rows(body));
    }

    private TensorIterator narrow(int dim, int from, int to) {
        int[] newSizes = sizes.clone();
        newSizes[dim] = to - from;
        int[] newOffsets = offsets.clone();
        for (int o = 0; o < newOffsets.length; o++) newOffsets[o] += from * strides[o][dim];
        return new TensorIterator(newSizes, strides, newOffsets);
    }

    /** Runs a body over everything in the calling thread, in order. */
    void rows(Body body) {
        int last = sizes.length - 2;
        int[] at = offsets.clone();
        if (last == 0) {
            body.run(at, sizes[0], sizes[1]);
            return;
        }
        int[] index = new int[last];
        while (true) {
            body.run(at, sizes[last], sizes[last + 1]);
            int d = last - 1;
            for (; d >= 0; d--) {
                if (++index[d] < sizes[d]) break;
                index[d] = 0;
            }
            if (d < 0) return;
            System.arraycopy(offsets, 0, at, 0, at.length);
            for (int k = 0; k <= d; k++) {
                for (int o = 0; o < at.length; o++) at[o] += index[k] * strides[o][k];
            }
        }
    }

    @Override
    public String toString() {
        return Arrays.toString(sizes) + " strides " + Arrays.deepToString(strides);
    }
}
