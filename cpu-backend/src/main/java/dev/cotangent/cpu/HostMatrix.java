package dev.cotangent.cpu;

import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;

/** Matrices and vectors of a batch between tensors of any layout and the column-major float64 arrays that LAPACK works on. */
final class HostMatrix {
    private HostMatrix() {}

    static int rows(Strided s) {
        return (int) s.layout().size(1);
    }

    static int columns(Strided s) {
        return s.layout().rank() > 2 ? (int) s.layout().size(2) : 1;
    }

    private static int offset(Strided s, int batch) {
        return (int) (s.layout().offset() + batch * s.layout().stride(0));
    }

    private static int columnStride(Layout l) {
        return l.rank() > 2 ? (int) l.stride(2) : 0;
    }

    /** Returns a copy of one matrix, or vector. */
    static double[] load(Strided s, int batch) {
        double[] to = new double[rows(s) * columns(s)];
        load(s, batch, to);
        return to;
    }

    static void load(Strided s, int batch, double[] to) {
        int m = rows(s);
        int n = columns(s);
        int down = (int) s.layout().stride(1);
        int across = columnStride(s.layout());
        int at = offset(s, batch);
        if (s.storage().memory() instanceof double[] from) {
            for (int j = 0; j < n; j++, at += across) {
                if (down == 1) System.arraycopy(from, at, to, j * m, m);
                else for (int i = 0; i < m; i++) to[j * m + i] = from[at + i * down];
            }
            return;
        }
        float[] from = (float[]) s.storage().memory();
        for (int j = 0; j < n; j++, at += across) {
            for (int i = 0; i < m; i++) to[j * m + i] = from[at + i * down];
        }
    }

    static void store(double[] from, Strided s, int batch) {
        int m = rows(s);
        int n = columns(s);
        int down = (int) s.layout().stride(1);
        int across = columnStride(s.layout());
        int at = offset(s, batch);
        if (s.storage().memory() instanceof double[] to) {
            for (int j = 0; j < n; j++, at += across) {
                if (down == 1) System.arraycopy(from, j * m, to, at, m);
                else for (int i = 0; i < m; i++) to[at + i * down] = from[j * m + i];
            }
            return;
        }
        float[] to = (float[]) s.storage().memory();
        for (int j = 0; j < n; j++, at += across) {
            for (int i = 0; i < m; i++) to[at + i * down] = (float) from[j * m + i];
        }
    }

    static int[] loadInts(Strided s, int batch) {
        int[] from = (int[]) s.storage().memory();
        int[] to = new int[rows(s)];
        int at = offset(s, batch);
        for (int i = 0; i < to.length; i++)
            to[i] = from[at + i * (int) s.layout().stride(1)];
        return to;
    }

    static void storeInts(int[] from, Strided s, int batch) {
        int[] to = (int[]) s.storage().memory();
        int at = offset(s, batch);
        for (int i = 0; i < rows(s); i++) to[at + i * (int) s.layout().stride(1)] = from[i];
    }

    static void storeCode(int code, Strided s, int batch) {
        ((int[]) s.storage().memory())[offset(s, batch)] = code;
    }

    /** Returns whether all elements are finite. */
    static boolean isFinite(double[] a) {
        // A product with 0 is NaN if one of them is not.
        double sum = 0;
        for (double x : a) sum += x * 0;
        return sum == 0;
    }

    /** Sets the elements above the diagonal, or below it, to 0. */
    static void clearTriangle(double[] a, int n, boolean above) {
        for (int j = 0; j < n; j++) {
            int from = above ? 0 : j + 1;
            int to = above ? j : n;
            java.util.Arrays.fill(a, j * n + from, j * n + to, 0);
        }
    }
}
