package dev.cotangent.cpu;

import org.jspecify.annotations.Nullable;

/**
 * The innermost part of a matrix product: packed strips of {@code a}, a few rows of it, times packed panels of {@code b}.
 * Every element is one chain of fused multiply-adds in rising order of the inner index, so it has the same bits whatever
 * computes it.
 */
public abstract class MicroKernel {
    /** So many panels are packed at once: rows are read in longer pieces, and what is written fits the innermost cache. */
    public static final int PANELS = 4;

    /** The numbers of rows of which there are loops, the largest first. */
    public static final class Heights {
        private final int[] all;
        /** For each number of rows that are left, up to the double of the largest. */
        private final int[] next;

        /** Creates the numbers, of which any two differ. */
        public Heights(int... all) {
            this.all = all.clone();
            next = new int[2 * all[0]];
            for (int left = 1; left < next.length; left++) next[left] = choose(left);
        }

        /** The largest. */
        public int most() {
            return all[0];
        }

        /** All of them. */
        public int[] all() {
            return all.clone();
        }

        /** Returns the number of rows to begin with if some are left, so that all take the least rows, and then the fewest loops. */
        public int of(int left) {
            int most = all[0];
            // Whole ones, until what is left may be better divided otherwise.
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

        /** The cost of some rows if they begin with a height: rows computed count first, then loops. */
        private long cost(int height, int left) {
            long rest = left <= height ? 0 : Long.MAX_VALUE;
            for (int next : all) if (left > height && next <= height) rest = Math.min(rest, cost(next, left - height));
            return ((long) height << 16) + 1 + rest;
        }
    }

    /** The numbers of rows of which there are loops. */
    public abstract Heights heights();

    /** The most rows that a tile has, and those for which a piece of a strip has room. */
    public final int rows() {
        return heights().most();
    }

    /** The columns of a tile, and of a panel. */
    public abstract int columns();

    /**
     * The inner indices of a piece of a strip. The strip's rows of a piece lie one behind the other, and the pieces, the last
     * of which may be shorter in what is read.
     */
    public abstract int piece();

    /** The elements of a strip of so many inner indices. */
    final int strip(int k) {
        return Math.ceilDiv(k, piece()) * piece() * rows();
    }

    /** The rows of the next tile where so many are left; there may be fewer left than it has. */
    public final int height(int left) {
        return heights().of(left);
    }

    /**
     * {@code c[r * ldc + j] = d[r * ldd + j] + sum over q < k of a[r, q] * b[q * columns + j]}, each array from its own start,
     * for one strip of so many rows, of which there is a tile, after the other, and one panel. The strips lie one behind the
     * other from {@code i} on in {@link PackingBuffer}, what their sums begin with and their results one below the other.
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

    /** Copies as many rows as a strip has, or fewer, which lie {@code lda} apart, to their pieces from {@code j} on in {@link PackingBuffer}. */
    public abstract void packRows(int rows, int pieces, Object a, int i, int lda, int j);

    /** Copies {@code k} rows, which lie {@code ldb} apart and are as wide as some panels, to those, the next of which is so much further. */
    public abstract void packPanels(int panels, int k, Object b, int i, int ldb, Object to, int j, int further);

    /** The side of a square that is transposed at once; 0 where none is. */
    public abstract int lanes();

    /**
     * Copies {@code n} squares transposed: the rows of one lie {@code step} apart, its columns are written
     * {@code stepTo} apart, and the next is so much further.
     */
    public abstract void turn(
            int n, Object from, int i, int step, int further, Object to, int j, int stepTo, int furtherTo);

    /** Copies as many columns as a square has rows, {@code k} long and {@code step} apart, into a panel. */
    public abstract void turnInto(int k, Object from, int i, int step, Object to, int j);
}
