package dev.cotangent.cpu;

/** Loops over what kernels of convolutions see, of float32 or float64. */
public abstract class Windows {
    /** Runs of contiguous elements that make up a row of a micro-panel. */
    public static final class Pieces {
        private static final ThreadLocal<Pieces[]> MINE = ThreadLocal.withInitial(() -> new Pieces[1]);

        /** Where each begins in memory, but for the row's offset. */
        public final int[] from;

        /** Where each begins in the row. */
        public final int[] at;

        /** How many elements each has. */
        public final int[] length;

        private int count;

        private Pieces(int most) {
            from = new int[most];
            at = new int[most];
            length = new int[most];
        }

        /** Returns the thread's own, with room for {@code most}. */
        static Pieces mine(int most) {
            Pieces[] mine = MINE.get();
            Pieces pieces = mine[0];
            if (pieces == null || pieces.from.length < most) pieces = mine[0] = new Pieces(most);
            return pieces;
        }

        /** Returns how many there are. */
        public int count() {
            return count;
        }

        /** Returns the length of the longest. */
        public int most() {
            int most = 0;
            for (int p = 0; p < count; p++) most = Math.max(most, length[p]);
            return most;
        }

        void clear() {
            count = 0;
        }

        void add(int start, int column, int elements) {
            from[count] = start;
            at[count] = column;
            length[count++] = elements;
        }
    }

    /**
     * Copies rows of pieces to contiguous rows of {@code columns} elements: row q's pieces have the offset
     * {@code rows[first + q]}.
     */
    public abstract void pack(
            int depth, Object memory, int[] rows, int first, Pieces pieces, Object to, int j, int columns);

    /** Returns the elements of a vector; shorter lines are computed one by one. */
    public abstract int lanes();

    /**
     * Computes {@code y[o + e] = begin + sum over t of w[j + t] * a[i + taps[t] + e]}, an accumulator of fused
     * multiply-adds in the order of t, for the elements of a line, and for other lines with a stride.
     */
    public abstract void filter(
            int lines,
            int step,
            int stepTo,
            int n,
            Object a,
            int i,
            int[] taps,
            Object w,
            int j,
            double begin,
            Object y,
            int o);
}
