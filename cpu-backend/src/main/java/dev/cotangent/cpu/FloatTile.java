package dev.cotangent.cpu;

import java.util.Arrays;

/** Tiles of {@code float} in plain loops. */
final class FloatTile extends Tile {
    private static final int ROWS = 4;
    private static final int COLUMNS = 16;

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
        product(ROWS, COLUMNS, k, (float[]) a, i, lda, (float[]) b, j, COLUMNS, (float[]) c, o, ldc);
    }

    /** Adds the product of two small matrices, whose rows are so far apart, to a third. */
    static void product(
            int m, int n, int k, float[] a, int i, int lda, float[] b, int j, int ldb, float[] c, int o, int ldc) {
        for (int r = 0; r < m; r++) {
            int from = i + r * lda;
            int e = 0;
            // Eight sums at a time, in registers: the compiler cannot tell that c is not b, and would go through
            // memory.
            for (; e <= n - 8; e += 8) {
                int at = o + r * ldc + e;
                float s0 = c[at + 0];
                float s1 = c[at + 1];
                float s2 = c[at + 2];
                float s3 = c[at + 3];
                float s4 = c[at + 4];
                float s5 = c[at + 5];
                float s6 = c[at + 6];
                float s7 = c[at + 7];
                for (int q = 0; q < k; q++) {
                    float x = a[from + q];
                    int p = j + q * ldb + e;
                    s0 = Math.fma(x, b[p + 0], s0);
                    s1 = Math.fma(x, b[p + 1], s1);
                    s2 = Math.fma(x, b[p + 2], s2);
                    s3 = Math.fma(x, b[p + 3], s3);
                    s4 = Math.fma(x, b[p + 4], s4);
                    s5 = Math.fma(x, b[p + 5], s5);
                    s6 = Math.fma(x, b[p + 6], s6);
                    s7 = Math.fma(x, b[p + 7], s7);
                }
                c[at + 0] = s0;
                c[at + 1] = s1;
                c[at + 2] = s2;
                c[at + 3] = s3;
                c[at + 4] = s4;
                c[at + 5] = s5;
                c[at + 6] = s6;
                c[at + 7] = s7;
            }
            for (; e < n; e++) {
                float sum = c[o + r * ldc + e];
                for (int q = 0; q < k; q++) sum = Math.fma(a[from + q], b[j + q * ldb + e], sum);
                c[o + r * ldc + e] = sum;
            }
        }
    }
}
