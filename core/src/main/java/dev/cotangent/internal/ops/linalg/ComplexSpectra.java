package dev.cotangent.internal.ops.linalg;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.internal.ops.linalg.ComplexMatrix.Reflector;
import dev.cotangent.internal.ops.movement.HostOps;
import dev.cotangent.linalg.Eigh;
import dev.cotangent.linalg.Svd;
import java.util.ArrayList;
import java.util.List;

/**
 * Singular values and eigenvalues of complex matrices. Hermitian matrices are reduced to real tridiagonal ones, and others to
 * real bidiagonal ones, by unitary reflectors; the rest is LAPACK's of real matrices.
 */
final class ComplexSpectra {
    private static final double EPSILON = 0x1p-52;

    private ComplexSpectra() {}

    /** A reduction {@code a = left real right^H}. */
    private record Reduced(List<Reflector> left, List<Reflector> right, double[] real, int size) {}

    private static void apply(List<Reflector> all, ComplexMatrix to) {
        for (Reflector h : all.reversed()) to.reflectRows(h, 0);
    }

    /** Reduces to upper bidiagonal form, after Golub and Kahan, a matrix with at least as many rows as columns. */
    private static Reduced bidiagonal(ComplexMatrix a) {
        int n = a.columns;
        double[] real = new double[n * n];
        List<Reflector> left = new ArrayList<>();
        List<Reflector> right = new ArrayList<>();
        double[] beta = new double[1];
        for (int k = 0; k < n; k++) {
            Reflector h = a.ofColumn(k, k, beta);
            a.reflectRows(h.adjoint(), k + 1);
            left.add(h);
            real[k * n + k] = beta[0];
            if (k + 1 == n) continue;
            Reflector g = a.ofRow(k, k + 1, beta);
            a.reflectColumns(g, k + 1);
            right.add(g);
            real[k * n + k + 1] = beta[0];
        }
        return new Reduced(left, right, real, n);
    }

    /** Returns a real matrix's product with reflectors, padded to {@code columns} by those of the identity. */
    private static ComplexMatrix rotated(List<Reflector> all, int rows, int columns, double[] inner, int n) {
        ComplexMatrix out = ComplexMatrix.identity(rows, columns);
        for (int i = 0; i < n; i++) System.arraycopy(inner, i * n, out.re, i * columns, n);
        apply(all, out);
        return out;
    }

    /** Computes LAPACK's ZGESDD; writes singular values and returns the vectors {@code u} and {@code v}, with as many columns as asked for. */
    static ComplexMatrix[] svd(ComplexMatrix a, double[] s, int at, int columnsOfU, int columnsOfV) {
        if (a.rows < a.columns) {
            ComplexMatrix[] swapped = svd(a.adjoint(), s, at, columnsOfV, columnsOfU);
            return new ComplexMatrix[] {swapped[1], swapped[0]};
        }
        Reduced b = bidiagonal(a.copy());
        int n = b.size;
        Svd real = SvdOps.svd(square(b.real, n), true);
        System.arraycopy(HostOps.doubles(real.S()), 0, s, at, n);
        return new ComplexMatrix[] {
            rotated(b.left, a.rows, columnsOfU, HostOps.doubles(real.U()), n),
            rotated(b.right, n, columnsOfV, HostOps.doubles(real.Vh().mT()), n)
        };
    }

    private static Tensor square(double[] values, int n) {
        return Tensors.tensor(values).view(n, n);
    }

