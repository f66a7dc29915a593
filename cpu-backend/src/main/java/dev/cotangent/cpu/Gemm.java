package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import java.lang.reflect.Array;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products of float32 and float64 in blocks that fit the caches: a block of {@code b} is packed into panels as wide as
 * a tile, one of {@code a} into strips as high. Reads every dtype of its kind. An operand may also be {@link Patches} of images, which nobody makes.
 */
final class Gemm {
    /**
     * The most rows of b in a block. Every block reads and writes all of c; a panel, of 128 KB at most, comes from the second
     * cache for each strip.
     */
    private static final int DEPTH = 2048;

    /** Micro-kernels in a group of rows: only in the last group may they differ in height. */
    private static final int TILES = 4;

    /** Elements of b that are packed for all threads at once. */
    private static final int SHARED = 1 << 22;

    /** Tenths of a nanosecond to pack an element. */
    private static final int PACKING = 2;

    /** Multiplications in a tenth of a nanosecond. */
    static final int SPEED = 4;

    /** Pieces of work for each thread, if there are as many micro-panels: the last ones should be small. */
    private static final int PIECES = 16;

    /** Rows and inner indices of a block that is transposed at once, which fits the innermost cache. */
    private static final int TALL = 96;

    private static final int WIDE = 64;

    /** From row to row of it: a power of two would have them all claim the same lines. */
    private static final int APART = WIDE + 16;

    /** So few multiplications are not worth panels. */
    private static final int SMALL = 4096;

    /** What is packed. */
    sealed interface Operand permits Matrix, Patches {
        /** Returns the matrix that begins at one of its elements. */
        Operand from(int row, int column);
    }

    /** A matrix in memory. */
    record Matrix(RegisterCodec elements, Object memory, int start, int rowStep, int columnStep) implements Operand {
        @Override
        public Matrix from(int row, int column) {
            return new Matrix(elements, memory, start + row * rowStep + column * columnStep, rowStep, columnStep);
        }
    }

    /**
     * A result whose columns are in blocks: contiguous within a block, the blocks with a stride.
     *
     * @param first the matrix that begins with the first block
     * @param width the columns of a block
     * @param further the stride from one block to the next
     */
    record Result(Matrix first, int width, int further) {
        static Result of(Matrix c) {
            return new Result(c, Integer.MAX_VALUE, 0);
        }

        /** Returns the offset of an element. */
        int at(int row, int column) {
            return first.start + row * first.rowStep + column / width * further + column % width;
        }

        /** Returns whether these columns are contiguous. */
        boolean isWhole(int column, int columns) {
            return column % width <= width - columns;
        }
    }

    /** Micro-panels that stay packed for other products with the same left operand. */
    record Packed(Object left, MicroKernel by) {}

    private static final ThreadLocal<Gemm[]> MINE = ThreadLocal.withInitial(() -> new Gemm[2]);

    private final RegisterType kind;
    private final MicroKernel tile;
    private final ScalarMicroKernel plain;
    private final int columns;
    private final int piece;
    private final Object beside;
    private final Object panels;
    private final Object edge;
    private final int group;
    private final PackingBuffer strips;
    private final RegisterCodec floats;
    private Object lines;
    private Object shared;
    private int preferred;

    private Gemm(RegisterType kind, MicroKernel tile) {
        this.kind = kind;
        this.tile = tile;
        plain = ScalarMicroKernel.of(kind == RegisterType.DOUBLE);
        columns = tile.columns();
        piece = tile.piece();
        panels = kind.allocate(DEPTH * MicroKernel.PANELS * columns);
        group = TILES * tile.rows();
        edge = kind.allocate(group * columns);
        beside = kind.allocate(TALL * APART);
        strips = PackingBuffer.of(kind == RegisterType.DOUBLE);
        shared = kind.allocate(0);
        lines = shared;
        floats = RegisterCodec.of(kind == RegisterType.DOUBLE ? Dtype.FLOAT64 : Dtype.FLOAT32);
    }

