package dev.cotangent.cpu;

import org.jspecify.annotations.Nullable;

/** The innermost loops of a backend's products of one type: scalar ones until those of vectors are warm. */
final class MicroKernels {
    /**
     * Thresholds in multiplications: those of a tenth of a second, and with vectors at once those that take less time
     * than the compiler.
     */
    private static final long COLD = 150_000_000;

    private static final long COLD_AT_ONCE = 4_000_000;

    /** The least rows of a product for which b is packed. */
    private static final int SLAB = 64;

    /** Calls of each loop in a warm-up run, with little work each: the number of calls triggers the compiler. */
    private static final int CALLS = 100;

    /** The micro-panels packed at once, and a single one. */
    private static final int PANELS = MicroKernel.PANELS + 1;

    private static final int STRIPS = 2;
    private static final int K = 16;

    private final RegisterType kind;
    private final MicroKernel plain;
    private final Gemv plainMatVec;
    private final Windows plainWindows;
    private final @Nullable JitWarmup<MicroKernel> tiles;
    private final @Nullable JitWarmup<Gemv> matVecs;
    private final @Nullable JitWarmup<Windows> windows;

    /** @param inBackground whether vectors are warmed up in the background before they are used */
    MicroKernels(@Nullable VectorLoops vectors, RegisterType kind, boolean inBackground) {
        this.kind = kind;
        boolean isDouble = kind == RegisterType.DOUBLE;
        plain = ScalarMicroKernel.of(isDouble);
        plainMatVec = new ScalarGemv();
        plainWindows = new ScalarWindows();
        long cold = inBackground ? COLD : COLD_AT_ONCE;
        if (vectors == null) {
            tiles = null;
            matVecs = null;
            windows = null;
        } else {
            tiles = new JitWarmup<>(plain, () -> vectors.tile(isDouble), this::exercise, cold, inBackground);
            windows =
                    new JitWarmup<>(plainWindows, () -> vectors.windows(isDouble), this::exercise, cold, inBackground);
            matVecs = new JitWarmup<>(plainMatVec, () -> vectors.matVec(isDouble), this::exercise, cold, inBackground);
        }
    }

    /** Returns the GEMV for a number of multiplications. */
    Gemv matVec(long multiplications) {
        return matVecs == null ? plainMatVec : matVecs.choose(multiplications);
    }

    /** Returns the loops over patches of convolutions. */
    Windows windows(long multiplications) {
        return windows == null ? plainWindows : windows.choose(multiplications);
    }

    MicroKernel choose(long multiplications) {
        return tiles == null ? plain : tiles.choose(multiplications);
    }

    /**
     * Returns the number of rows of the next block: few with scalar micro-kernels, since vectors may be warm after
     * them.
     */
    int slab(MicroKernel tile, int n, int k, int threads) {
        if (tile != plain || tiles == null) return Integer.MAX_VALUE;
        return Math.clamp(COLD * threads / Math.max(1, (long) n * k), SLAB, Integer.MAX_VALUE);
    }

    /** Runs a kernel without waiting for a slot of the packing buffer: scalar products may occupy all of them for long. */
    void exercise(MicroKernel tile) {
        int columns = tile.columns();
        int side = tile.lanes();
        int piece = tile.piece();
        int[] heights = tile.heights().all();
        Object b = kind.allocate(PANELS * columns * K);
        Object c = kind.allocate(STRIPS * columns * tile.rows());
        int i = PackingBuffer.of(kind == RegisterType.DOUBLE).warmupSlot();
        for (int call = 0; call < CALLS; call++) {
            // Whatever a loop may branch on is seen before it is compiled.
            Object begin = call % 2 == 0 ? c : null;
            int k = call % 4 < 2 ? K : K - 1;
            for (int height : heights) tile.multiply(height, STRIPS, k, i, b, 0, begin, 0, columns, c, 0, columns);
            tile.packPanels(PANELS, K, b, 0, 0, b, 0, K * columns);
            tile.packRows(tile.rows(), K / piece, b, 0, 0, i);
            if (side == 0) continue;
            tile.turn(1, b, 0, side, 0, b, 0, side, 0);
            tile.turnInto(side, c, 0, 0, b, 0);
        }
    }

    private void exercise(Windows loops) {
        Object a = kind.allocate(K * K * K);
        Object y = kind.allocate(K * K * K);
        int[] rows = new int[K];
        int columns = 2 * loops.lanes();
        Windows.Pieces pieces = Windows.Pieces.mine(K);
        for (int i = 0; i < CALLS; i++) {
            pieces.clear();
            // Whole vectors and less than one, of any width.
            pieces.add(0, 0, 2 * K + 1 + i % K);
            pieces.add(K, 2 * K, 1 + i % K);
            loops.pack(K, a, rows, 0, pieces, y, 0, 4 * K);
            pieces.clear();
            pieces.add(0, 0, columns);
            loops.pack(K, a, rows, 0, pieces, y, 0, columns);
            pieces.clear();
            pieces.add(0, 0, 1 + i % (columns - 1));
            pieces.add(K, 1 + i % (columns - 1), columns - 1 - i % (columns - 1));
            loops.pack(K, a, rows, 0, pieces, y, 0, columns);
            pieces.clear();
            for (int q = 0, quarter = columns / 4; q < columns; q += Math.max(1, quarter))
                pieces.add(q, q, Math.max(1, quarter));
            loops.pack(K, a, rows, 0, pieces, y, 0, columns);
            loops.filter(3, K, K, 2 * K + 1 + i % K, a, 0, rows, a, 0, 0, y, 0);
            loops.filter(3, K, K, 1 + i % K, a, 0, rows, a, 0, 0, y, 0);
        }
    }

    private void exercise(Gemv products) {
        Object a = kind.allocate(K * K * K);
        Object x = kind.allocate(K * K);
        Object y = kind.allocate(K * K);
        for (int i = 0; i < CALLS; i++) {
            products.dots(K, K * K, a, 0, K * K, x, 0, y, 0);
            products.sums(K, K * K, a, 0, K * K, x, 0, y, 0);
        }
    }
}
