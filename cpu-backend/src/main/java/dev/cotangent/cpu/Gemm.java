package dev.cotangent.cpu;

/**
 * Matrix products of float32 and float64 in blocks that fit the caches: a block of {@code b} is packed into panels as wide as
 * a tile, one of {@code a} into strips as high. Reads every dtype of its kind.
 */
final class Gemm {
    /**
     * The most rows of b in a block. The strip of a tile stays in the innermost cache while panels come through it from the
     * second; every block reads and writes all of c.
     */
    private static final int DEPTH = 512;

    /** Bytes of a row of b in a block, which stays in the second cache. */
    private static final int WIDTH = 768;

    /** The most rows of a in a block, of which strips come from the third cache; b is packed once for each. */
    private static final int HEIGHT = 516;

    /** Panels that are packed at once: rows are read in longer pieces, and what is written fits the innermost cache. */
    private static final int GROUP = 4;

    /** So few multiplications are not worth panels. */
    private static final int SMALL = 4096;

    /** A matrix to be read. */
    record Matrix(Elements elements, Object memory, int start, int rowStep, int columnStep) {
        Matrix transposed() {
            return new Matrix(elements, memory, start, columnStep, rowStep);
        }
    }

    private static final ThreadLocal<Gemm[]> MINE = ThreadLocal.withInitial(() -> new Gemm[2]);

    private final Kind kind;
    private final Tile tile;
    private final PlainTile plain;
    private final int columns;
    private final int strip;
    private final int width;
    private final Object panels;
    private final Object edge;
    private Object strips;
    private int room;

    private Gemm(Kind kind, Tile tile) {
        this.kind = kind;
        this.tile = tile;
        plain = PlainTile.of(kind == Kind.DOUBLE);
        columns = tile.columns();
        strip = tile.strip();
        width = Math.max(1, WIDTH / (kind == Kind.FLOAT ? Float.BYTES : Double.BYTES) / columns) * columns;
        panels = kind.allocate(DEPTH * width);
        edge = kind.allocate(tile.rows() * columns);
        room = strip * DEPTH;
        strips = kind.allocate(room);
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
        if ((long) m * n * k <= SMALL && m * k <= room) {
            small(m, n, k, a, b, c, o, ldc, accumulate);
            return;
        }
        Matrix across = a.transposed();
        int deep = even(k, DEPTH, 1);
        int wide = even(n, width, columns);
        int high = even(m, HEIGHT, tile.rows());
        for (int top = 0; top < k; top += deep) {
            int depth = Math.min(deep, k - top);
            boolean onTop = accumulate || top > 0;
            for (int first = 0; first < m; first += high) {
                int rows = Math.min(high, m - first);
                packStrips(across, top, depth, first, rows, m - first);
                for (int left = 0; left < n; left += wide) {
                    int block = Math.min(wide, n - left);
                    packPanels(b, top, depth, left, block);
                    multiply(rows, m - first, block, depth, c, o + first * ldc + left, ldc, onTop);
                }
            }
        }
    }

    /** The size of blocks that are no larger than some, multiples of a unit, and about as large as each other. */
    private static int even(int n, int most, int unit) {
        return Math.ceilDiv(Math.ceilDiv(n, Math.ceilDiv(n, most)), unit) * unit;
    }

    /** All strips times all panels, with so many rows left in all. */
    private void multiply(int rows, int left, int width, int depth, Object c, int o, int ldc, boolean onTop) {
        int i = 0;
        for (int row = 0, high; row < rows; row += high) {
            high = tile.height(rows - row);
            int at = i + before(high, left - row, left);
            band(high, Math.min(high, rows - row), width, depth, at, c, o + row * ldc, ldc, onTop);
            i += strip * depth;
        }
    }

    /**
     * How many rows before its own the strip of a tile so high has, where so many are left of some. Only its own are read,
     * but whole strips are quicker to pack, and so the last one begins early.
     */
    private int before(int high, int left, int all) {
        return all < strip ? 0 : Math.clamp(strip - left, 0, strip - high);
    }

