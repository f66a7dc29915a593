package dev.cotangent.cpu;

/** In scalar loops, with the bits of vectors. */
final class ScalarGemv extends Gemv {
    @Override
    public void dots(int rows, int k, Object a, int i, int lda, Object x, int j, Object y, int o) {
        for (int r = 0; r < rows; r++) {
            int at = i + r * lda;
            if (y instanceof float[] z) z[o + r] = dot(k, (float[]) a, at, (float[]) x, j);
            else ((double[]) y)[o + r] = dot(k, (double[]) a, at, (double[]) x, j);
        }
    }

    private static float dot(int k, float[] a, int i, float[] x, int j) {
        float[] s = new float[FLOAT_LANES];
        int whole = k / FLOAT_LANES * FLOAT_LANES;
        for (int e = 0; e < whole; e += FLOAT_LANES) {
            for (int l = 0; l < FLOAT_LANES; l++) s[l] = Math.fma(a[i + e + l], x[j + e + l], s[l]);
        }
        for (int h = FLOAT_LANES / 2; h > 0; h /= 2) for (int l = 0; l < h; l++) s[l] += s[l + h];
        float sum = s[0];
        for (int q = whole; q < k; q++) sum = Math.fma(a[i + q], x[j + q], sum);
        return sum;
    }

    private static double dot(int k, double[] a, int i, double[] x, int j) {
        double[] s = new double[DOUBLE_LANES];
        int whole = k / DOUBLE_LANES * DOUBLE_LANES;
        for (int e = 0; e < whole; e += DOUBLE_LANES) {
            for (int l = 0; l < DOUBLE_LANES; l++) s[l] = Math.fma(a[i + e + l], x[j + e + l], s[l]);
        }
        for (int h = DOUBLE_LANES / 2; h > 0; h /= 2) for (int l = 0; l < h; l++) s[l] += s[l + h];
        double sum = s[0];
        for (int q = whole; q < k; q++) sum = Math.fma(a[i + q], x[j + q], sum);
        return sum;
    }

    @Override
    public void sums(int rows, int n, Object a, int i, int lda, Object x, int j, Object y, int o) {
        for (int r = 0; r < rows; r++) {
            int at = i + r * lda;
            if (y instanceof float[] z) {
                float[] b = (float[]) a;
                float factor = ((float[]) x)[j + r];
                for (int c = 0; c < n; c++) z[o + c] = Math.fma(b[at + c], factor, z[o + c]);
            } else {
                double[] z = (double[]) y;
                double[] b = (double[]) a;
                double factor = ((double[]) x)[j + r];
                for (int c = 0; c < n; c++) z[o + c] = Math.fma(b[at + c], factor, z[o + c]);
            }
        }
    }
}
