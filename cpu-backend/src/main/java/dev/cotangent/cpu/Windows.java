package dev.cotangent.cpu;

/** Loops over what kernels of convolutions see, of float32 or float64. */
public abstract class Windows {
    /** Runs of elements side by side that make up a row of a panel. */
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

        /** Returns the thread's own, with room for so many. */
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
     * Copies so many rows of pieces to rows of {@code columns} elements one behind the other: row q's pieces begin
     * {@code rows[first + q]} further.
     */
    public abstract void pack(
            int depth, Object memory, int[] rows, int first, Pieces pieces, Object to, int j, int columns);

    /** The elements of a vector: lines that are shorter are computed one by one. */
    public abstract int lanes();

    /**
     * Computes {@code y[o + e] = begin + sum over t of w[j + t] * a[i + taps[t] + e]}, a chain of fused multiply-adds in the
     * order of t, for so many elements of a line, and for further lines that begin at steps.
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
