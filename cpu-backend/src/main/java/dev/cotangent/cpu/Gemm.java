package dev.cotangent.cpu;

/**
 * Matrix products of float32 and float64 in blocks that fit the caches: a block of {@code b} is packed into panels as
 * wide as a tile, rows of {@code a} are read where they are if they lie together. Reads every dtype of its kind.
 */
final class Gemm {
    /** Rows of b in a block: a panel of them stays in the innermost cache. */
    private static final int DEPTH = 256;
    /** Columns of b in a block, which stays in the second cache. */
    private static final int WIDTH = 512;

    /** So few multiplications are not worth panels. */
    private static final int SMALL = 4096;

    /** A matrix to be read. */
    record Matrix(Elements elements, Object memory, int start, int rowStep, int columnStep) {}

    private static final ThreadLocal<Gemm[]> MINE = ThreadLocal.withInitial(() -> new Gemm[2]);

    private final Tile tile;
    private final int rows;
    private final int columns;
    private final Object panels;
    private final Object some;
    private final Object edge;

    private Gemm(Kind kind, Tile tile) {
        this.tile = tile;
        rows = tile.rows();
        columns = tile.columns();
        panels = kind.allocate(DEPTH * ((WIDTH + columns - 1) / columns * columns));
        some = kind.allocate(rows * DEPTH);
        edge = kind.allocate(rows * columns);
    }

    /** With working memory of its own, that of the thread. */
    static Gemm mine(Kind kind, Tile tile) {
        Gemm[] mine = MINE.get();
        Gemm gemm = mine[kind.ordinal()];
        if (gemm == null || gemm.tile != tile) gemm = mine[kind.ordinal()] = new Gemm(kind, tile);
        return gemm;
    }

    /** {@code c = a @ b}, or {@code c += a @ b}; {@code c} begins at {@code o} and its rows are {@code ldc} apart. */
    void multiply(int m, int n, int k, Matrix a, Matrix b, Object c, int o, int ldc, boolean accumulate) {
        if ((long) m * n * k <= SMALL && m * k <= rows * DEPTH) {
            small(m, n, k, a, b, c, o, ldc, accumulate);
            return;
        }
        boolean inPlace = a.columnStep == 1 && a.memory.getClass() == panels.getClass();
        for (int top = 0; top < k; top += DEPTH) {
            int depth = Math.min(DEPTH, k - top);
            boolean onTop = accumulate || top > 0;
            for (int left = 0; left < n; left += WIDTH) {
                int width = Math.min(WIDTH, n - left);
                pack(b, top, depth, left, width);
                for (int row = 0; row < m; row += rows) {
                    // The last rows once more from further up, where there are enough: a tile always reads all its
                    // rows.
                    int first = inPlace && m >= rows ? Math.min(row, m - rows) : row;
                    Object from = a.memory;
                    int at = a.start + first * a.rowStep + top;
                    int lda = a.rowStep;
                    if (!inPlace || m < rows) {
                        int many = Math.min(rows, m - row);
                        a.elements.block(
                                a.memory,
                                a.start + row * a.rowStep + top * a.columnStep,
                                a.rowStep,
                                a.columnStep,
                                many,
                                depth,
                                some,
                                0,
                                depth);
                        from = some;
                        at = 0;
                        lda = depth;
                    }
                    for (int j = 0; j < width; j += columns) {
                        int place = o + row * ldc + left + j;
                        int wide = Math.min(columns, width - j);
                        int high = Math.min(rows, m - row);
                        if (wide == columns && high == rows) run(depth, from, at, lda, j * depth, c, place, ldc, onTop);
                        else edge(depth, from, at, lda, j * depth, c, place, ldc, onTop, row - first, high, wide);
                    }
                }
            }
        }
    }

    private void small(int m, int n, int k, Matrix a, Matrix b, Object c, int o, int ldc, boolean accumulate) {
        if (!accumulate) for (int r = 0; r < m; r++) Kind.clear(c, o + r * ldc, o + r * ldc + n);
        a.elements.block(a.memory, a.start, a.rowStep, a.columnStep, m, k, some, 0, k);
        b.elements.block(b.memory, b.start, b.rowStep, b.columnStep, k, n, panels, 0, n);
        if (c instanceof float[] y) FloatTile.product(m, n, k, (float[]) some, 0, k, (float[]) panels, 0, n, y, o, ldc);
        else DoubleTile.product(m, n, k, (double[]) some, 0, k, (double[]) panels, 0, n, (double[]) c, o, ldc);
    }

    private void run(int depth, Object a, int i, int lda, int panel, Object c, int o, int ldc, boolean onTop) {
        if (onTop) tile.accumulate(depth, a, i, lda, panels, panel, c, o, ldc);
        else tile.store(depth, a, i, lda, panels, panel, c, o, ldc);
    }

    /** A tile that is not all within {@code c}: its rows from {@code skip} on are, and so many of its columns. */
    private void edge(
            int depth,
            Object a,
            int i,
            int lda,
            int panel,
            Object c,
            int o,
            int ldc,
            boolean onTop,
            int skip,
            int high,
            int wide) {
        if (onTop) {
            for (int r = 0; r < high; r++) System.arraycopy(c, o + r * ldc, edge, (skip + r) * columns, wide);
        }
        run(depth, a, i, lda, panel, edge, 0, columns, onTop);
        for (int r = 0; r < high; r++) System.arraycopy(edge, (skip + r) * columns, c, o + r * ldc, wide);
    }

    /** Packs a block of b into panels, the last one filled up with zeros. */
    private void pack(Matrix b, int top, int depth, int left, int width) {
        for (int j = 0; j < width; j += columns) {
            int wide = Math.min(columns, width - j);
            if (wide == columns && b.columnStep == 1 && b.memory.getClass() == panels.getClass()) {
                tile.pack(depth, b.memory, b.start + top * b.rowStep + left + j, b.rowStep, panels, j * depth);
                continue;
            }
            if (wide < columns) Kind.clear(panels, j * depth, (j + columns) * depth);
            b.elements.block(
                    b.memory,
                    b.start + top * b.rowStep + (left + j) * b.columnStep,
                    b.rowStep,
                    b.columnStep,
                    depth,
                    wide,
                    panels,
                    j * depth,
                    columns);
        }
    }
}
