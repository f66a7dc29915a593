package dev.cotangent.cpu;

import dev.cotangent.backend.Backend;
import org.netlib.lapack.Dbdsdc;
import org.netlib.lapack.Dgebrd;
import org.netlib.lapack.Dstedc;
import org.netlib.lapack.Dsytrd;
import org.netlib.util.intW;

/** Singular and eigenvectors of large matrices: LAPACK's divide and conquer, and blocked reflectors to bring them back. */
final class BlockedSpectra {
    private static final int COLUMNS = 64;

    private final Backend backend;
    private final BlockedReflectors reflectors;

    BlockedSpectra(Backend backend, BlockedReflectors reflectors) {
        this.backend = backend;
        this.reflectors = reflectors;
    }

    /** Works as GESDD for a matrix at least as high as wide; {@code u} has {@code columns}. */
    int svd(double[] a, int m, int n, double[] u, int columns, double[] s, double[] vh) {
        double[] off = new double[n];
        double[] tauQ = new double[n];
        double[] tauP = new double[n];
        double[] work = new double[Math.max((m + n) * COLUMNS, 3 * n * n + 4 * n)];
        intW info = new intW(0);
        Dgebrd.dgebrd(m, n, a, 0, m, s, 0, off, 0, tauQ, 0, tauP, 0, work, 0, work.length, info);
        // The leading n x n part of u is written as a matrix of m rows.
        Dbdsdc.dbdsdc(
                "U",
                "I",
                n,
                s,
                0,
                off,
                0,
                u,
                0,
                m,
                vh,
                0,
                n,
                new double[1],
                0,
                new int[1],
                0,
                work,
                0,
                new int[8 * n],
                0,
                info);
        if (info.val != 0) return info.val;
        for (int j = n; j < columns; j++) u[j * m + j] = 1;
        MatrixPart packed = MatrixPart.of(backend, a, m, n);
        reflectors.multiply(packed, tauQ, n, MatrixPart.of(backend, u, m, columns), false);
        if (n > 1) {
            // The reflectors of the right vectors are rows, one to the right of the diagonal.
            MatrixPart rows = packed.part(0, 1, n - 1, n - 1).transposed();
            MatrixPart right =
                    MatrixPart.of(backend, vh, n, n).part(0, 1, n, n - 1).transposed();
            reflectors.multiply(rows, tauP, n - 1, right, false);
        }
        return 0;
    }

    /** Works as SYEVD for the lower triangle, overwriting the matrix with the eigenvectors. */
    int eigh(double[] a, int n, double[] w) {
        double[] off = new double[n];
        double[] tau = new double[n];
        double[] work = new double[Math.max(n * COLUMNS, 1 + 4 * n + n * n)];
        intW info = new intW(0);
        Dsytrd.dsytrd("L", n, a, 0, n, w, 0, off, 0, tau, 0, work, 0, work.length, info);
        double[] z = new double[n * n];
        int[] more = new int[3 + 5 * n];
        Dstedc.dstedc("I", n, w, 0, off, 0, z, 0, n, work, 0, work.length, more, 0, more.length, info);
        if (info.val != 0) return info.val;
        MatrixPart columns = MatrixPart.of(backend, a, n, n).part(1, 0, n - 1, n - 1);
        reflectors.multiply(columns, tau, n - 1, MatrixPart.of(backend, z, n, n).part(1, 0, n - 1, n), false);
        System.arraycopy(z, 0, a, 0, z.length);
        return 0;
    }

    /** Returns the transpose of a column-major matrix of m rows. */
    static double[] transposed(double[] a, int m, int n) {
        double[] out = new double[a.length];
        for (int j = 0; j < n; j++) for (int i = 0; i < m; i++) out[i * n + j] = a[j * m + i];
        return out;
    }
}
