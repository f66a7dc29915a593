package dev.cotangent.cpu;

import dev.cotangent.backend.Backend;

/** Factors of large matrices by recursion, so that nearly all of the work is products of matrices. */
final class BlockedFactors {
    /** Below this size a factorisation is not divided further. */
    private static final int CHOLESKY_BASE = 48;

    private static final int LU_BASE = 16;

    /** Of this size triangles are inverted. */
    private static final int TRIANGLE_BASE = 32;

    /** Below this size a symmetric update computes both triangles. */
    private static final int UPDATE_BASE = 128;

    private final Backend backend;

    BlockedFactors(Backend backend) {
        this.backend = backend;
    }

    /** Factors the lower triangle in place; returns 0, or {@code first} plus the order of the minor that is not positive. */
    int cholesky(MatrixPart a, int first) {
        int n = a.n();
        if (n <= CHOLESKY_BASE) return smallCholesky(a, first);
        int h = half(n, CHOLESKY_BASE);
        int code = cholesky(a.part(0, 0, h, h), first);
        if (code != 0) return code;
        MatrixPart below = a.part(h, 0, n - h, h);
        solve(a.part(0, 0, h, h), below.transposed(), false, false);
        MatrixPart rest = a.part(h, h, n - h, n - h);
        subtractSquare(rest, below);
        return cholesky(rest, first + h);
    }

    private static int half(int n, int unit) {
        return Math.ceilDiv(Math.ceilDiv(n, unit), 2) * unit;
    }

    private static int smallCholesky(MatrixPart p, int first) {
        int n = p.n();
        double[] a = p.a();
        for (int j = 0; j < n; j++) {
            int column = p.at() + j * p.across();
            for (int k = 0; k < j; k++) {
                int left = p.at() + k * p.across();
                double factor = a[left + j];
                for (int i = j; i < n; i++) a[column + i] -= factor * a[left + i];
            }
            double pivot = a[column + j];
            if (!(pivot > 0)) return first + j + 1;
            double root = Math.sqrt(pivot);
            a[column + j] = root;
            for (int i = j + 1; i < n; i++) a[column + i] /= root;
        }
        return 0;
    }

    /** Computes {@code c -= x @ x^T} in the lower triangle. */
    private void subtractSquare(MatrixPart c, MatrixPart x) {
        int n = c.n();
        if (n <= UPDATE_BASE) {
            c.multiply(backend, -1, x, x.transposed(), 1);
            return;
        }
        int h = half(n, UPDATE_BASE / 2);
        MatrixPart upper = x.part(0, 0, h, x.n());
        MatrixPart lower = x.part(h, 0, n - h, x.n());
        subtractSquare(c.part(0, 0, h, h), upper);
        c.part(h, 0, n - h, h).multiply(backend, -1, lower, upper.transposed(), 1);
        subtractSquare(c.part(h, h, n - h, n - h), lower);
    }

    /** Replaces b by the solution of {@code t x = b}. */
    void solve(MatrixPart t, MatrixPart b, boolean upper, boolean unit) {
        int n = t.n();
        if (n <= TRIANGLE_BASE) {
            MatrixPart right = b.copy(backend);
            b.multiply(backend, 1, inverse(t, upper, unit), right, 0);
            return;
        }
        int h = half(n, TRIANGLE_BASE);
        MatrixPart first = b.part(0, 0, h, b.n());
        MatrixPart last = b.part(h, 0, n - h, b.n());
        if (upper) {
            solve(t.part(h, h, n - h, n - h), last, true, unit);
            first.multiply(backend, -1, t.part(0, h, h, n - h), last, 1);
            solve(t.part(0, 0, h, h), first, true, unit);
        } else {
            solve(t.part(0, 0, h, h), first, false, unit);
            last.multiply(backend, -1, t.part(h, 0, n - h, h), first, 1);
            solve(t.part(h, h, n - h, n - h), last, false, unit);
        }
    }

