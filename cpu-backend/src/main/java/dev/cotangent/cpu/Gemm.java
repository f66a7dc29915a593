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

    /** The most rows of a in a block, of which strips come from the third cache. */
    private static final int HEIGHT = 504;

    /** So many tiles make a group of rows: only in the last group may they differ in height. */
    private static final int TILES = 4;

    /** Elements of an operand that are packed for all threads at once, unless an inner block has more. */
    private static final int SHARED = 1 << 22;

    /** Tenths of a nanosecond to pack an element. */
    private static final int PACKING = 2;

    /** Multiplications in a tenth of a nanosecond. */
    static final int SPEED = 4;

    /** Panels that are packed at once: rows are read in longer pieces, and what is written fits the innermost cache. */
    private static final int GROUP = 4;

    /** So few multiplications are not worth panels. */
    private static final int SMALL = 4096;

    /** A matrix to be read. */
    record Matrix(Elements elements, Object memory, int start, int rowStep, int columnStep) {
        /** The matrix that begins at one of its elements. */
        Matrix from(int row, int column) {
            return new Matrix(elements, memory, start + row * rowStep + column * columnStep, rowStep, columnStep);
        }
    }

    /** Memory that is there for next time. */
    private static final class Room {
        private final Kind kind;
        private Object memory;
        private int room;

        Room(Kind kind) {
            this.kind = kind;
            memory = kind.allocate(0);
        }

        /** With place for so many elements. */
        Object of(int elements) {
            if (room < elements) {
                room = elements;
                memory = kind.allocate(elements);
            }
            return memory;
        }
    }

    private static final ThreadLocal<Gemm[]> MINE = ThreadLocal.withInitial(() -> new Gemm[2]);

    private final Kind kind;
    private final Tile tile;
    private final PlainTile plain;
    private final int columns;
    private final int piece;
    private final int square;
    private final int width;
    private final Object panels;
    private final Object edge;
    private final int group;
    private final Room strips;
    private final Room shared;

    private Gemm(Kind kind, Tile tile) {
        this.kind = kind;
        this.tile = tile;
        plain = PlainTile.of(kind == Kind.DOUBLE);
        columns = tile.columns();
        piece = tile.piece();
        square = tile.slots() * piece;
        width = Math.max(1, WIDTH / (kind == Kind.FLOAT ? Float.BYTES : Double.BYTES) / columns) * columns;
        panels = kind.allocate(DEPTH * width);
        edge = kind.allocate(tile.rows() * columns);
        group = TILES * tile.rows();
        strips = new Room(kind);
        shared = new Room(kind);
    }

    /** With working memory of its own, that of the thread. */
    static Gemm mine(Kind kind, Tile tile) {
        Gemm[] mine = MINE.get();
        Gemm gemm = mine[kind.ordinal()];
        if (gemm == null || gemm.tile != tile) gemm = mine[kind.ordinal()] = new Gemm(kind, tile);
        return gemm;
    }

    /**
     * {@code c = a @ b}, or {@code c += a @ b}; {@code c} begins at {@code o} and its rows are {@code ldc} apart. The
     * threads of the pool pack the smaller operand together, and then each packs parts of the other and multiplies them.
     */
    void multiply(Pool pool, int m, int n, int k, Matrix a, Matrix b, Object c, int o, int ldc, boolean accumulate) {
        if ((long) m * n * k <= SMALL) {
            small(m, n, k, a, b, c, o, ldc, accumulate);
            return;
        }
        int side = n > m ? Math.ceilDiv(m, group) * TILES * tile.slots() : Math.ceilDiv(n, columns) * columns;
        int most = Math.max(1, SHARED / DEPTH / side) * DEPTH;
        for (int top = 0; top < k; top += most) {
            int depth = Math.min(most, k - top);
            boolean onTop = accumulate || top > 0;
            if (n > m) byColumns(pool, m, n, depth, a.from(0, top), b.from(top, 0), c, o, ldc, onTop);
            else byRows(pool, m, n, depth, a.from(0, top), b.from(top, 0), c, o, ldc, onTop);
        }
    }

    /** All strips are shared: those of one inner block, then those of the next. */
    private void byColumns(
            Pool pool, int m, int n, int k, Matrix a, Matrix b, Object c, int o, int ldc, boolean accumulate) {
        int deep = even(k, DEPTH, 1);
        int groups = Math.ceilDiv(m, group);
        int block = groups * TILES * strip(deep);
        Object all = shared.of(Math.ceilDiv(k, deep) * block);
        pool.run(groups, 1, (long) PACKING * group * k, (from, to) -> {
            int first = (int) from * group;
            int rows = Math.min(m, (int) to * group) - first;
            for (int top = 0, i = 0; top < k; top += deep, i += block) {
                int depth = Math.min(deep, k - top);
                packStrips(a.from(first, top), rows, m - first, depth, all, i + (int) from * TILES * strip(depth));
            }
        });
        pool.run(Math.ceilDiv(n, columns), 1, (long) m * columns * k / SPEED, (from, to) -> {
            Gemm mine = mine(kind, tile);
            int start = (int) from * columns;
            int end = Math.min(n, (int) to * columns);
            int wide = even(end - start, width, columns);
            for (int top = 0, i = 0; top < k; top += deep, i += block) {
                int depth = Math.min(deep, k - top);
                boolean onTop = accumulate || top > 0;
                for (int left = start; left < end; left += wide) {
                    int some = Math.min(wide, end - left);
                    packPanels(b.from(top, left), depth, some, mine.panels, 0);
                    mine.multiply(m, some, depth, all, i, mine.panels, 0, c, o + left, ldc, onTop);
                }
            }
        });
    }

    /** All panels are shared: those of one inner block, then those of the next. */
    private void byRows(
            Pool pool, int m, int n, int k, Matrix a, Matrix b, Object c, int o, int ldc, boolean accumulate) {
        int deep = even(k, DEPTH, 1);
        int wide = even(n, width, columns);
        int across = Math.ceilDiv(n, columns) * columns;
        Object all = shared.of(across * k);
        pool.run(across / columns, GROUP, (long) PACKING * columns * k, (from, to) -> {
            int left = (int) from * columns;
            int some = Math.min(n, (int) to * columns) - left;
            for (int top = 0; top < k; top += deep) {
                int depth = Math.min(deep, k - top);
                packPanels(b.from(top, left), depth, some, all, top * across + left * depth);
            }
        });
        pool.run(Math.ceilDiv(m, group), 1, (long) group * n * k / SPEED, (from, to) -> {
            Gemm mine = mine(kind, tile);
            int end = Math.min(m, (int) to * group);
            int high = even(end - (int) from * group, HEIGHT, group);
            for (int first = (int) from * group; first < end; first += high) {
                int rows = Math.min(high, end - first);
                for (int top = 0; top < k; top += deep) {
                    int depth = Math.min(deep, k - top);
                    boolean onTop = accumulate || top > 0;
                    Object strips = mine.strips.of(Math.ceilDiv(rows, group) * TILES * strip(depth));
                    packStrips(a.from(first, top), rows, m - first, depth, strips, 0);
                    for (int left = 0; left < n; left += wide) {
                        int some = Math.min(wide, n - left);
                        int j = top * across + left * depth;
                        int at = o + first * ldc + left;
                        mine.multiply(rows, some, depth, strips, 0, all, j, c, at, ldc, onTop);
                    }
                }
            }
        });
    }

    /** The size of blocks that are no larger than some, multiples of a unit, and about as large as each other. */
    private static int even(int n, int most, int unit) {
        return Math.ceilDiv(Math.ceilDiv(n, Math.ceilDiv(n, most)), unit) * unit;
    }

    /** Strips that lie from {@code i} on, times panels from {@code j} on. */
    private void multiply(
            int rows,
            int width,
            int depth,
            Object strips,
            int i,
            Object panels,
            int j,
            Object c,
            int o,
            int ldc,
            boolean onTop) {
        for (int row = 0, high; row < rows; row += high, i += strip(depth)) {
            high = height(row, rows);
            band(high, Math.min(high, rows - row), width, depth, strips, i, panels, j, c, o + row * ldc, ldc, onTop);
        }
    }

    /** The rows of the tile that begins at some row. */
    private int height(int row, int rows) {
        return tile.height(Math.min(group - row % group, rows - row));
    }

    /** A tile's rows, of which so many are there, times all panels. */
    private void band(
            int high,
            int rows,
            int width,
            int depth,
            Object strips,
            int i,
            Object panels,
            int j,
            Object c,
            int o,
            int ldc,
            boolean onTop) {
        int whole = rows == high ? width / columns : 0;
        if (whole > 0) {
            tile.multiply(onTop, high, whole, depth, strips, i, panels, j, c, o, ldc);
        }
        for (int e = whole * columns; e < width; e += columns) {
            int wide = Math.min(columns, width - e);
            if (onTop) for (int r = 0; r < rows; r++) System.arraycopy(c, o + e + r * ldc, edge, r * columns, wide);
            tile.multiply(onTop, high, 1, depth, strips, i, panels, j + e * depth, edge, 0, columns);
            for (int r = 0; r < rows; r++) System.arraycopy(edge, r * columns, c, o + e + r * ldc, wide);
        }
    }

    private void small(int m, int n, int k, Matrix a, Matrix b, Object c, int o, int ldc, boolean accumulate) {
        if (!accumulate) for (int r = 0; r < m; r++) Kind.clear(c, o + r * ldc, o + r * ldc + n);
        Object rows = strips.of(m * k);
        copy(a, m, k, rows, 0, k);
        copy(b, k, n, panels, 0, n);
        plain.product(m, n, k, rows, 0, k, panels, 0, n, c, o, ldc);
    }

    /** The elements of a strip. */
    private int strip(int depth) {
        return (depth + piece - 1) / piece * square;
    }

    /** Packs rows of a, with so many left in all, into strips, one for each tile. */
    private void packStrips(Matrix a, int rows, int left, int depth, Object to, int j) {
        for (int row = 0, high; row < rows; row += high, j += strip(depth)) {
            high = height(row, rows);
            packStrip(a.from(row, 0), Math.min(high, rows - row), left - row, depth, to, j);
        }
    }

    private void packStrip(Matrix a, int rows, int left, int depth, Object to, int j) {
        int whole = lies(a) ? depth / piece : 0;
        int side = tile.lanes();
        int packed = 0;
        if (whole > 0 && a.columnStep == 1) {
            tile.pack(piece, whole, rows, a.memory, a.start, a.rowStep, to, j, square);
            packed = rows;
        } else if (whole > 0 && side > 0 && a.rowStep == 1) {
            for (; packed < rows && left - packed >= side; packed += side) {
                for (int q = 0; q < piece; q += side) {
                    int from = a.start + packed + q * a.columnStep;
                    int i = j + packed * piece + q;
                    tile.turn(whole, a.memory, from, a.columnStep, piece * a.columnStep, to, i, piece, square);
                }
            }
        }
        // What is left of the rows, and then the last piece.
        for (int q = packed < rows ? 0 : whole * piece; q < depth; q += piece) {
            int done = q < whole * piece ? packed : 0;
            int i = j + q / piece * square + done * piece;
            copy(a.from(done, q), rows - done, Math.min(piece, depth - q), to, i, piece);
        }
    }

    /** Packs columns of b into panels, the last one filled up with zeros. */
    private void packPanels(Matrix b, int depth, int width, Object to, int j) {
        int whole = width / columns;
        if (lies(b) && b.columnStep == 1) {
            for (int p = 0; p < whole; p += GROUP) {
                int some = Math.min(GROUP, whole - p);
                int from = b.start + p * columns;
                tile.pack(
                        columns, some, depth, b.memory, from, b.rowStep, to, j + p * columns * depth, columns * depth);
            }
        } else {
            for (int p = 0; p < whole; p++) {
                packPanel(b.from(0, p * columns), depth, columns, to, j + p * columns * depth);
            }
        }
        int left = whole * columns;
        if (left == width) return;
        Kind.clear(to, j + left * depth, j + (left + columns) * depth);
        packPanel(b.from(0, left), depth, width - left, to, j + left * depth);
    }

    /** Copies so many columns into a panel. */
    private void packPanel(Matrix b, int depth, int wide, Object to, int j) {
        int side = tile.lanes();
        int rows = 0;
        int turned = 0;
        if (side > 0 && lies(b) && b.rowStep == 1 && depth >= side) {
            rows = depth / side * side;
            turned = wide / side * side;
            for (int q = 0; q < turned; q += side) {
                tile.turnInto(rows, b.memory, b.start + q * b.columnStep, b.columnStep, to, j + q);
            }
        }
        copy(b.from(0, turned), rows, wide - turned, to, j + turned, columns);
        copy(b.from(rows, 0), depth - rows, wide, to, j + rows * columns, columns);
    }

    /** Whether a matrix can be read without conversion. */
    private boolean lies(Matrix x) {
        return x.memory.getClass() == panels.getClass();
    }

    /** Copies the first rows and columns of a matrix, to rows of that width. */
    private static void copy(Matrix x, int rows, int columns, Object to, int j, int width) {
        if (rows == 0 || columns == 0) return;
        x.elements.block(x.memory, x.start, x.rowStep, x.columnStep, rows, columns, to, j, width);
    }
}