    /** Returns a product with the thread's own working memory. */
    static Gemm mine(RegisterType kind, MicroKernel tile) {
        Gemm[] mine = MINE.get();
        Gemm gemm = mine[kind.ordinal()];
        if (gemm == null || gemm.tile != tile) gemm = mine[kind.ordinal()] = new Gemm(kind, tile);
        return gemm;
    }

    /**
     * Computes {@code c = a @ b + d}; columns of {@code c} and {@code d} are contiguous. Where a has no more rows than
     * b has columns, and all of A fits a slot, every thread packs it, and then packs columns of b and multiplies
     * them; else the threads pack b together, and then each packs rows of a and multiplies them.
     *
     * @param d what sums begin with, if not with zeros; may be {@code c}
     */
    void multiply(WorkerPool pool, int m, int n, int k, Operand a, Operand b, @Nullable Matrix d, Matrix c) {
        int deep = even(k, DEPTH, piece);
        boolean fits = n >= m && strips(m) * tile.strip(deep) <= PackingBuffer.ROOM;
        multiply(pool, m, n, k, a, b, d, Result.of(c), fits, new Object());
    }

    /**
     * Works as {@link #multiply(Pool, int, int, int, Operand, Operand, Matrix, Matrix)}, the threads sharing columns or rows as
     * told.
     *
     * @param d with a column stride of 0 it is a row for each row of the result, as wide as a micro-kernel
     * @param sharesColumns only if all of A fits a slot
     * @param left which left operand it is: that of the last product, if packed still, is not packed again
     */
    void multiply(
            WorkerPool pool,
            int m,
            int n,
            int k,
            Operand a,
            Operand b,
            @Nullable Matrix d,
            Result c,
            boolean sharesColumns,
            Object left) {
        if ((long) m * n * k <= SMALL && n <= c.width) {
            small(m, n, k, a, b, d, c.first);
            return;
        }
        int deep = even(k, DEPTH, piece);
        int block = strips(m) * tile.strip(deep);
        boolean fits = sharesColumns && block <= PackingBuffer.ROOM;
        int wide = fits ? n : even(n, SHARED / DEPTH, columns);
        int most = (fits ? PackingBuffer.ROOM / block : SHARED / Math.ceilDiv(wide, columns) / columns / deep) * deep;
        Object packed = fits && k <= most ? new Packed(left, tile) : new Object();
        for (int first = 0; first < n; first += wide) {
            int some = Math.min(wide, n - first);
            for (int top = 0; top < k; top += most) {
                int depth = Math.min(most, k - top);
                Operand x = a.from(0, top);
                Operand y = b.from(top, 0);
                // The first block of K initialises the accumulators with {@code d}, others with the result.
                Matrix begin = top > 0 ? null : d;
                boolean adds = top > 0;
                if (fits) byColumns(pool, m, some, depth, x, y, begin, adds, c, adds ? new Object() : packed);
                else byRows(pool, m, first, some, depth, x, y, begin, adds, c);
            }
        }
    }

    private void byColumns(
            WorkerPool pool,
            int m,
            int n,
            int k,
            Operand a,
            Operand b,
            @Nullable Matrix d,
            boolean adds,
            Result c,
            Object product) {
        int deep = even(k, DEPTH, piece);
        int all = strips(m);
        pool.run(Math.ceilDiv(n, columns), 1, (long) m * columns * k / SPEED, (from, to) -> {
            Gemm mine = mine(kind, tile);
            PackingBuffer.Slot place = mine.take();
            try {
                // A thread returns for more work, and mostly gets the same slot.
                if (!product.equals(place.holds)) {
                    for (int top = 0, i = place.start; top < k; top += deep, i += all * tile.strip(deep)) {
                        mine.packStrips(a.from(0, top), m, 0, all, Math.min(deep, k - top), i);
                    }
                    place.holds = product;
                }
                int end = Math.min(n, (int) to * columns);
                for (int left = (int) from * columns; left < end; left += MicroKernel.PANELS * columns) {
                    int some = Math.min(MicroKernel.PANELS * columns, end - left);
                    for (int top = 0, i = place.start; top < k; top += deep, i += all * tile.strip(deep)) {
                        int depth = Math.min(deep, k - top);
                        packPanels(b.from(top, left), depth, some, mine.panels, 0);
                        Matrix begin = top > 0 ? null : d;
                        mine.multiply(0, all, m, left, some, depth, i, mine.panels, 0, begin, adds || top > 0, c);
                    }
                }
            } finally {
                strips.give(place);
            }
        });
    }

