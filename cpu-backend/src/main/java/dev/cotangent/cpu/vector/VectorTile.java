package dev.cotangent.cpu.vector;

import dev.cotangent.cpu.Tile;

/** A tile of one of two heights; {@link TileMaker} writes its loops. Every even number of rows from 4 on is a sum of them. */
abstract class VectorTile extends Tile {
    static final int TALL = 6;
    static final int SHORT = 4;

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
            boolean onTop,
            int rows,
            int panels,
            int k,
            Object a,
            int i,
            int lda,
            Object b,
            int j,
            Object c,
            int o,
            int ldc) {
        if (rows == TALL) {
            if (onTop) accumulateTall(panels, k, a, i, lda, b, j, c, o, ldc);
            else storeTall(panels, k, a, i, lda, b, j, c, o, ldc);
        } else {
            if (onTop) accumulateShort(panels, k, a, i, lda, b, j, c, o, ldc);
            else storeShort(panels, k, a, i, lda, b, j, c, o, ldc);
        }
    }

    // Methods of their own: a branch that is first taken late would have the compiler throw away what it has made.

    abstract void storeTall(int panels, int k, Object a, int i, int lda, Object b, int j, Object c, int o, int ldc);

    abstract void accumulateTall(
            int panels, int k, Object a, int i, int lda, Object b, int j, Object c, int o, int ldc);

    abstract void storeShort(int panels, int k, Object a, int i, int lda, Object b, int j, Object c, int o, int ldc);

    abstract void accumulateShort(
            int panels, int k, Object a, int i, int lda, Object b, int j, Object c, int o, int ldc);
}
