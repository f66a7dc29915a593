package dev.cotangent.internal.ops.linalg;

import dev.cotangent.internal.ops.linalg.ComplexMatrix.Reflector;
import java.util.ArrayList;
import java.util.List;

/** Factors of complex matrices and solutions by them, as LAPACK's routines of these names define them. */
final class ComplexFactors {
    private ComplexFactors() {}

    /** Computes LAPACK's ZPOTRF: the factor in one triangle, zeros in the other; returns the order of a minor that is not positive, or 0. */
    static int cholesky(ComplexMatrix a, boolean upper) {
        int n = a.rows;
        if (upper) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < i; j++) a.set(a.at(i, j), a.re[a.at(j, i)], -a.im[a.at(j, i)]);
            }
        }
        int info = 0;
        for (int j = 0; j < n && info == 0; j++) {
            double d = a.re[a.at(j, j)];
            for (int k = 0; k < j; k++) {
                int p = a.at(j, k);
                d -= a.re[p] * a.re[p] + a.im[p] * a.im[p];
            }
            if (!(d > 0)) {
                info = j + 1;
                break;
            }
            double root = Math.sqrt(d);
            a.set(a.at(j, j), root, 0);
            for (int i = j + 1; i < n; i++) {
                int to = a.at(i, j);
                for (int k = 0; k < j; k++) {
                    int p = a.at(j, k);
                    a.addMultiple(to, -a.re[p], a.im[p], a.at(i, k));
                }
                a.re[to] /= root;
                a.im[to] /= root;
            }
        }
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                int low = a.at(j, i);
                if (upper) a.set(a.at(i, j), a.re[low], -a.im[low]);
                a.set(upper ? low : a.at(i, j), 0, 0);
            }
        }
        return info;
    }

    /** Computes LAPACK's ZGETRF, whose pivots are the largest by |Re| + |Im|; returns the first zero of U's diagonal, from 1, or 0. */
    static int lu(ComplexMatrix a, int[] pivots, int offset) {
        int info = 0;
        int k = Math.min(a.rows, a.columns);
        for (int j = 0; j < k; j++) {
            int pivot = j;
            double most = -1;
            for (int i = j; i < a.rows; i++) {
                double size = Math.abs(a.re[a.at(i, j)]) + Math.abs(a.im[a.at(i, j)]);
                if (size > most) {
                    most = size;
                    pivot = i;
                }
            }
            pivots[offset + j] = pivot + 1;
            if (most == 0) {
                if (info == 0) info = j + 1;
                continue;
            }
            swapRows(a, j, pivot);
            for (int i = j + 1; i < a.rows; i++) {
                int factor = a.at(i, j);
                a.divide(factor, a, a.at(j, j));
                for (int c = j + 1; c < a.columns; c++) {
                    a.addMultiple(a.at(i, c), -a.re[factor], -a.im[factor], a.at(j, c));
                }
            }
        }
        return info;
    }

    private static void swapRows(ComplexMatrix a, int i, int k) {
        for (int j = 0; j < a.columns && i != k; j++) {
            int p = a.at(i, j);
            int q = a.at(k, j);
            double x = a.re[p];
            double y = a.im[p];
            a.set(p, a.re[q], a.im[q]);
            a.set(q, x, y);
        }
    }

    /** Computes LAPACK's ZGETRS, of the matrix or of its adjoint. */
    static void luSolve(ComplexMatrix lu, int[] pivots, int offset, ComplexMatrix b, boolean adjoint) {
        int n = lu.rows;
        if (!adjoint) {
            for (int i = 0; i < n; i++) swapRows(b, i, pivots[offset + i] - 1);
            triangularSolve(lu, b, false, false, true);
            triangularSolve(lu, b, true, false, false);
        } else {
            triangularSolve(lu, b, true, true, false);
            triangularSolve(lu, b, false, true, true);
            for (int i = n - 1; i >= 0; i--) swapRows(b, i, pivots[offset + i] - 1);
        }
    }

    /** Computes LAPACK's ZTRTRS, of a triangle or of its adjoint. */
    static void triangularSolve(ComplexMatrix a, ComplexMatrix b, boolean upper, boolean adjoint, boolean unit) {
        int n = a.rows;
        boolean backwards = upper != adjoint;
        for (int step = 0; step < n; step++) {
            int i = backwards ? n - 1 - step : step;
            for (int done = 0; done < step; done++) {
                int k = backwards ? n - 1 - done : done;
                int p = adjoint ? a.at(k, i) : a.at(i, k);
                double re = -a.re[p];
                double im = adjoint ? a.im[p] : -a.im[p];
                for (int j = 0; j < b.columns; j++) b.addMultiple(b.at(i, j), re, im, b.at(k, j));
            }
            if (unit) continue;
            ComplexMatrix divisor = new ComplexMatrix(1, 1);
            divisor.set(0, a.re[a.at(i, i)], adjoint ? -a.im[a.at(i, i)] : a.im[a.at(i, i)]);
            for (int j = 0; j < b.columns; j++) b.divide(b.at(i, j), divisor, 0);
        }
    }

    /** Computes LAPACK's ZGEQRF: R, and below it the reflectors' vectors. */
    static void qr(ComplexMatrix a, ComplexMatrix tau) {
        double[] beta = new double[1];
        for (int k = 0; k < tau.columns; k++) {
            Reflector h = a.ofColumn(k, k, beta);
            a.reflectRows(h.adjoint(), k + 1);
            a.set(a.at(k, k), beta[0], 0);
            for (int i = k + 1; i < a.rows; i++) a.set(a.at(i, k), h.re()[i], h.im()[i]);
            tau.set(k, h.tauRe(), h.tauIm());
        }
    }

    private static List<Reflector> reflectors(ComplexMatrix a, ComplexMatrix tau) {
        List<Reflector> all = new ArrayList<>();
        for (int k = 0; k < tau.columns; k++) {
            double[] v = new double[a.rows];
            double[] w = new double[a.rows];
            if (k < a.rows) v[k] = 1;
            for (int i = k + 1; i < a.rows; i++) {
                v[i] = a.re[a.at(i, k)];
                w[i] = a.im[a.at(i, k)];
            }
            all.add(new Reflector(k, v, w, tau.re[k], tau.im[k]));
        }
        return all;
    }

    /** Computes LAPACK's ZUNGQR: the first columns of the reflectors' product. */
    static ComplexMatrix householderProduct(ComplexMatrix a, ComplexMatrix tau) {
        ComplexMatrix q = ComplexMatrix.identity(a.rows, a.columns);
        for (Reflector h : reflectors(a, tau).reversed()) q.reflectRows(h, 0);
        return q;
    }

    /** Computes LAPACK's ZUNMQR: multiplies by the reflectors' product or its adjoint. */
    static void householderMultiply(
            ComplexMatrix a, ComplexMatrix tau, ComplexMatrix c, boolean left, boolean adjoint) {
        List<Reflector> all = reflectors(a, tau);
        if (left != adjoint) all = all.reversed();
        for (Reflector h : all) {
            Reflector g = adjoint ? h.adjoint() : h;
            if (left) c.reflectRows(g, 0);
            else c.reflectColumns(g, 0);
        }
    }
}
