package dev.cotangent.cpu;

import dev.cotangent.backend.Layout;
import java.util.Arrays;

/**
 * An iterator over the elements of a layout in row-major order of a permutation of its dimensions, collapsing dimensions
 * with one stride. Linear indices mean the same for all operands in one order.
 */
final class StridedIterator {
    private static final int[] ONE = {1};

    /** Sizes and steps, the innermost first. */
    private final long[] sizes;

    private final int[] steps;
    private final int offset;

    private StridedIterator(long[] sizes, int[] steps, int offset) {
        this.sizes = sizes;
        this.steps = steps;
        this.offset = offset;
    }

    /** Creates an iterator in the order of the dimensions. */
    static StridedIterator of(Layout layout) {
        if (layout.isContiguous()) {
            return new StridedIterator(new long[] {layout.numel()}, ONE, (int) layout.offset());
        }
        return of(layout, natural(layout.rank()));
    }

    /**
     * Creates an iterator over the dimensions in that order, the last one innermost; those of size 1 may be left out.
     */
    static StridedIterator of(Layout layout, int[] order) {
        // Broadcast, there may be more elements than places.
        long[] sizes = new long[order.length + 1];
        int[] steps = new int[order.length + 1];
        int n = 0;
        for (int i = order.length - 1; i >= 0; i--) {
            long size = layout.size(order[i]);
            int step = (int) layout.stride(order[i]);
            if (size == 1) continue;
            if (n > 0 && step == steps[n - 1] * sizes[n - 1]) {
                sizes[n - 1] *= size;
            } else {
                sizes[n] = size;
                steps[n++] = step;
            }
        }
        if (n == 0) {
            sizes[0] = 1;
            steps[n++] = 1;
        }
        return new StridedIterator(Arrays.copyOf(sizes, n), Arrays.copyOf(steps, n), (int) layout.offset());
    }

    static int[] natural(int rank) {
        int[] order = new int[rank];
        for (int d = 0; d < rank; d++) order[d] = d;
        return order;
    }

    /** Returns the dimensions by decreasing stride, which is the order of memory. */
    static int[] byStride(Layout layout) {
        int[] order = natural(layout.rank());
        // Insertion sort: few dimensions, stable.
        for (int i = 1; i < order.length; i++) {
            int d = order[i];
            int j = i;
            for (; j > 0 && Math.abs(layout.stride(order[j - 1])) < Math.abs(layout.stride(d)); j--)
                order[j] = order[j - 1];
            order[j] = d;
        }
        return order;
    }

    /** Returns whether the elements are contiguous, the first at {@link #start}. */
    boolean isDirect() {
        return sizes.length == 1 && steps[0] == 1;
    }

    /** Returns whether all elements have one offset. */
    boolean isConstant() {
        return sizes.length == 1 && steps[0] == 0;
    }

    /** Returns whether the elements are several rows at one distance, each contiguous in memory or one element repeated. */
    boolean isMatrix() {
        return sizes.length == 2 && (steps[0] == 1 || steps[0] == 0);
    }

    /** Returns the distance between the elements of a row. */
    int step() {
        return steps[0];
    }

    /** Returns the elements of a row: those that one step leads through. */
    long rowLength() {
        return sizes[0];
    }

    /** Returns the distance between rows; 0 where there is but one. */
    int rowStep() {
        return steps.length > 1 ? steps[1] : 0;
    }

    /** Returns the place of an element. */
    int place(long index) {
        long left = index;
        int at = offset;
        for (int d = 0; d < sizes.length; d++) {
            at += (int) (left % sizes[d]) * steps[d];
            left /= sizes[d];
        }
        return at;
    }

    int start() {
        return offset;
    }

    /** Reads {@code n} elements from linear index {@code from} on into a register. */
    void load(RegisterCodec elements, Object memory, long from, Object register, int n) {
        each(from, n, (at, step, done, run) -> elements.load(memory, at, step, register, done, run));
    }

    /** Writes {@code n} elements of a register, from its element {@code first} on, to linear index {@code from} on. */
    void store(RegisterCodec elements, Object register, int first, Object memory, long from, int n) {
        each(from, n, (at, step, done, run) -> elements.store(register, first + done, memory, at, step, run));
    }

    /** Writes the offsets of {@code n} elements from linear index {@code from} on. */
    void places(long from, int[] to, int n) {
        each(from, n, (at, step, done, run) -> {
            for (int i = 0; i < run; i++) to[done + i] = at + i * step;
        });
    }

    private interface Run {
        /** Receives a run of elements, the first at offset {@code at}, after {@code done} elements. */
        void of(int at, int step, int done, int run);
    }

    private void each(long from, int n, Run body) {
        long inner = sizes[0];
        int step = steps[0];
        if (sizes.length == 1) {
            body.of(offset + (int) from * step, step, 0, n);
            return;
        }
        long[] index = new long[sizes.length];
        long left = from;
        int at = offset;
        for (int d = 0; d < index.length; d++) {
            index[d] = left % sizes[d];
            left /= sizes[d];
            at += (int) index[d] * steps[d];
        }
        for (int done = 0; ; ) {
            int run = (int) Math.min(inner - index[0], n - done);
            body.of(at, step, done, run);
            done += run;
            if (done == n) return;
            at -= (int) index[0] * step;
            index[0] = 0;
            for (int d = 1; ; d++) {
                at += steps[d];
                if (++index[d] < sizes[d]) break;
                at -= (int) index[d] * steps[d];
                index[d] = 0;
            }
        }
    }
}
