package dev.cotangent.cpu;

/** In scalar loops, with the bits of vectors. */
final class ScalarWindows extends Windows {
    @Override
    public void pack(int depth, Object memory, int[] rows, int first, Pieces pieces, Object to, int j, int columns) {
        for (int p = 0; p < pieces.count(); p++) {
            int from = pieces.from[p];
            int at = j + pieces.at[p];
            int length = pieces.length[p];
            for (int q = 0; q < depth; q++) {
                System.arraycopy(memory, from + rows[first + q], to, at + q * columns, length);
            }
        }
    }

    @Override
    public void filter(int n, Object a, int i, int[] taps, int count, Object w, int j, double begin, Object y, int o) {
        if (y instanceof float[] sums) floats(n, (float[]) a, i, taps, count, (float[]) w, j, (float) begin, sums, o);
        else doubles(n, (double[]) a, i, taps, count, (double[]) w, j, begin, (double[]) y, o);
    }

    static void floats(
            int n, float[] a, int i, int[] taps, int count, float[] w, int j, float begin, float[] y, int o) {
        for (int e = 0; e < n; e++) {
            float sum = begin;
            for (int t = 0; t < count; t++) sum = Math.fma(w[j + t], a[i + taps[t] + e], sum);
            y[o + e] = sum;
        }
    }

    static void doubles(
            int n, double[] a, int i, int[] taps, int count, double[] w, int j, double begin, double[] y, int o) {
        for (int e = 0; e < n; e++) {
            double sum = begin;
            for (int t = 0; t < count; t++) sum = Math.fma(w[j + t], a[i + taps[t] + e], sum);
            y[o + e] = sum;
        }
    }
}