    private MatrixPart inverse(MatrixPart t, boolean upper, boolean unit) {
        int n = t.n();
        MatrixPart out = MatrixPart.of(backend, new double[n * n], n, n);
        for (int j = 0; j < n; j++) {
            out.set(j, j, unit ? 1 : 1 / t.get(j, j));
            for (int step = 1; upper ? step <= j : step < n - j; step++) {
                int i = upper ? j - step : j + step;
                double sum = 0;
                for (int k = j; k != i; k += upper ? -1 : 1) sum += t.get(i, k) * out.get(k, j);
                out.set(i, j, unit ? -sum : -sum / t.get(i, i));
            }
        }
        return out;
    }

    /** Factors in place with partial pivoting; returns 0, or which pivot, counted from 1, is the first that is zero. */
    int lu(MatrixPart a, int[] pivots) {
        int m = a.m();
        int n = a.n();
        int k = Math.min(m, n);
        int code = lu(a.part(0, 0, m, k), pivots, 0);
        if (n > k) {
            MatrixPart rest = a.part(0, k, m, n - k);
            swap(rest, pivots, 0, k, 0);
            solve(a.part(0, 0, k, k), rest, false, true);
        }
        return code;
    }

    /** Factorizes a matrix that is no wider than high; pivots count from its first row, plus {@code from}, plus 1. */
    private int lu(MatrixPart a, int[] pivots, int from) {
        int m = a.m();
        int n = a.n();
        if (n <= LU_BASE) return smallLu(a, pivots, from);
        int h = half(n, LU_BASE);
        if (h >= n) h = n / 2;
        int first = lu(a.part(0, 0, m, h), pivots, from);
        MatrixPart right = a.part(0, h, m, n - h);
        swap(right, pivots, from, h, from);
        MatrixPart top = a.part(0, h, h, n - h);
        solve(a.part(0, 0, h, h), top, false, true);
        MatrixPart rest = a.part(h, h, m - h, n - h);
        rest.multiply(backend, -1, a.part(h, 0, m - h, h), top, 1);
        int second = lu(rest, pivots, from + h);
        swap(a.part(h, 0, m - h, h), pivots, from + h, n - h, from + h);
        return first != 0 ? first : second;
    }

    private static void swap(MatrixPart p, int[] pivots, int from, int count, int base) {
        double[] a = p.a();
        for (int j = 0; j < p.n(); j++) {
            int column = p.at() + j * p.across();
            for (int i = 0; i < count; i++) {
                int with = pivots[from + i] - 1 - base;
                if (with == i) continue;
                double x = a[column + i];
                a[column + i] = a[column + with];
                a[column + with] = x;
            }
        }
    }

    private static int smallLu(MatrixPart p, int[] pivots, int from) {
        int m = p.m();
        int n = p.n();
        double[] a = p.a();
        int code = 0;
        for (int j = 0; j < n; j++) {
            int column = p.at() + j * p.across();
            int best = j;
            double most = Math.abs(a[column + j]);
            for (int i = j + 1; i < m; i++) {
                double size = Math.abs(a[column + i]);
                if (size > most) {
                    most = size;
                    best = i;
                }
            }
            pivots[from + j] = from + best + 1;
            if (most == 0) {
                if (code == 0) code = from + j + 1;
            } else {
                if (best != j) swapRows(p, j, best);
                double pivot = a[column + j];
                for (int i = j + 1; i < m; i++) a[column + i] /= pivot;
            }
            for (int c = j + 1; c < n; c++) {
                int other = p.at() + c * p.across();
                double factor = a[other + j];
                for (int i = j + 1; i < m; i++) a[other + i] -= factor * a[column + i];
            }
        }
        return code;
    }

    private static void swapRows(MatrixPart p, int i, int k) {
        double[] a = p.a();
        for (int j = 0, at = p.at(); j < p.n(); j++, at += p.across()) {
            double x = a[at + i];
            a[at + i] = a[at + k];
            a[at + k] = x;
        }
    }
}
