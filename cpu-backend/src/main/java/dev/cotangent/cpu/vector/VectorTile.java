package dev.cotangent.cpu.vector;

import dev.cotangent.cpu.Tile;
import org.jspecify.annotations.Nullable;

/** A tile of one of two heights; {@link TileMaker} writes its loops. Every even number of rows from 4 on is a sum of them. */
abstract class VectorTile extends Tile {
    static final int TALL = 6;
    static final int SHORT = 4;

    /** The least side of a piece, which is a square. */
    static final int SIDE = 8;

    @Override
    public final int rows() {
        return TALL;
    }

    @Override
    public final int height(int left) {
        int over = left % TALL;
        return left < SHORT || over == SHORT || over == 2 && left > 2 ? SHORT : TALL;
    }

    @Override
    public final int deep(int k) {
        return Math.ceilDiv(k, piece()) * piece();
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
        if (rows == TALL) tall(strips, deep(k), i, b, j, d, e, ldd, c, o, ldc);
        else low(strips, deep(k), i, b, j, d, e, ldd, c, o, ldc);
    }

    @Override
    public final void packPanels(int panels, int k, Object b, int i, int ldb, Object to, int j, int further) {
        int p = 0;
        for (; p + PANELS <= panels; p += PANELS)
            packPanels(k, b, i + p * columns(), ldb, to, j + p * further, further);
        for (; p < panels; p++) packPanel(k, b, i + p * columns(), ldb, to, j + p * further, further);
    }

    // Methods of their own: a branch that is first taken late would have the compiler throw away what it has made.

    abstract void tall(
            int strips, int k, int i, Object b, int j, @Nullable Object d, int e, int ldd, Object c, int o, int ldc);

    abstract void low(
            int strips, int k, int i, Object b, int j, @Nullable Object d, int e, int ldd, Object c, int o, int ldc);

    abstract void packPanels(int k, Object b, int i, int ldb, Object to, int j, int further);

    abstract void packPanel(int k, Object b, int i, int ldb, Object to, int j, int further);
}