    private void byRows(
            WorkerPool pool,
            int m,
            int first,
            int n,
            int k,
            Operand a,
            Operand b,
            @Nullable Matrix d,
            boolean adds,
            Result c) {
        int deep = even(k, DEPTH, piece);
        int across = Math.ceilDiv(n, columns) * columns;
        Object all = shared(across * k);
        pool.run(across / columns, MicroKernel.PANELS, (long) PACKING * columns * k, (from, to) -> {
            int left = (int) from * columns;
            int some = Math.min(n, (int) to * columns) - left;
            for (int top = 0; top < k; top += deep) {
                int depth = Math.min(deep, k - top);
                packPanels(b.from(top, first + left), depth, some, all, top * across + left * depth);
            }
        });
        int high = strips(m);
        int unit = Math.clamp(high / PIECES / pool.threads(), 1, TILES);
        pool.run(high, unit, (long) tile.rows() * n * k / SPEED, (from, to) -> {
            Gemm mine = mine(kind, tile);
            PackingBuffer.Slot place = mine.take();
            try {
                place.holds = null;
                int some = even((int) (to - from), PackingBuffer.ROOM / tile.strip(deep), 1);
                for (int strip = (int) from; strip < to; strip += some) {
                    int end = Math.min((int) to, strip + some);
                    for (int top = 0; top < k; top += deep) {
                        int depth = Math.min(deep, k - top);
                        mine.packStrips(a.from(0, top), m, strip, end, depth, place.start);
                        Matrix begin = top > 0 ? null : d;
                        int panel = top * across;
                        boolean more = adds || top > 0;
                        mine.multiply(strip, end, m, first, n, depth, place.start, all, panel, begin, more, c);
                    }
                }
            } finally {
                strips.give(place);
            }
        });
    }

    /** Returns the size of blocks of about equal sizes, multiples of a unit, up to a limit. */
    private static int even(int n, int most, int unit) {
        return Math.ceilDiv(Math.ceilDiv(n, Math.ceilDiv(n, most)), unit) * unit;
    }

    /** Takes a slot of the packing buffer, preferably the last one used. */
    private PackingBuffer.Slot take() {
        PackingBuffer.Slot place = strips.take(preferred);
        preferred = place.number();
        return place;
    }

    /** Returns memory of at least that size, reused by all calls. */
    private Object shared(int elements) {
        if (Array.getLength(shared) < elements) shared = kind.allocate(elements);
        return shared;
    }

    /**
     * Strips of a matrix of {@code m} rows, which lie from {@code i} on, times panels from {@code j} on, which are those of so
     * many columns from {@code first} on.
     *
     * @param d what the sums begin with; null for zeros
     * @param adds whether accumulators are initialised with {@code c}
     */
    private void multiply(
            int from,
            int to,
            int m,
            int first,
            int width,
            int depth,
            int i,
            Object panels,
            int j,
            @Nullable Matrix d,
            boolean adds,
            Result c) {
        int whole = Math.min(to, m / group * TILES);
        Object memory = c.first.memory;
        int apart = c.first.rowStep;
        Object begin = adds ? memory : d == null ? null : d.memory;
        int step = adds ? apart : d == null ? 0 : d.rowStep;
        for (int left = 0; left < width; left += columns) {
            int wide = Math.min(columns, width - left);
            int column = first + left;
            boolean isWhole = wide == columns && c.isWhole(column, columns);
            int panel = j + left * depth;
            int row = row(from, m);
            for (int s = from, some; s < to; s += some) {
                int high = height(row, m);
                some = s < whole ? whole - s : alike(row, high, m, to - s);
                if (!isWhole) some = Math.min(some, TILES);
                int rows = Math.min(some * high, m - row);
                int at = i + (s - from) * tile.strip(depth);
                int o = c.at(row, column);
                int e = adds ? o : d == null ? 0 : d.start + row * step + column * d.columnStep;
                if (isWhole && rows == some * high) {
                    tile.multiply(high, some, depth, at, panels, panel, begin, e, step, memory, o, apart);
                } else {
                    if (adds) copyEdge(c, row, rows, column, wide, true);
                    else if (begin != null) copy(rows, wide, begin, e, step, edge, 0, columns);
                    Object there = begin == null ? null : edge;
                    tile.multiply(high, some, depth, at, panels, panel, there, 0, columns, edge, 0, columns);
                    copyEdge(c, row, rows, column, wide, false);
                }
                row += rows;
            }
        }
    }

