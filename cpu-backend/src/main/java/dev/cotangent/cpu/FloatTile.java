package dev.cotangent.cpu;

import java.util.Arrays;

/** Tiles of {@code float} in plain loops. */
final class FloatTile extends Tile {
    private static final int ROWS = 4;
    private static final int COLUMNS = 64;

    @Override
    public int rows() {
        return ROWS;
    }

    @Override
    public int columns() {
        return COLUMNS;
    }

    @Override
    public void store(int k, Object a, int i, int lda, Object b, int j, Object c, int o, int ldc) {
        float[] y = (float[]) c;
        for (int r = 0; r < ROWS; r++) Arrays.fill(y, o + r * ldc, o + r * ldc + COLUMNS, 0);
        accumulate(k, a, i, lda, b, j, c, o, ldc);
    }

    @Override
    public void accumulate(int k, Object a, int i, int lda, Object b, int j, Object c, int o, int ldc) {
        float[] x = (float[]) a;
        float[] y = (float[]) c;
        for (int r = 0; r < ROWS; r++) {
            for (int q = 0; q < k; q++) row(x[i + r * lda + q], (float[]) b, j + q * COLUMNS, y, o + r * ldc);
        }
    }

    private static void row(float a, float[] b, int j, float[] c, int o) {
        for (int e = 0; e < COLUMNS; e++) c[o + e] = Math.fma(a, b[j + e], c[o + e]);
    }
}
