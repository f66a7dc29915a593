package dev.cotangent.cpu;

import java.util.Arrays;
import org.netlib.lapack.Dbdsqr;
import org.netlib.lapack.Dgebrd;
import org.netlib.lapack.Dgeqrf;
import org.netlib.lapack.Dgesdd;
import org.netlib.lapack.Dgetrf;
import org.netlib.lapack.Dgetrs;
import org.netlib.lapack.Dlamch;
import org.netlib.lapack.Dorgqr;
import org.netlib.lapack.Dormqr;
import org.netlib.lapack.Dpotrf;
import org.netlib.lapack.Dsyevd;
import org.netlib.lapack.Dsytrf;
import org.netlib.lapack.Dsytrs;
import org.netlib.lapack.Dtrtrs;
import org.netlib.util.intW;

/**
 * LAPACK's routines on column-major arrays, in the translation to Java by f2j. Those of them that keep state between calls
 * (DLASQ, DLACON) are not used, so that any number of threads may call.
 */
final class Lapack {
    /** Status of a matrix with elements that are not finite. */
    static final int NOT_FINITE = -4;

    /** Columns that a blocked routine takes at once, of workspace. */
    private static final int BLOCK = 64;

    static {
        // Finds out the machine's constants in the first call, and must not be asked by a second thread meanwhile.
        Dlamch.dlamch("E");
    }

    private Lapack() {}

    static int cholesky(double[] a, int n, boolean upper) {
        intW info = new intW(0);
        Dpotrf.dpotrf(upper ? "U" : "L", n, a, 0, n, info);
        return info.val;
    }

    static int lu(double[] a, int m, int n, int[] pivots) {
        intW info = new intW(0);
        Dgetrf.dgetrf(m, n, a, 0, m, pivots, 0, info);
        return info.val;
    }

    static void luSolve(double[] lu, int n, int[] pivots, double[] b, int columns, boolean transposed) {
        Dgetrs.dgetrs(transposed ? "T" : "N", n, columns, lu, 0, n, pivots, 0, b, 0, n, new intW(0));
    }

    static void triangularSolve(
            double[] a, int n, double[] b, int columns, boolean upper, boolean transposed, boolean unit) {
        String side = upper ? "U" : "L";
        Dtrtrs.dtrtrs(side, transposed ? "T" : "N", unit ? "U" : "N", n, columns, a, 0, n, b, 0, n, new intW(0));
    }

    static void qr(double[] a, int m, int n, double[] tau) {
        double[] work = new double[Math.max(1, n * BLOCK)];
        Dgeqrf.dgeqrf(m, n, a, 0, m, tau, 0, work, 0, work.length, new intW(0));
    }

    static void householderProduct(double[] a, int m, int n, double[] tau) {
        double[] work = new double[Math.max(1, n * BLOCK)];
        Dorgqr.dorgqr(m, n, tau.length, a, 0, m, tau, 0, work, 0, work.length, new intW(0));
    }

    static void householderMultiply(
            double[] a, double[] tau, double[] c, int m, int n, boolean left, boolean transposed) {
        int rows = left ? m : n;
        double[] work = new double[Math.max(1, (left ? n : m) * BLOCK)];
        Dormqr.dormqr(
                left ? "L" : "R",
                transposed ? "T" : "N",
                m,
                n,
                tau.length,
                a,
                0,
                rows,
                tau,
                0,
                c,
                0,
                m,
                work,
                0,
                work.length,
                new intW(0));
    }

    static int svd(double[] a, int m, int n, double[] u, int columns, double[] s, double[] vh, int rows) {
        if (!HostMatrix.isFinite(a)) return NOT_FINITE;
        int k = Math.min(m, n);
        int most = Math.max(m, n);
        double[] work = new double[3 * k * k + Math.max(most, 4 * k * k + 4 * k) + most * BLOCK + 4 * most];
        boolean full = columns == m && rows == n;
        intW info = new intW(0);
        Dgesdd.dgesdd(
                full ? "A" : "S",
                m,
                n,
                a,
                0,
                m,
                s,
                0,
                u,
                0,
                m,
                vh,
                0,
                rows,
                work,
                0,
                work.length,
                new int[8 * k],
                0,
                info);
        return info.val;
    }

    /**
     * Computes singular values alone; one row is rotated with them, since without any DBDSQR would call a routine that
     * has state.
     */
    static int singularValues(double[] a, int m, int n, double[] s) {
        if (!HostMatrix.isFinite(a)) return NOT_FINITE;
        int k = Math.min(m, n);
        double[] off = new double[k];
        double[] work = new double[(m + n) * BLOCK];
        intW info = new intW(0);
        Dgebrd.dgebrd(m, n, a, 0, m, s, 0, off, 0, new double[k], 0, new double[k], 0, work, 0, work.length, info);
        double[] row = new double[k];
        Dbdsqr.dbdsqr(
                m >= n ? "U" : "L",
                k,
                0,
                1,
                0,
                s,
                0,
                off,
                0,
                new double[1],
                0,
                1,
                row,
                0,
                1,
                new double[1],
                0,
                1,
                new double[4 * k],
                0,
                info);
        return info.val;
    }

    /** Computes eigenvalues, and overwrites the matrix with eigenvectors; NaN if an element is not finite. */
    static int eigh(double[] a, int n, double[] w, boolean upper, boolean vectors) {
        if (!HostMatrix.isFinite(a)) {
            Arrays.fill(a, Double.NaN);
            Arrays.fill(w, Double.NaN);
            return 0;
        }
        double[] work = new double[1 + 6 * n + 2 * n * n + n * BLOCK];
        int[] more = new int[3 + 5 * n];
        intW info = new intW(0);
        Dsyevd.dsyevd(
                vectors ? "V" : "N",
                upper ? "U" : "L",
                n,
                a,
                0,
                n,
                w,
                0,
                work,
                0,
                work.length,
                more,
                0,
                more.length,
                info);
        return info.val;
    }

    static int ldl(double[] a, int n, int[] pivots, boolean upper) {
        double[] work = new double[n * BLOCK];
        intW info = new intW(0);
        Dsytrf.dsytrf(upper ? "U" : "L", n, a, 0, n, pivots, 0, work, 0, work.length, info);
        return info.val;
    }

    static void ldlSolve(double[] a, int n, int[] pivots, double[] b, int columns, boolean upper) {
        Dsytrs.dsytrs(upper ? "U" : "L", n, columns, a, 0, n, pivots, 0, b, 0, n, new intW(0));
    }
}