    /** Copies part of the result to or from the contiguous edge buffer. */
    private void copyEdge(Result c, int row, int rows, int column, int wide, boolean isRead) {
        Object memory = c.first.memory;
        int apart = c.first.rowStep;
        for (int q = 0, some; q < wide; q += some) {
            some = Math.min(wide - q, c.width - (column + q) % c.width);
            int at = c.at(row, column + q);
            if (isRead) copy(rows, some, memory, at, apart, edge, q, columns);
            else copy(rows, some, edge, q, columns, memory, at, apart);
        }
    }

    private static void copy(int rows, int width, Object from, int i, int step, Object to, int j, int stepTo) {
        for (int r = 0; r < rows; r++) System.arraycopy(from, i + r * step, to, j + r * stepTo, width);
    }

    /** Returns the number of micro-panels of these rows. */
    private int strips(int m) {
        int strips = m / group * TILES;
        for (int row = m / group * group; row < m; row += height(row, m)) strips++;
        return strips;
    }

    /** Returns the first row of a micro-panel. */
    private int row(int strip, int m) {
        int row = strip / TILES * group;
        for (int left = strip % TILES; left > 0; left--) row += height(row, m);
        return row;
    }

    /** Returns the number of rows of the micro-panel that begins at a row. */
    private int height(int row, int m) {
        return tile.height(Math.min(group - row % group, m - row));
    }

    /** Counts the micro-panels from one on, up to a limit, that have its height and all their rows. */
    private int alike(int row, int high, int m, int most) {
        int some = 1;
        while (some < most && row + (some + 1) * high <= m && height(row + some * high, m) == high) some++;
        return some;
    }

    private void small(int m, int n, int k, Operand a, Operand b, @Nullable Matrix d, Matrix c) {
        if (d != null && d.columnStep == 0) {
            int step = d.rowStep;
            for (int q = 0; q < n; q += columns) {
                copy(m, Math.min(columns, n - q), d.memory, d.start, step, c.memory, c.start + q, c.rowStep);
            }
        } else if (d == null) ScalarMicroKernel.begin(m, n, null, 0, 0, c.memory, c.start, c.rowStep);
        else ScalarMicroKernel.begin(m, n, d.memory, d.start, d.rowStep, c.memory, c.start, c.rowStep);
        Object both = shared(m * k + k * n);
        copy(a, m, k, both, 0, k);
        copy(b, k, n, both, m * k, n);
        plain.product(m, n, k, both, 0, k, both, m * k, n, c.memory, c.start, c.rowStep);
    }

