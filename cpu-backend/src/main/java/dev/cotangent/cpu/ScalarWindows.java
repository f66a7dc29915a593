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
    public int lanes() {
        return 1;
    }

    @Override
    public void filter(
            int lines,
            int step,
            int stepTo,
            int n,
            Object a,
            int i,
            int[] taps,
            Object w,
            int j,
            double begin,
            Object y,
            int o) {
        for (int l = 0; l < lines; l++, i += step, o += stepTo) {
            if (y instanceof float[] sums) floats(n, (float[]) a, i, taps, (float[]) w, j, (float) begin, sums, o);
            else doubles(n, (double[]) a, i, taps, (double[]) w, j, begin, (double[]) y, o);
        }
    }

    private static void floats(int n, float[] a, int i, int[] taps, float[] w, int j, float begin, float[] y, int o) {
        for (int e = 0; e < n; e++) {
            float sum = begin;
            for (int t = 0; t < taps.length; t++) sum = Math.fma(w[j + t], a[i + taps[t] + e], sum);
            y[o + e] = sum;
        }
    }

    private static void doubles(
            int n, double[] a, int i, int[] taps, double[] w, int j, double begin, double[] y, int o) {
        for (int e = 0; e < n; e++) {
            double sum = begin;
            for (int t = 0; t < taps.length; t++) sum = Math.fma(w[j + t], a[i + taps[t] + e], sum);
            y[o + e] = sum;
        }
    }
}