    /** A tile's rows, of which so many are there, times all panels. */
    private void band(int high, int rows, int width, int depth, int i, Object c, int o, int ldc, boolean onTop) {
        int whole = rows == high ? width / columns : 0;
        if (whole > 0) tile.multiply(onTop, high, whole, depth, strips, i, panels, 0, c, o, ldc);
        for (int j = whole * columns; j < width; j += columns) {
            int wide = Math.min(columns, width - j);
            if (onTop) for (int r = 0; r < rows; r++) System.arraycopy(c, o + j + r * ldc, edge, r * columns, wide);
            tile.multiply(onTop, high, 1, depth, strips, i, panels, j * depth, edge, 0, columns);
            for (int r = 0; r < rows; r++) System.arraycopy(edge, r * columns, c, o + j + r * ldc, wide);
        }
    }

    private void small(int m, int n, int k, Matrix a, Matrix b, Object c, int o, int ldc, boolean accumulate) {
        if (!accumulate) for (int r = 0; r < m; r++) Kind.clear(c, o + r * ldc, o + r * ldc + n);
        a.elements.block(a.memory, a.start, a.columnStep, a.rowStep, k, m, strips, 0, m);
        b.elements.block(b.memory, b.start, b.rowStep, b.columnStep, k, n, panels, 0, n);
        plain.product(m, n, k, strips, 0, m, panels, 0, n, c, o, ldc);
    }

    /** Packs so many columns of a transposed into strips, one for each tile, with so many left in all. */
    private void packStrips(Matrix across, int top, int depth, int first, int rows, int left) {
        int bands = 0;
        for (int row = 0; row < rows; row += tile.height(rows - row)) bands++;
        if (room < bands * strip * depth) {
            room = bands * strip * depth;
            strips = kind.allocate(room);
        }
        int j = 0;
        for (int row = 0, high; row < rows; row += high) {
            high = tile.height(rows - row);
            int from = row - before(high, left - row, left);
            load(across, top, depth, first + from, Math.min(strip, left - from), strips, j, strip);
            j += strip * depth;
        }
    }

    /** Packs a block of b into panels, the last one filled up with zeros. */
    private void packPanels(Matrix b, int top, int depth, int left, int width) {
        int whole = width / columns;
        if (lies(b) && b.columnStep == 1) {
            for (int p = 0; p < whole; p += GROUP) {
                int at = b.start + top * b.rowStep + left + p * columns;
                int some = Math.min(GROUP, whole - p);
                tile.pack(columns, some, depth, b.memory, at, b.rowStep, panels, p * columns * depth);
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

    /** Whether a matrix can be read without conversion. */
    private boolean lies(Matrix x) {
        return x.memory.getClass() == panels.getClass();
    }

    /** Copies part of a matrix into a panel or strip of that width. */
    private void load(Matrix x, int row, int rows, int column, int columns, Object to, int j, int width) {
        int at = x.start + row * x.rowStep + column * x.columnStep;
        if (columns == width && x.columnStep == 1 && lies(x)) {
            tile.pack(width, 1, rows, x.memory, at, x.rowStep, to, j);
            return;
        }
        int turnedRows = 0;
        int turnedColumns = 0;
        int side = tile.lanes();
        if (side > 0 && lies(x) && x.rowStep == 1 && rows >= side) {
            turnedRows = rows / side * side;
            turnedColumns = columns / side * side;
            for (int q = 0; q < turnedColumns; q += side) {
                tile.turnInto(width, turnedRows, x.memory, at + q * x.columnStep, x.columnStep, to, j + q);
            }
        }
        copy(x, row, turnedRows, column + turnedColumns, columns - turnedColumns, to, j + turnedColumns, width);
        copy(x, row + turnedRows, rows - turnedRows, column, columns, to, j + turnedRows * width, width);
    }

    private static void copy(Matrix x, int row, int rows, int column, int columns, Object to, int j, int width) {
        if (rows == 0 || columns == 0) return;
        int at = x.start + row * x.rowStep + column * x.columnStep;
        x.elements.block(x.memory, at, x.rowStep, x.columnStep, rows, columns, to, j, width);
    }
}
