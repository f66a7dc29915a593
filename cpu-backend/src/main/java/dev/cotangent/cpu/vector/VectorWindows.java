package dev.cotangent.cpu.vector;

import dev.cotangent.cpu.LoopTemplates;
import dev.cotangent.cpu.Windows;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

/** Template of the loops of one type, whose data is whether that is float64; see {@link LoopTemplates}. */
final class VectorWindows extends Windows {
    private static final boolean DOUBLE = LoopTemplates.data(MethodHandles.lookup()) == Boolean.TRUE;
    private static final int L = DOUBLE ? Species.DOUBLE.length() : Species.FLOAT.length();

    @Override
    public void pack(int depth, Object memory, int[] rows, int first, Pieces pieces, Object to, int j, int columns) {
        if (DOUBLE) pack(depth, (double[]) memory, rows, first, pieces, (double[]) to, j, columns);
        else pack(depth, (float[]) memory, rows, first, pieces, (float[]) to, j, columns);
    }

    private static void pack(
            int depth, float[] a, int[] rows, int first, Pieces pieces, float[] to, int j, int columns) {
        int count = pieces.count();
        for (int q = 0; q < depth; q++) {
            int row = rows[first + q];
            int into = j + q * columns;
            for (int p = 0; p < count; p++) {
                int i = row + pieces.from[p];
                int o = into + pieces.at[p];
                int n = pieces.length[p];
                if (n >= L) {
                    for (int e = 0; e < n - L; e += L) {
                        FloatVector.fromArray(Species.FLOAT, a, i + e).intoArray(to, o + e);
                    }
                    // The last vector ends with the piece.
                    FloatVector.fromArray(Species.FLOAT, a, i + n - L).intoArray(to, o + n - L);
                } else if (q < depth - 1 && i + L <= a.length) {
                    // What is written beyond the piece is written again: the next pieces, and the next row.
                    FloatVector.fromArray(Species.FLOAT, a, i).intoArray(to, o);
                } else {
                    for (int e = 0; e < n; e++) to[o + e] = a[i + e];
                }
            }
        }
    }

    private static void pack(
            int depth, double[] a, int[] rows, int first, Pieces pieces, double[] to, int j, int columns) {
        int count = pieces.count();
        for (int q = 0; q < depth; q++) {
            int row = rows[first + q];
            int into = j + q * columns;
            for (int p = 0; p < count; p++) {
                int i = row + pieces.from[p];
                int o = into + pieces.at[p];
                int n = pieces.length[p];
                if (n >= L) {
                    for (int e = 0; e < n - L; e += L) {
                        DoubleVector.fromArray(Species.DOUBLE, a, i + e).intoArray(to, o + e);
                    }
                    DoubleVector.fromArray(Species.DOUBLE, a, i + n - L).intoArray(to, o + n - L);
                } else if (q < depth - 1 && i + L <= a.length) {
                    DoubleVector.fromArray(Species.DOUBLE, a, i).intoArray(to, o);
                } else {
                    for (int e = 0; e < n; e++) to[o + e] = a[i + e];
                }
            }
        }
    }

    @Override
    public void filter(int n, Object a, int i, int[] taps, int count, Object w, int j, double begin, Object y, int o) {
        if (DOUBLE) filter(n, (double[]) a, i, taps, count, (double[]) w, j, begin, (double[]) y, o);
        else filter(n, (float[]) a, i, taps, count, (float[]) w, j, (float) begin, (float[]) y, o);
    }

