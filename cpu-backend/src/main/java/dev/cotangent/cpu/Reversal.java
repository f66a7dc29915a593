package dev.cotangent.cpu;

/** Copies a row of float32 in the opposite order, in a scalar loop. */
public class Reversal {
    /** Copies {@code to[j + e] = from[i - e]} for {@code n} elements. */
    public void run(float[] from, int i, float[] to, int j, int n) {
        for (int e = 0; e < n; e++) to[j + e] = from[i - e];
    }

    /** Does some work, so that the loop is compiled. */
    static void exercise(Reversal reversal) {
        float[] row = new float[4 * Loop.LANES];
        float[] to = new float[row.length];
        for (int k = 0; k < 100; k++) reversal.run(row, row.length - 1, to, 0, row.length);
    }
}
