package dev.cotangent.cpu;

import org.jspecify.annotations.Nullable;

/**
 * The innermost part of a matrix product: packed micro-panels of A times packed micro-panels of B. Every element is one
 * accumulator of fused multiply-adds in increasing order of the inner index, so it has the same bits whatever computes
 * it.
 */
public abstract class MicroKernel {
    /**
     * Micro-panels of B packed at once: rows are read in longer pieces, and the packed ones fit the first-level cache.
     */
    public static final int PANELS = 4;

    /** The numbers of rows for which there are kernels, the largest first. */
    public static final class Heights {
        private final int[] all;
        /** For each number of rows that are left, up to the double of the largest. */
        private final int[] next;

        /** Creates heights from different numbers. */
        public Heights(int... all) {
            this.all = all.clone();
            next = new int[2 * all[0]];
            for (int left = 1; left < next.length; left++) next[left] = choose(left);
        }

        /** Returns the largest height. */
        public int most() {
            return all[0];
        }

        /** Returns all heights. */
        public int[] all() {
            return all.clone();
        }

        /** Returns the number of rows to begin with if some are left, so that all take the least rows, and then the fewest loops. */
        public int of(int left) {
            int most = all[0];
            // The largest ones, until the rest may be divided better.
            return left < next.length ? next[left] : most;
        }

        private int choose(int left) {
            int best = all[0];
            long least = Long.MAX_VALUE;
            for (int height : all) {
                long cost = cost(height, left);
                if (cost >= least) continue;
                least = cost;
                best = height;
            }
            return best;
        }

        /** Returns the cost of some rows that begin with a height: computed rows count first, then kernels. */
        private long cost(int height, int left) {
            long rest = left <= height ? 0 : Long.MAX_VALUE;
            for (int next : all) if (left > height && next <= height) rest = Math.min(rest, cost(next, left - height));
            return ((long) height << 16) + 1 + rest;
        }
    }

    /** Returns the numbers of rows for which there are kernels. */
    public abstract Heights heights();

    /** Returns MR, the rows of the largest micro-kernel and of a micro-panel of A. */
    public final int rows() {
        return heights().most();
    }

    /** Returns NR, the columns of a micro-kernel and of a micro-panel of B. */
    public abstract int columns();

    /**
     * Returns the inner indices of a group of a micro-panel of A. The rows of a group are contiguous, as are the
     * groups, the last of which may be shorter in what is read.
     */
    public abstract int piece();

    /** Returns the elements of a micro-panel of A of K inner indices. */
    final int strip(int k) {
        return Math.ceilDiv(k, piece()) * piece() * rows();
    }

    /** Returns the rows of the next micro-kernel, perhaps more than are left. */
    public final int height(int left) {
        return heights().of(left);
    }

    /**
     * Computes {@code c[r * ldc + j] = d[r * ldd + j] + sum over q < k of a[r, q] * b[q * columns + j]}, each array
     * from its own start, for consecutive micro-panels of A and one of B. The micro-panels of A are contiguous from
     * {@code i} on in {@link PackingBuffer}, the initial values of their accumulators and their results one below the
     * other.
     *
     * @param d may be {@code c}; where it is null, sums begin with zeros
     */
    public abstract void multiply(
            int rows,
            int strips,
            int k,
            int i,
            Object b,
            int j,
            @Nullable Object d,
            int e,
            int ldd,
            Object c,
            int o,
            int ldc);

    /**
     * Packs the rows of a micro-panel of A, or fewer, with a leading dimension of {@code lda}, from {@code j} on in
     * {@link PackingBuffer}.
     */
    public abstract void packRows(int rows, int pieces, Object a, int i, int lda, int j);

    /**
     * Packs {@code k} rows, with a leading dimension of {@code ldb}, into adjacent micro-panels of B, which have a
     * stride of {@code further}.
     */
    public abstract void packPanels(int panels, int k, Object b, int i, int ldb, Object to, int j, int further);

    /** Returns the side of a square that is transposed at once, or 0. */
    public abstract int lanes();

    /**
     * Copies {@code n} squares transposed: the rows of one have the stride {@code step}, its columns are written
     * with the stride {@code stepTo}, and the next one begins {@code further} elements later.
     */
    public abstract void turn(
            int n, Object from, int i, int step, int further, Object to, int j, int stepTo, int furtherTo);

    /**
     * Copies as many columns as a square has rows, of length {@code k} and with the stride {@code step}, into a
     * micro-panel.
     */
    public abstract void turnInto(int k, Object from, int i, int step, Object to, int j);
}
