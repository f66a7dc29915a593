package dev.cotangent.cpu;

/** In plain loops, with the bits of vectors of a certain length. */
final class PlainMatVec extends MatVec {
    private final int length;

    PlainMatVec(int length) {
        this.length = length;
    }

    @Override
    public void dots(int rows, int k, Object a, int i, int lda, Object x, int j, Object y, int o) {
        int lanes = 4 * length;
        int whole = k / lanes * lanes;
        for (int r = 0; r < rows; r++) {
            int at = i + r * lda;
            if (y instanceof float[] z) z[o + r] = dot(whole, k, lanes, (float[]) a, at, (float[]) x, j);
            else ((double[]) y)[o + r] = dot(whole, k, lanes, (double[]) a, at, (double[]) x, j);
        }
    }

    private static float dot(int whole, int k, int lanes, float[] a, int i, float[] x, int j) {
        float[] s = new float[lanes];
        for (int e = 0; e < whole; e += lanes) {
            for (int l = 0; l < lanes; l++) s[l] = Math.fma(a[i + e + l], x[j + e + l], s[l]);
        }
        // The four vectors in pairs, then the lanes of one in halves.
        int n = lanes / 4;
        for (int l = 0; l < n; l++) s[l] = s[l] + s[n + l] + (s[2 * n + l] + s[3 * n + l]);
        for (int h = n / 2; h > 0; h /= 2) for (int l = 0; l < h; l++) s[l] += s[l + h];
        float sum = s[0];
        for (int q = whole; q < k; q++) sum = Math.fma(a[i + q], x[j + q], sum);
        return sum;
    }

    private static double dot(int whole, int k, int lanes, double[] a, int i, double[] x, int j) {
        double[] s = new double[lanes];
        for (int e = 0; e < whole; e += lanes) {
            for (int l = 0; l < lanes; l++) s[l] = Math.fma(a[i + e + l], x[j + e + l], s[l]);
        }
        int n = lanes / 4;
        for (int l = 0; l < n; l++) s[l] = s[l] + s[n + l] + (s[2 * n + l] + s[3 * n + l]);
        for (int h = n / 2; h > 0; h /= 2) for (int l = 0; l < h; l++) s[l] += s[l + h];
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
