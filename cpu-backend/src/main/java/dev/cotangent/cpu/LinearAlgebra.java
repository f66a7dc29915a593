package dev.cotangent.cpu;

import dev.cotangent.backend.Backend;
import dev.cotangent.backend.LapackRoutine;
import dev.cotangent.backend.Strided;

/** Runs LAPACK's routines on batches, the matrices of one shared by the threads. */
final class LinearAlgebra {
    /** Tenths of a nanosecond for a multiplication of a routine. */
    private static final int COST = 10;

    /** From this size on products of matrices are most of the work. */
    private static final int LARGE = 64;

    private final WorkerPool pool;
    private final Backend backend;
    private final BlockedFactors factors;
    private final BlockedReflectors reflectors;
    private final BlockedSpectra spectra;

    LinearAlgebra(Backend backend, WorkerPool pool) {
        this.backend = backend;
        this.pool = pool;
        factors = new BlockedFactors(backend);
        reflectors = new BlockedReflectors(backend);
        spectra = new BlockedSpectra(backend, reflectors);
    }

    void run(LapackRoutine routine, Strided[] x, boolean... flags) {
        Strided a = x[0];
        long m = HostMatrix.rows(a);
        long n = HostMatrix.columns(a);
        long last = x[x.length - 1].layout().rank() > 2 ? HostMatrix.columns(x[x.length - 1]) : 0;
        long cost = Math.min(COST * (m * n * Math.max(Math.min(m, n), last) + 100), Integer.MAX_VALUE);
        pool.run(a.layout().size(0), 1, cost, (from, to) -> {
            for (int i = (int) from; i < to; i++) run(routine, x, i, flags);
        });
    }

    private int cholesky(double[] a, int n, boolean upper) {
        if (n < LARGE) return Lapack.cholesky(a, n, upper);
        MatrixPart all = MatrixPart.of(backend, a, n, n);
        if (upper) mirror(a, n, true);
        int code = factors.cholesky(all, 0);
        if (upper) mirror(a, n, false);
        return code;
    }

    /** Copies the upper triangle to the lower one, or back. */
    private static void mirror(double[] a, int n, boolean down) {
        for (int j = 0; j < n; j++) {
            for (int i = j + 1; i < n; i++) {
                if (down) a[j * n + i] = a[i * n + j];
                else a[i * n + j] = a[j * n + i];
            }
        }
    }

    private int lu(double[] a, int m, int n, int[] pivots) {
        if (Math.min(m, n) < LARGE) return Lapack.lu(a, m, n, pivots);
        return factors.lu(MatrixPart.of(backend, a, m, n), pivots);
    }

    private void luSolve(double[] lu, int n, int[] pivots, double[] b, int columns, boolean transposed) {
        if (n < LARGE || hasZero(lu, n)) {
            Lapack.luSolve(lu, n, pivots, b, columns, transposed);
            return;
        }
        MatrixPart f = MatrixPart.of(backend, lu, n, n);
        MatrixPart x = MatrixPart.of(backend, b, n, columns);
        if (transposed) {
            factors.solve(f.transposed(), x, false, false);
            factors.solve(f.transposed(), x, true, true);
            for (int i = n - 1; i >= 0; i--) swap(b, n, columns, i, pivots[i] - 1);
        } else {
            for (int i = 0; i < n; i++) swap(b, n, columns, i, pivots[i] - 1);
            factors.solve(f, x, false, true);
            factors.solve(f, x, true, false);
        }
    }

    private static void swap(double[] b, int n, int columns, int i, int k) {
        if (i == k) return;
        for (int j = 0; j < columns; j++) {
            double x = b[j * n + i];
            b[j * n + i] = b[j * n + k];
            b[j * n + k] = x;
        }
    }

    /** Returns whether a diagonal has a zero: a quotient must then be infinite element by element. */
    private static boolean hasZero(double[] a, int n) {
        for (int i = 0; i < n; i++) if (a[i * n + i] == 0) return true;
        return false;
    }

    private void triangularSolve(double[] a, int n, double[] b, int columns, boolean... flags) {
        boolean upper = flags[0];
        boolean transposed = flags[1];
        boolean unit = flags[2];
        if (n < LARGE || !unit && hasZero(a, n)) {
            Lapack.triangularSolve(a, n, b, columns, upper, transposed, unit);
            return;
        }
        MatrixPart t = MatrixPart.of(backend, a, n, n);
        factors.solve(
                transposed ? t.transposed() : t, MatrixPart.of(backend, b, n, columns), upper != transposed, unit);
    }

    private void qr(double[] a, int m, int n, double[] tau) {
        if (tau.length < LARGE) Lapack.qr(a, m, n, tau);
        else reflectors.qr(MatrixPart.of(backend, a, m, n), tau);
    }

    private void householderProduct(double[] a, int m, int n, double[] tau) {
        if (n < LARGE) Lapack.householderProduct(a, m, n, tau);
        else reflectors.product(MatrixPart.of(backend, a, m, n), tau);
    }

    private void householderMultiply(
            double[] a, double[] tau, double[] c, int m, int n, boolean left, boolean transposed) {
        int size = left ? m : n;
        if (tau.length < LARGE) {
            Lapack.householderMultiply(a, tau, c, m, n, left, transposed);
            return;
        }
        MatrixPart v = MatrixPart.of(backend, a, size, a.length / size);
        MatrixPart x = MatrixPart.of(backend, c, m, n);
        if (left) reflectors.multiply(v, tau, tau.length, x, transposed);
        else reflectors.multiply(v, tau, tau.length, x.transposed(), !transposed);
    }

