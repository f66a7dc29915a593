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
        int last = pieces.from[count - 1];
        int end = pieces.at[count - 1] + pieces.length[count - 1];
        // All rows but the last one, behind which there may be something else.
        int done = 0;
        if (columns == 2 * L && end == columns && count <= 2) {
            int from = pieces.from[0];
            int n = pieces.length[0];
            if (count == 1) {
                for (; done < depth; done++) {
                    int i = rows[first + done] + from;
                    int o = j + done * 2 * L;
                    FloatVector.fromArray(Species.FLOAT, a, i).intoArray(to, o);
                    FloatVector.fromArray(Species.FLOAT, a, i + L).intoArray(to, o + L);
                }
            } else {
                done = pairs(depth - 1, a, rows, first, from, n, last, to, j);
            }
        } else if (columns == 2 * L && end == columns && count <= 4 && pieces.most() <= L) {
            done = fours(depth - 1, a, rows, first, pieces, to, j);
        }
        int limit = j + depth * columns;
        for (; done < depth; done++) {
            int row = rows[first + done];
            int into = j + done * columns;
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
                } else if (done < depth - 1 && i + L <= a.length && o + L <= limit) {
                    // Elements written beyond the piece are overwritten by the next pieces and rows.
                    FloatVector.fromArray(Species.FLOAT, a, i).intoArray(to, o);
                } else {
                    for (int e = 0; e < n; e++) to[o + e] = a[i + e];
                }
            }
        }
    }

    /** Copies rows of up to four pieces of a vector each at most, as {@link #pairs} does. */
    private static int fours(int depth, float[] a, int[] rows, int first, Pieces pieces, float[] to, int j) {
        int end = pieces.count() - 1;
        int from0 = pieces.from[0];
        int from1 = pieces.from[1];
        int from2 = pieces.from[Math.min(2, end)];
        int from3 = pieces.from[Math.min(3, end)];
        int at1 = pieces.at[1];
        int at2 = pieces.at[Math.min(2, end)];
        int at3 = pieces.at[Math.min(3, end)];
        int most = Math.max(Math.max(from0, from1), Math.max(from2, from3)) + L;
        for (int q = 0; q < depth; q++) {
            int row = rows[first + q];
            if (row + most > a.length) return q;
            int o = j + q * 2 * L;
            FloatVector.fromArray(Species.FLOAT, a, row + from0).intoArray(to, o);
            FloatVector.fromArray(Species.FLOAT, a, row + from1).intoArray(to, o + at1);
            FloatVector.fromArray(Species.FLOAT, a, row + from2).intoArray(to, o + at2);
            FloatVector.fromArray(Species.FLOAT, a, row + from3).intoArray(to, o + at3);
        }
        return depth;
    }

    /**
     * Copies rows of two pieces, which are two vectors together, with four: each piece's first and last vector. Elements
     * written beyond a piece are overwritten. Returns how many rows were copied: all until one at the end of memory.
     */
    private static int pairs(
            int depth, float[] a, int[] rows, int first, int from, int n, int second, float[] to, int j) {
        int rest = Math.max(n - L, 0);
        int other = Math.max(L - n, 0);
        for (int q = 0; q < depth; q++) {
            int i = rows[first + q] + from;
            int k = rows[first + q] + second;
            if (Math.max(i, k) + L > a.length) return q;
            int o = j + q * 2 * L;
            FloatVector.fromArray(Species.FLOAT, a, i).intoArray(to, o);
            FloatVector.fromArray(Species.FLOAT, a, i + rest).intoArray(to, o + rest);
            FloatVector.fromArray(Species.FLOAT, a, k).intoArray(to, o + n);
            FloatVector.fromArray(Species.FLOAT, a, k + other).intoArray(to, o + n + other);
        }
        return depth;
    }

    private static void pack(
            int depth, double[] a, int[] rows, int first, Pieces pieces, double[] to, int j, int columns) {
        int count = pieces.count();
        int last = pieces.from[count - 1];
        int end = pieces.at[count - 1] + pieces.length[count - 1];
        // All rows but the last one, behind which there may be something else.
        int done = 0;
        if (columns == 2 * L && end == columns && count <= 2) {
            int from = pieces.from[0];
            int n = pieces.length[0];
            if (count == 1) {
                for (; done < depth; done++) {
                    int i = rows[first + done] + from;
                    int o = j + done * 2 * L;
                    DoubleVector.fromArray(Species.DOUBLE, a, i).intoArray(to, o);
                    DoubleVector.fromArray(Species.DOUBLE, a, i + L).intoArray(to, o + L);
                }
            } else {
                done = pairs(depth - 1, a, rows, first, from, n, last, to, j);
            }
        } else if (columns == 2 * L && end == columns && count <= 4 && pieces.most() <= L) {
            done = fours(depth - 1, a, rows, first, pieces, to, j);
        }
        int limit = j + depth * columns;
        for (; done < depth; done++) {
            int row = rows[first + done];
            int into = j + done * columns;
            for (int p = 0; p < count; p++) {
                int i = row + pieces.from[p];
                int o = into + pieces.at[p];
                int n = pieces.length[p];
                if (n >= L) {
                    for (int e = 0; e < n - L; e += L) {
                        DoubleVector.fromArray(Species.DOUBLE, a, i + e).intoArray(to, o + e);
                    }
                    // The last vector ends with the piece.
                    DoubleVector.fromArray(Species.DOUBLE, a, i + n - L).intoArray(to, o + n - L);
                } else if (done < depth - 1 && i + L <= a.length && o + L <= limit) {
                    // Elements written beyond the piece are overwritten by the next pieces and rows.
                    DoubleVector.fromArray(Species.DOUBLE, a, i).intoArray(to, o);
                } else {
                    for (int e = 0; e < n; e++) to[o + e] = a[i + e];
                }
            }
        }
    }

    /** Copies rows of up to four pieces of a vector each at most, as {@link #pairs} does. */
    private static int fours(int depth, double[] a, int[] rows, int first, Pieces pieces, double[] to, int j) {
        int end = pieces.count() - 1;
        int from0 = pieces.from[0];
        int from1 = pieces.from[1];
        int from2 = pieces.from[Math.min(2, end)];
        int from3 = pieces.from[Math.min(3, end)];
        int at1 = pieces.at[1];
        int at2 = pieces.at[Math.min(2, end)];
        int at3 = pieces.at[Math.min(3, end)];
        int most = Math.max(Math.max(from0, from1), Math.max(from2, from3)) + L;
        for (int q = 0; q < depth; q++) {
            int row = rows[first + q];
            if (row + most > a.length) return q;
            int o = j + q * 2 * L;
            DoubleVector.fromArray(Species.DOUBLE, a, row + from0).intoArray(to, o);
            DoubleVector.fromArray(Species.DOUBLE, a, row + from1).intoArray(to, o + at1);
            DoubleVector.fromArray(Species.DOUBLE, a, row + from2).intoArray(to, o + at2);
            DoubleVector.fromArray(Species.DOUBLE, a, row + from3).intoArray(to, o + at3);
        }
        return depth;
    }

    /**
     * Copies rows of two pieces, which are two vectors together, with four: each piece's first and last vector. Elements
     * written beyond a piece are overwritten. Returns how many rows were copied: all until one at the end of memory.
     */
    private static int pairs(
            int depth, double[] a, int[] rows, int first, int from, int n, int second, double[] to, int j) {
        int rest = Math.max(n - L, 0);
        int other = Math.max(L - n, 0);
        for (int q = 0; q < depth; q++) {
            int i = rows[first + q] + from;
            int k = rows[first + q] + second;
            if (Math.max(i, k) + L > a.length) return q;
            int o = j + q * 2 * L;
            DoubleVector.fromArray(Species.DOUBLE, a, i).intoArray(to, o);
            DoubleVector.fromArray(Species.DOUBLE, a, i + rest).intoArray(to, o + rest);
            DoubleVector.fromArray(Species.DOUBLE, a, k).intoArray(to, o + n);
            DoubleVector.fromArray(Species.DOUBLE, a, k + other).intoArray(to, o + n + other);
        }
        return depth;
    }

    @Override
    public int lanes() {
        return L;
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
        if (DOUBLE) {
            filter(lines, step, stepTo, n, (double[]) a, i, taps, (double[]) w, j, begin, (double[]) y, o);
        } else {
            filter(lines, step, stepTo, n, (float[]) a, i, taps, (float[]) w, j, (float) begin, (float[]) y, o);
        }
    }

    private static void filter(
            int lines,
            int step,
            int stepTo,
            int n,
            float[] a,
            int i,
            int[] taps,
            float[] w,
            int j,
            float begin,
            float[] y,
            int o) {
        if (n < L) {
            for (int l = 0; l < lines; l++) rest(n, a, i + l * step, taps, w, j, begin, y, o + l * stepTo);
            return;
        }
        FloatVector zero = FloatVector.broadcast(Species.FLOAT, begin);
        int line = 0;
        int e = 0;
        while (line < lines) {
            // Four vectors of these and the next lines, the last of a line ending with it, the last of all perhaps
            // repeated.
            int at = Math.min(e, n - L);
            int i0 = i + line * step + at;
            int o0 = o + line * stepTo + at;
            e += L;
            if (e >= n) {
                e = 0;
                line++;
            }
            int i1 = i0;
            int o1 = o0;
            if (line < lines) {
                at = Math.min(e, n - L);
                i1 = i + line * step + at;
                o1 = o + line * stepTo + at;
                e += L;
                if (e >= n) {
                    e = 0;
                    line++;
                }
            }
            int i2 = i1;
            int o2 = o1;
            if (line < lines) {
                at = Math.min(e, n - L);
                i2 = i + line * step + at;
                o2 = o + line * stepTo + at;
                e += L;
                if (e >= n) {
                    e = 0;
                    line++;
                }
            }
            int i3 = i2;
            int o3 = o2;
            if (line < lines) {
                at = Math.min(e, n - L);
                i3 = i + line * step + at;
                o3 = o + line * stepTo + at;
                e += L;
                if (e >= n) {
                    e = 0;
                    line++;
                }
            }
            FloatVector s0 = zero;
            FloatVector s1 = zero;
            FloatVector s2 = zero;
            FloatVector s3 = zero;
            for (int t = 0; t < taps.length; t++) {
                FloatVector x = FloatVector.broadcast(Species.FLOAT, w[j + t]);
                int tap = taps[t];
                s0 = FloatVector.fromArray(Species.FLOAT, a, i0 + tap).fma(x, s0);
                s1 = FloatVector.fromArray(Species.FLOAT, a, i1 + tap).fma(x, s1);
                s2 = FloatVector.fromArray(Species.FLOAT, a, i2 + tap).fma(x, s2);
                s3 = FloatVector.fromArray(Species.FLOAT, a, i3 + tap).fma(x, s3);
            }
            s0.intoArray(y, o0);
            s1.intoArray(y, o1);
            s2.intoArray(y, o2);
            s3.intoArray(y, o3);
        }
    }

    private static void rest(int n, float[] a, int i, int[] taps, float[] w, int j, float begin, float[] y, int o) {
        for (int e = 0; e < n; e++) {
            float sum = begin;
            for (int t = 0; t < taps.length; t++) sum = Math.fma(w[j + t], a[i + taps[t] + e], sum);
            y[o + e] = sum;
        }
    }

    private static void filter(
            int lines,
            int step,
            int stepTo,
            int n,
            double[] a,
            int i,
            int[] taps,
            double[] w,
            int j,
            double begin,
            double[] y,
            int o) {
        if (n < L) {
            for (int l = 0; l < lines; l++) rest(n, a, i + l * step, taps, w, j, begin, y, o + l * stepTo);
            return;
        }
        DoubleVector zero = DoubleVector.broadcast(Species.DOUBLE, begin);
        int line = 0;
        int e = 0;
        while (line < lines) {
            // Four vectors of these and the next lines, the last of a line ending with it, the last of all perhaps
            // repeated.
            int at = Math.min(e, n - L);
            int i0 = i + line * step + at;
            int o0 = o + line * stepTo + at;
            e += L;
            if (e >= n) {
                e = 0;
                line++;
            }
            int i1 = i0;
            int o1 = o0;
            if (line < lines) {
                at = Math.min(e, n - L);
                i1 = i + line * step + at;
                o1 = o + line * stepTo + at;
                e += L;
                if (e >= n) {
                    e = 0;
                    line++;
                }
            }
            int i2 = i1;
            int o2 = o1;
            if (line < lines) {
                at = Math.min(e, n - L);
                i2 = i + line * step + at;
                o2 = o + line * stepTo + at;
                e += L;
                if (e >= n) {
                    e = 0;
                    line++;
                }
            }
            int i3 = i2;
            int o3 = o2;
            if (line < lines) {
                at = Math.min(e, n - L);
                i3 = i + line * step + at;
                o3 = o + line * stepTo + at;
                e += L;
                if (e >= n) {
                    e = 0;
                    line++;
                }
            }
            DoubleVector s0 = zero;
            DoubleVector s1 = zero;
            DoubleVector s2 = zero;
            DoubleVector s3 = zero;
            for (int t = 0; t < taps.length; t++) {
                DoubleVector x = DoubleVector.broadcast(Species.DOUBLE, w[j + t]);
                int tap = taps[t];
                s0 = DoubleVector.fromArray(Species.DOUBLE, a, i0 + tap).fma(x, s0);
                s1 = DoubleVector.fromArray(Species.DOUBLE, a, i1 + tap).fma(x, s1);
                s2 = DoubleVector.fromArray(Species.DOUBLE, a, i2 + tap).fma(x, s2);
                s3 = DoubleVector.fromArray(Species.DOUBLE, a, i3 + tap).fma(x, s3);
            }
            s0.intoArray(y, o0);
            s1.intoArray(y, o1);
            s2.intoArray(y, o2);
            s3.intoArray(y, o3);
        }
    }

    private static void rest(int n, double[] a, int i, int[] taps, double[] w, int j, double begin, double[] y, int o) {
        for (int e = 0; e < n; e++) {
            double sum = begin;
            for (int t = 0; t < taps.length; t++) sum = Math.fma(w[j + t], a[i + taps[t] + e], sum);
            y[o + e] = sum;
        }
    }
}
