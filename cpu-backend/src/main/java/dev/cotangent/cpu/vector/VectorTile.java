package dev.cotangent.cpu.vector;

import dev.cotangent.cpu.Tile;

/** A tile of one of two heights; {@link TileMaker} writes its loops. Every even number of rows from 4 on is a sum of them. */
abstract class VectorTile extends Tile {
    static final int TALL = 6;
    static final int SHORT = 4;

    /** At least so wide are strips, lest a step from row to row be an odd one. */
    static final int STRIP = 8;

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
    public final void multiply(
            boolean onTop, int rows, int panels, int k, Object a, int i, Object b, int j, Object c, int o, int ldc) {
        if (rows == TALL) {
            if (onTop) accumulateTall(panels, k, a, i, b, j, c, o, ldc);
            else storeTall(panels, k, a, i, b, j, c, o, ldc);
        } else {
            if (onTop) accumulateShort(panels, k, a, i, b, j, c, o, ldc);
            else storeShort(panels, k, a, i, b, j, c, o, ldc);
        }
    }

    @Override
    public final void pack(int width, int panels, int k, Object b, int i, int ldb, Object to, int j) {
        if (width == columns()) packPanels(panels, k, b, i, ldb, to, j);
        else packStrips(panels, k, b, i, ldb, to, j);
    }

    @Override
    public final void turnInto(int width, int k, Object from, int i, int step, Object to, int j) {
        if (width == columns()) turnPanel(k, from, i, step, to, j);
        else turnStrip(k, from, i, step, to, j);
    }

    // Methods of their own: a branch that is first taken late would have the compiler throw away what it has made.

    abstract void storeTall(int panels, int k, Object a, int i, Object b, int j, Object c, int o, int ldc);

    abstract void accumulateTall(int panels, int k, Object a, int i, Object b, int j, Object c, int o, int ldc);

    abstract void storeShort(int panels, int k, Object a, int i, Object b, int j, Object c, int o, int ldc);

    abstract void accumulateShort(int panels, int k, Object a, int i, Object b, int j, Object c, int o, int ldc);

    abstract void packPanels(int panels, int k, Object b, int i, int ldb, Object to, int j);

    abstract void packStrips(int panels, int k, Object b, int i, int ldb, Object to, int j);

    abstract void turnPanel(int k, Object from, int i, int step, Object to, int j);

    abstract void turnStrip(int k, Object from, int i, int step, Object to, int j);
}
