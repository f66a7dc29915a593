package dev.cotangent.cpu;

import org.jspecify.annotations.Nullable;

/** Micro-kernels in scalar loops. */
abstract sealed class ScalarMicroKernel extends MicroKernel permits FloatMicroKernel, DoubleMicroKernel {
    private static final int ROWS = 4;
    private static final Heights HEIGHTS = new Heights(4, 3, 2, 1);
    private static final int COLUMNS = 16;
    private static final int PIECE = 64;

    private static final ScalarMicroKernel FLOATS = new FloatMicroKernel();
    private static final ScalarMicroKernel DOUBLES = new DoubleMicroKernel();

    private final boolean isDouble;

    ScalarMicroKernel(boolean isDouble) {
        this.isDouble = isDouble;
    }

    static ScalarMicroKernel of(boolean isDouble) {
        return isDouble ? DOUBLES : FLOATS;
    }

    /** Adds the product of two small matrices with these leading dimensions. */
    abstract void product(
            int m, int n, int k, Object a, int i, int lda, Object b, int j, int ldb, Object c, int o, int ldc);

    /** Initialises the accumulators with {@code d}, which may be their own memory, or with zeros if null. */
    static void begin(int rows, int columns, @Nullable Object d, int e, int ldd, Object c, int o, int ldc) {
        for (int r = 0; r < rows; r++) {
            int to = o + r * ldc;
            if (d == null) RegisterType.clear(c, to, to + columns);
            else if (d != c || e != o) System.arraycopy(d, e + r * ldd, c, to, columns);
        }
    }

    @Override
    public final Heights heights() {
        return HEIGHTS;
    }

    @Override
    public final int columns() {
        return COLUMNS;
    }

    @Override
    public final int piece() {
        return PIECE;
    }

    @Override
    public final void multiply(
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
            int ldc) {
        Object a = PackingBuffer.of(isDouble).memory();
        int strip = strip(k);
        for (int s = 0; s < strips; s++) {
            int from = i + s * strip;
            int to = o + s * rows * ldc;
            begin(rows, COLUMNS, d, e + s * rows * ldd, ldd, c, to, ldc);
            for (int q = 0; q < k; q += PIECE) {
                int some = Math.min(PIECE, k - q);
                product(rows, COLUMNS, some, a, from + q * ROWS, PIECE, b, j + q * COLUMNS, COLUMNS, c, to, ldc);
            }
        }
    }

    @Override
    public final void packRows(int rows, int pieces, Object a, int i, int lda, int j) {
        Object to = PackingBuffer.of(isDouble).memory();
        for (int r = 0; r < rows; r++) {
            for (int p = 0; p < pieces; p++) {
                System.arraycopy(a, i + r * lda + p * PIECE, to, j + (p * ROWS + r) * PIECE, PIECE);
            }
        }
    }

    @Override
    public final void packPanels(int panels, int k, Object b, int i, int ldb, Object to, int j, int further) {
        for (int q = 0; q < k; q++) {
            for (int p = 0; p < panels; p++) {
                System.arraycopy(b, i + q * ldb + p * COLUMNS, to, j + p * further + q * COLUMNS, COLUMNS);
            }
        }
    }

    @Override
    public final int lanes() {
        return 0;
    }

    @Override
    public final void turn(
            int n, Object from, int i, int step, int further, Object to, int j, int stepTo, int furtherTo) {
        throw new UnsupportedOperationException("squares of no lanes");
    }

    @Override
    public final void turnInto(int k, Object from, int i, int step, Object to, int j) {
        throw new UnsupportedOperationException("squares of no lanes");
    }
}