    private static void filter(
            int n, float[] a, int i, int[] taps, int count, float[] w, int j, float begin, float[] y, int o) {
        FloatVector zero = FloatVector.broadcast(Species.FLOAT, begin);
        int e = 0;
        for (; e <= n - 4 * L; e += 4 * L) {
            FloatVector s0 = zero;
            FloatVector s1 = zero;
            FloatVector s2 = zero;
            FloatVector s3 = zero;
            for (int t = 0; t < count; t++) {
                FloatVector x = FloatVector.broadcast(Species.FLOAT, w[j + t]);
                int at = i + e + taps[t];
                s0 = FloatVector.fromArray(Species.FLOAT, a, at).fma(x, s0);
                s1 = FloatVector.fromArray(Species.FLOAT, a, at + L).fma(x, s1);
                s2 = FloatVector.fromArray(Species.FLOAT, a, at + 2 * L).fma(x, s2);
                s3 = FloatVector.fromArray(Species.FLOAT, a, at + 3 * L).fma(x, s3);
            }
            s0.intoArray(y, o + e);
            s1.intoArray(y, o + e + L);
            s2.intoArray(y, o + e + 2 * L);
            s3.intoArray(y, o + e + 3 * L);
        }
        for (; e < n; e += L) {
            if (n < L) {
                rest(n, a, i, taps, count, w, j, begin, y, o);
                return;
            }
            // The last vector ends with the run: what it computes once more is the same.
            int from = Math.min(e, n - L);
            FloatVector s = zero;
            for (int t = 0; t < count; t++) {
                FloatVector x = FloatVector.broadcast(Species.FLOAT, w[j + t]);
                s = FloatVector.fromArray(Species.FLOAT, a, i + from + taps[t]).fma(x, s);
            }
            s.intoArray(y, o + from);
        }
    }

    private static void rest(
            int n, float[] a, int i, int[] taps, int count, float[] w, int j, float begin, float[] y, int o) {
        for (int e = 0; e < n; e++) {
            float sum = begin;
            for (int t = 0; t < count; t++) sum = Math.fma(w[j + t], a[i + taps[t] + e], sum);
            y[o + e] = sum;
        }
    }

    private static void filter(
            int n, double[] a, int i, int[] taps, int count, double[] w, int j, double begin, double[] y, int o) {
        DoubleVector zero = DoubleVector.broadcast(Species.DOUBLE, begin);
        int e = 0;
        for (; e <= n - 4 * L; e += 4 * L) {
            DoubleVector s0 = zero;
            DoubleVector s1 = zero;
            DoubleVector s2 = zero;
            DoubleVector s3 = zero;
            for (int t = 0; t < count; t++) {
                DoubleVector x = DoubleVector.broadcast(Species.DOUBLE, w[j + t]);
                int at = i + e + taps[t];
                s0 = DoubleVector.fromArray(Species.DOUBLE, a, at).fma(x, s0);
                s1 = DoubleVector.fromArray(Species.DOUBLE, a, at + L).fma(x, s1);
                s2 = DoubleVector.fromArray(Species.DOUBLE, a, at + 2 * L).fma(x, s2);
                s3 = DoubleVector.fromArray(Species.DOUBLE, a, at + 3 * L).fma(x, s3);
            }
            s0.intoArray(y, o + e);
            s1.intoArray(y, o + e + L);
            s2.intoArray(y, o + e + 2 * L);
            s3.intoArray(y, o + e + 3 * L);
        }
        for (; e < n; e += L) {
            if (n < L) {
                rest(n, a, i, taps, count, w, j, begin, y, o);
                return;
            }
            int from = Math.min(e, n - L);
            DoubleVector s = zero;
            for (int t = 0; t < count; t++) {
                DoubleVector x = DoubleVector.broadcast(Species.DOUBLE, w[j + t]);
                s = DoubleVector.fromArray(Species.DOUBLE, a, i + from + taps[t])
                        .fma(x, s);
            }
            s.intoArray(y, o + from);
        }
    }

    private static void rest(
            int n, double[] a, int i, int[] taps, int count, double[] w, int j, double begin, double[] y, int o) {
        for (int e = 0; e < n; e++) {
            double sum = begin;
            for (int t = 0; t < count; t++) sum = Math.fma(w[j + t], a[i + taps[t] + e], sum);
            y[o + e] = sum;
        }
    }
}
