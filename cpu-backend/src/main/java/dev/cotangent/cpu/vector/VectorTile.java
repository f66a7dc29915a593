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
    public final int slots() {
        return piece();
    }

    @Override
    public final void multiply(
            int rows,
            int panels,
            int k,
            Object a,
            int i,
            Object b,
            int j,
            @Nullable Object s,
            int t,
            int lds,
            int between,
            Object c,
            int o,
            int ldc) {
        if (rows == TALL) tall(panels, k, a, i, b, j, s, t, lds, between, c, o, ldc);
        else low(panels, k, a, i, b, j, s, t, lds, between, c, o, ldc);
    }

    @Override
    public final void pack(int width, int panels, int k, Object b, int i, int ldb, Object to, int j, int further) {
        if (width == columns()) packPanels(panels, k, b, i, ldb, to, j, further);
        else packPieces(panels, k, b, i, ldb, to, j, further);
    }

    // Methods of their own: a branch that is first taken late would have the compiler throw away what it has made.

    abstract void tall(
            int panels,
            int k,
            Object a,
            int i,
            Object b,
            int j,
            @Nullable Object s,
            int t,
            int lds,
            int between,
            Object c,
            int o,
            int ldc);

    abstract void low(
            int panels,
            int k,
            Object a,
            int i,
            Object b,
            int j,
            @Nullable Object s,
            int t,
            int lds,
            int between,
            Object c,
            int o,
            int ldc);

    abstract void packPanels(int panels, int k, Object b, int i, int ldb, Object to, int j, int further);

    abstract void packPieces(int panels, int k, Object b, int i, int ldb, Object to, int j, int further);
}