    private int svd(double[] a, int m, int n, double[] u, int columns, double[] s, double[] vh, int rows) {
        if (Math.min(m, n) < LARGE) return Lapack.svd(a, m, n, u, columns, s, vh, rows);
        if (!HostMatrix.isFinite(a)) return Lapack.NOT_FINITE;
        if (m >= n) return spectra.svd(a, m, n, u, columns, s, vh);
        double[] left = new double[vh.length];
        double[] right = new double[u.length];
        int code = spectra.svd(BlockedSpectra.transposed(a, m, n), n, m, left, rows, s, right);
        System.arraycopy(BlockedSpectra.transposed(left, n, rows), 0, vh, 0, vh.length);
        System.arraycopy(BlockedSpectra.transposed(right, m, m), 0, u, 0, u.length);
        return code;
    }

    private int eigh(double[] a, int n, double[] w, boolean upper, boolean vectors) {
        if (n < LARGE || !vectors || !HostMatrix.isFinite(a)) return Lapack.eigh(a, n, w, upper, vectors);
        if (upper) mirror(a, n, true);
        return spectra.eigh(a, n, w);
    }

    private void run(LapackRoutine routine, Strided[] x, int i, boolean... flags) {
        double[] a = HostMatrix.load(x[0], i);
        int m = HostMatrix.rows(x[0]);
        int n = HostMatrix.columns(x[0]);
        switch (routine) {
            case CHOLESKY -> {
                int code = cholesky(a, n, flags[0]);
                HostMatrix.clearTriangle(a, n, !flags[0]);
                HostMatrix.store(a, x[0], i);
                HostMatrix.storeCode(code, x[1], i);
            }
            case LU -> {
                int[] pivots = new int[HostMatrix.rows(x[1])];
                int code = lu(a, m, n, pivots);
                HostMatrix.store(a, x[0], i);
                HostMatrix.storeInts(pivots, x[1], i);
                HostMatrix.storeCode(code, x[2], i);
            }
            case LU_SOLVE -> {
                double[] b = HostMatrix.load(x[2], i);
                luSolve(a, n, HostMatrix.loadInts(x[1], i), b, HostMatrix.columns(x[2]), flags[0]);
                HostMatrix.store(b, x[2], i);
            }
            case TRIANGULAR_SOLVE -> {
                double[] b = HostMatrix.load(x[1], i);
                triangularSolve(a, n, b, HostMatrix.columns(x[1]), flags);
                HostMatrix.store(b, x[1], i);
            }
            case QR -> {
                double[] tau = new double[HostMatrix.rows(x[1])];
                qr(a, m, n, tau);
                HostMatrix.store(a, x[0], i);
                HostMatrix.store(tau, x[1], i);
            }
            case HOUSEHOLDER_PRODUCT -> {
                householderProduct(a, m, n, HostMatrix.load(x[1], i));
                HostMatrix.store(a, x[0], i);
            }
            case HOUSEHOLDER_MULTIPLY -> {
                double[] c = HostMatrix.load(x[2], i);
                int rows = HostMatrix.rows(x[2]);
                int columns = HostMatrix.columns(x[2]);
                householderMultiply(a, HostMatrix.load(x[1], i), c, rows, columns, flags[0], flags[1]);
                HostMatrix.store(c, x[2], i);
            }
            case SVD -> {
                int left = HostMatrix.columns(x[1]);
                int right = HostMatrix.rows(x[3]);
                double[] u = new double[m * left];
                double[] s = new double[Math.min(m, n)];
                double[] vh = new double[right * n];
                int code = svd(a, m, n, u, left, s, vh, right);
                HostMatrix.store(u, x[1], i);
                HostMatrix.store(s, x[2], i);
                HostMatrix.store(vh, x[3], i);
                HostMatrix.storeCode(code, x[4], i);
            }
            case SINGULAR_VALUES -> {
                double[] s = new double[Math.min(m, n)];
                int code = Lapack.singularValues(a, m, n, s);
                HostMatrix.store(s, x[1], i);
                HostMatrix.storeCode(code, x[2], i);
            }
            case EIGH, EIGENVALUES -> {
                boolean vectors = routine == LapackRoutine.EIGH;
                double[] w = new double[n];
                int code = eigh(a, n, w, flags[0], vectors);
                if (vectors) HostMatrix.store(a, x[0], i);
                HostMatrix.store(w, x[1], i);
                HostMatrix.storeCode(code, x[2], i);
            }
            case LDL -> {
                int[] pivots = new int[n];
                int code = Lapack.ldl(a, n, pivots, flags[0]);
                HostMatrix.clearTriangle(a, n, !flags[0]);
                HostMatrix.store(a, x[0], i);
                HostMatrix.storeInts(pivots, x[1], i);
                HostMatrix.storeCode(code, x[2], i);
            }
            case LDL_SOLVE -> {
                double[] b = HostMatrix.load(x[2], i);
                Lapack.ldlSolve(a, n, HostMatrix.loadInts(x[1], i), b, HostMatrix.columns(x[2]), flags[0]);
                HostMatrix.store(b, x[2], i);
            }
        }
    }
}