    /** Computes LAPACK's ZHEEVD of one triangle; writes eigenvalues and returns the vectors. */
    static ComplexMatrix eigh(ComplexMatrix a, double[] w, int at, boolean upper) {
        int n = a.rows;
        ComplexMatrix h = new ComplexMatrix(n, n);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                int from = upper ? a.at(j, i) : a.at(i, j);
                double im = i == j ? 0 : upper ? -a.im[from] : a.im[from];
                h.set(h.at(i, j), a.re[from], im);
                h.set(h.at(j, i), a.re[from], -im);
            }
        }
        double[] real = new double[n * n];
        List<Reflector> all = new ArrayList<>();
        double[] beta = new double[1];
        for (int k = 0; k < n; k++) {
            real[k * n + k] = h.re[h.at(k, k)];
            if (k + 1 == n) break;
            Reflector r = h.ofColumn(k, k + 1, beta);
            h.reflectRows(r.adjoint(), k + 1);
            h.reflectColumns(r, k + 1);
            all.add(r);
            real[k * n + k + 1] = real[(k + 1) * n + k] = beta[0];
        }
        Eigh f = SvdOps.eigh(square(real, n), false);
        System.arraycopy(HostOps.doubles(f.eigenvalues()), 0, w, at, n);
        return rotated(all, n, n, HostOps.doubles(f.eigenvectors()), n);
    }

    /**
     * Makes eigenvalues of a real matrix real or, with their vectors, exact conjugates of each other, the one with the positive
     * imaginary part first, as DGEEV does.
     */
    static void pair(ComplexMatrix values, ComplexMatrix vectors) {
        int n = values.columns;
        double norm = 0;
        for (int j = 0; j < n; j++) norm = Math.max(norm, Math.hypot(values.re[j], values.im[j]));
        for (int j = 0; j < n; j++) {
            int partner = j;
            double nearest = 2 * Math.abs(values.im[j]);
            for (int k = j + 1; k < n; k++) {
                double gap = Math.hypot(values.re[k] - values.re[j], values.im[k] + values.im[j]);
                if (gap < nearest) {
                    nearest = gap;
                    partner = k;
                }
            }
            boolean isReal = partner == j || Math.abs(values.im[j]) <= norm * n * EPSILON;
            if (isReal) {
                values.im[j] = 0;
                for (int i = 0; i < n; i++) vectors.im[vectors.at(i, j)] = 0;
                continue;
            }
            values.swapColumns(j + 1, partner);
            vectors.swapColumns(j + 1, partner);
            if (values.im[j] < 0) {
                values.swapColumns(j, j + 1);
                vectors.swapColumns(j, j + 1);
            }
            values.set(j + 1, values.re[j], -values.im[j]);
            for (int i = 0; i < n; i++) {
                int from = vectors.at(i, j);
                vectors.set(vectors.at(i, j + 1), vectors.re[from], -vectors.im[from]);
            }
            j++;
        }
    }

    /**
     * Eigenvalues and vectors of unit length of any square matrix: Hessenberg form, the QR algorithm with Wilkinson's shifts, and
     * back substitution (Golub and Van Loan, "Matrix Computations", 7.4 to 7.6). Returns false if it does not converge.
     */
    static boolean eig(ComplexMatrix a, ComplexMatrix values, ComplexMatrix vectors) {
        int n = a.rows;
        ComplexMatrix t = a.copy();
        ComplexMatrix q = ComplexMatrix.identity(n, n);
        List<Reflector> all = new ArrayList<>();
        double[] beta = new double[1];
        for (int k = 0; k + 2 < n; k++) {
            Reflector h = t.ofColumn(k, k + 1, beta);
            t.reflectRows(h.adjoint(), k);
            t.reflectColumns(h, 0);
            for (int i = k + 2; i < n; i++) t.set(t.at(i, k), 0, 0);
            all.add(h);
        }
        apply(all, q);
        if (!ComplexSchur.reduce(t, q)) return false;
        for (int j = 0; j < n; j++) values.set(j, t.re[t.at(j, j)], t.im[t.at(j, j)]);
        double norm = 0;
        for (int i = 0; i < t.re.length; i++) norm = Math.max(norm, Math.abs(t.re[i]) + Math.abs(t.im[i]));
        double least = Math.max(Double.MIN_NORMAL, norm * EPSILON);
        ComplexMatrix x = new ComplexMatrix(n, n);
        ComplexMatrix gap = new ComplexMatrix(1, 1);
        for (int j = 0; j < n; j++) {
            x.set(x.at(j, j), 1, 0);
            for (int i = j - 1; i >= 0; i--) {
                int to = x.at(i, j);
                for (int k = i + 1; k <= j; k++) {
                    x.addMultiple(to, -t.re[t.at(i, k)], -t.im[t.at(i, k)], x.at(k, j));
                }
                gap.set(0, t.re[t.at(i, i)] - values.re[j], t.im[t.at(i, i)] - values.im[j]);
                if (Math.hypot(gap.re[0], gap.im[0]) < least) gap.set(0, least, 0);
                x.divide(to, gap, 0);
            }
        }
        ComplexMatrix product = q.times(x);
        for (int j = 0; j < n; j++) {
            double size = 0;
            for (int i = 0; i < n; i++)
                size = Math.hypot(size, Math.hypot(product.re[product.at(i, j)], product.im[product.at(i, j)]));
            int largest = 0;
            double most = -1;
            for (int i = 0; i < n; i++) {
                double abs = Math.hypot(product.re[product.at(i, j)], product.im[product.at(i, j)]);
                if (abs > most) {
                    most = abs;
                    largest = i;
                }
            }
            // The largest element is made real, as LAPACK does.
            double c = product.re[product.at(largest, j)] / most / size;
            double d = -product.im[product.at(largest, j)] / most / size;
            for (int i = 0; i < n; i++) {
                int p = product.at(i, j);
                vectors.set(p, product.re[p] * c - product.im[p] * d, product.re[p] * d + product.im[p] * c);
            }
            vectors.im[vectors.at(largest, j)] = 0;
        }
        return true;
    }
}
