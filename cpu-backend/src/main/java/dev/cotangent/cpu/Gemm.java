package dev.cotangent.cpu;

/**
 * Matrix products of float32 and float64 in blocks that fit the caches: a block of {@code b} is packed into panels as
 * wide as a tile, rows of {@code a} are read where they are if they lie together. Reads every dtype of its kind.
 */
final class Gemm {
    /**
     * The most rows of b in a block. The rows of a tile stay in the innermost cache while panels come through it from the
     * second; every block reads and writes all of c.
     */
    private static final int DEPTH = 512;

    /** Bytes of a row of b in a block, which stays in the second cache. */
    private static final int WIDTH = 768;

    /** Panels that are packed at once: rows are read in longer pieces, and what is written fits the innermost cache. */
    private static final int GROUP = 4;

    /** Rows of a that are copied at once where they do not lie together. */
    private static final int LOADED = 48;

    /** How far apart these rows then lie: not by a power of two, for which caches have few places. */
    private static final int APART = DEPTH + 16;

    /** So few multiplications are not worth panels. */
    private static final int SMALL = 4096;

    /** A matrix to be read. */
    record Matrix(Elements elements, Object memory, int start, int rowStep, int columnStep) {}

    private static final ThreadLocal<Gemm[]> MINE = ThreadLocal.withInitial(() -> new Gemm[2]);

    private final Tile tile;
    private final PlainTile plain;
    private final int columns;
    private final int width;
    private final Object panels;
    private final Object some;
    private final Object edge;

    private Gemm(Kind kind, Tile tile) {
        this.tile = tile;
        plain = PlainTile.of(kind == Kind.DOUBLE);
        columns = tile.columns();
        width = Math.max(1, WIDTH / (kind == Kind.FLOAT ? Float.BYTES : Double.BYTES) / columns) * columns;
        panels = kind.allocate(DEPTH * width);
        some = kind.allocate((LOADED + tile.rows()) * APART);
        edge = kind.allocate(tile.rows() * columns);
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
        if ((long) m * n * k <= SMALL && m * k <= tile.rows() * DEPTH) {
            small(m, n, k, a, b, c, o, ldc, accumulate);
            return;
        }
        int deep = even(k, DEPTH, 1);
        int wide = even(n, width, columns);
        for (int top = 0; top < k; top += deep) {
            int depth = Math.min(deep, k - top);
            boolean onTop = accumulate || top > 0;
            for (int left = 0; left < n; left += wide) {
                int block = Math.min(wide, n - left);
                pack(b, top, depth, left, block);
                rows(m, block, depth, a, top, c, o + left, ldc, onTop);
            }
        }
    }

    /** The size of blocks that are no larger than some, multiples of a unit, and about as large as each other. */
    private static int even(int n, int most, int unit) {
        return Math.ceilDiv(Math.ceilDiv(n, Math.ceilDiv(n, most)), unit) * unit;
    }

    /** All rows of a times the packed block. */
    private void rows(int m, int width, int depth, Matrix a, int top, Object c, int o, int ldc, boolean onTop) {
        boolean inPlace = lies(a) && a.columnStep == 1;
        int chunk = inPlace ? m : LOADED;
        for (int first = 0; first < m; first += chunk) {
            int many = Math.min(chunk, m - first);
            if (!inPlace) load(a, first, many, top, depth, some, 0, APART);
            for (int row = 0, high; row < many; row += high) {
                high = tile.height(many - row);
                Object from = inPlace ? a.memory : some;
                int at = inPlace ? a.start + row * a.rowStep + top : row * APART;
                int lda = inPlace ? a.rowStep : APART;
                int left = Math.min(high, many - row);
                if (inPlace && left < high) {
                    // A tile reads all its rows.
                    load(a, row, left, top, depth, some, 0, APART);
                    from = some;
                    at = 0;
                    lda = APART;
                }
                band(high, left, width, depth, from, at, lda, c, o + (first + row) * ldc, ldc, onTop);
            }
        }
    }

    /** A tile's rows, of which so many are there, times the packed block. */
    private void band(
            int high,
            int rows,
            int width,
            int depth,
            Object a,
            int i,
            int lda,
            Object c,
            int o,
            int ldc,
            boolean onTop) {
        int whole = rows == high ? width / columns : 0;
        if (whole > 0) tile.multiply(onTop, high, whole, depth, a, i, lda, panels, 0, c, o, ldc);
        for (int j = whole * columns; j < width; j += columns) {
            int wide = Math.min(columns, width - j);
            if (onTop) for (int r = 0; r < rows; r++) System.arraycopy(c, o + j + r * ldc, edge, r * columns, wide);
            tile.multiply(onTop, high, 1, depth, a, i, lda, panels, j * depth, edge, 0, columns);
            for (int r = 0; r < rows; r++) System.arraycopy(edge, r * columns, c, o + j + r * ldc, wide);
        }
    }

    private void small(int m, int n, int k, Matrix a, Matrix b, Object c, int o, int ldc, boolean accumulate) {
        if (!accumulate) for (int r = 0; r < m; r++) Kind.clear(c, o + r * ldc, o + r * ldc + n);
        a.elements.block(a.memory, a.start, a.rowStep, a.columnStep, m, k, some, 0, k);
        b.elements.block(b.memory, b.start, b.rowStep, b.columnStep, k, n, panels, 0, n);
        plain.product(m, n, k, some, 0, k, panels, 0, n, c, o, ldc);
    }

    /** Whether a matrix can be read without conversion. */
    private boolean lies(Matrix x) {
        return x.memory.getClass() == panels.getClass();
    }

    /** Packs a block of b into panels, the last one filled up with zeros. */
    private void pack(Matrix b, int top, int depth, int left, int width) {
        int whole = width / columns;
        if (lies(b) && b.columnStep == 1) {
            for (int p = 0; p < whole; p += GROUP) {
                int at = b.start + top * b.rowStep + left + p * columns;
                tile.pack(Math.min(GROUP, whole - p), depth, b.memory, at, b.rowStep, panels, p * columns * depth);
            }
        } else {
            for (int p = 0; p < whole; p++) {
                load(b, top, depth, left + p * columns, columns, panels, p * columns * depth, columns);
            }
        }
        int j = whole * columns;
        if (j == width) return;
        Kind.clear(panels, j * depth, (j + columns) * depth);
        load(b, top, depth, left + j, width - j, panels, j * depth, columns);
    }

    /** Copies part of a matrix, its rows so far apart. */
    private void load(Matrix x, int row, int rows, int column, int columns, Object to, int j, int apart) {
        int turnedRows = 0;
        int turnedColumns = 0;
        int side = tile.lanes();
        if (side > 0 && lies(x) && x.rowStep == 1 && rows >= side) {
            turnedRows = rows / side * side;
            turnedColumns = columns / side * side;
            for (int q = 0; q < turnedColumns; q += side) {
                int at = x.start + row + (column + q) * x.columnStep;
                tile.turn(rows / side, x.memory, at, x.columnStep, side, to, j + q, apart, side * apart);
            }
        }
        copy(x, row, turnedRows, column + turnedColumns, columns - turnedColumns, to, j + turnedColumns, apart);
        copy(x, row + turnedRows, rows - turnedRows, column, columns, to, j + turnedRows * apart, apart);
    }

    private static void copy(Matrix x, int row, int rows, int column, int columns, Object to, int j, int apart) {
        if (rows == 0 || columns == 0) return;
        int at = x.start + row * x.rowStep + column * x.columnStep;
        x.elements.block(x.memory, at, x.rowStep, x.columnStep, rows, columns, to, j, apart);
    }
}