    /** Packs micro-panels of A. */
    private void packStrips(Operand operand, int m, int from, int to, int depth, int j) {
        if (operand instanceof Patches patches) {
            packPatches(patches, m, from, to, depth, j);
            return;
        }
        Matrix a = (Matrix) operand;
        boolean across = a.rowStep == 1 && a.columnStep != 1 && lies(a) && tile.lanes() > 0;
        int high = across ? TALL / tile.rows() : to - from;
        int wide = across ? WIDE : depth;
        for (int s = from; s < to; s += high) {
            int end = Math.min(to, s + high);
            int top = row(s, m);
            for (int q = 0; q < depth; q += wide) {
                int some = Math.min(wide, depth - q);
                Matrix block = a.from(top, q);
                if (across) block = turned(block, Math.min(row(end, m), m) - top, some);
                for (int t = s, row = 0; t < end; t++) {
                    int rows = Math.min(height(top + row, m), m - top - row);
                    packStrip(block.from(row, 0), rows, some, j + (t - from) * tile.strip(depth) + q * tile.rows());
                    row += rows;
                }
            }
        }
    }

    /** Packs micro-panels of patches: the rows are copied to a contiguous buffer, and then packed. */
    private void packPatches(Patches a, int m, int from, int to, int depth, int j) {
        if (Array.getLength(lines) < tile.rows() * depth) lines = kind.allocate(tile.rows() * DEPTH);
        for (int t = from, row = row(from, m); t < to; t++) {
            int rows = Math.min(height(row, m), m - row);
            a.from(row, 0).copy(rows, depth, lines, 0, depth);
            packStrip(new Matrix(floats, lines, 0, depth, 1), rows, depth, j + (t - from) * tile.strip(depth));
            row += rows;
        }
    }

    /** Copies a block of a column-major matrix to a row-major one. */
    private Matrix turned(Matrix a, int rows, int columns) {
        int side = tile.lanes();
        int high = rows / side * side;
        int wide = columns / side * side;
        for (int q = 0; q < wide; q += side) {
            int from = a.start + q * a.columnStep;
            tile.turn(high / side, a.memory, from, a.columnStep, side, beside, q, APART, side * APART);
        }
        copy(a.from(0, wide), high, columns - wide, beside, wide, APART);
        copy(a.from(high, 0), rows - high, columns, beside, high * APART, APART);
        return new Matrix(a.elements, beside, 0, APART, 1);
    }

    private void packStrip(Matrix a, int rows, int depth, int j) {
        int pieces = depth / piece;
        int packed = a.columnStep == 1 && lies(a) ? pieces : 0;
        if (packed > 0) tile.packRows(rows, packed, a.memory, a.start, a.rowStep, j);
        for (int q = packed * piece; q < depth; q += piece) {
            copy(a.from(0, q), rows, Math.min(piece, depth - q), strips.memory(), j + q * tile.rows(), piece);
        }
    }

    /** Packs columns of b into panels, the last one filled up with zeros. */
    private void packPanels(Operand operand, int depth, int width, Object to, int j) {
        if (operand instanceof Patches patches) {
            patches.packPanels(depth, width, columns, to, j);
            return;
        }
        Matrix b = (Matrix) operand;
        int whole = width / columns;
        int panel = columns * depth;
        if (lies(b) && b.columnStep == 1) {
            tile.packPanels(whole, depth, b.memory, b.start, b.rowStep, to, j, panel);
        } else {
            for (int p = 0; p < whole; p++) packPanel(b.from(0, p * columns), depth, columns, to, j + p * panel);
        }
        int left = whole * columns;
        if (left == width) return;
        int last = j + whole * panel;
        RegisterType.clear(to, last, last + panel);
        packPanel(b.from(0, left), depth, width - left, to, last);
    }

    /** Copies columns into a micro-panel of B. */
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

    /** Returns whether a matrix can be read without conversion. */
    private boolean lies(Matrix x) {
        return x.memory.getClass() == panels.getClass();
    }

    /** Copies the first rows and columns of a matrix, to rows of that width. */
    private static void copy(Operand operand, int rows, int columns, Object to, int j, int width) {
        if (rows == 0 || columns == 0) return;
        if (operand instanceof Patches patches) {
            patches.copy(rows, columns, to, j, width);
            return;
        }
        Matrix x = (Matrix) operand;
        x.elements.block(x.memory, x.start, x.rowStep, x.columnStep, rows, columns, to, j, width);
    }
}
