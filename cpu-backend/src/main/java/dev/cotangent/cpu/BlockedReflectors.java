package dev.cotangent.cpu;

import dev.cotangent.backend.Backend;

/**
 * QR factors by Householder reflectors, taken together in blocks {@code I - V T V^T} so that nearly all of the work is products of
 * matrices (Schreiber and Van Loan, SIAM J. Sci. Stat. Comput. 10 (1989)).
 */
final class BlockedReflectors {
    private static final int BLOCK = 32;

    /** Squares of numbers outside of these limits may overflow, or vanish. */
    private static final double LARGE = 1e140;

    private static final double SMALL = 1e-140;

    private final Backend backend;

    BlockedReflectors(Backend backend) {
        this.backend = backend;
    }

    /** Factors a column-major matrix in place. */
    void qr(MatrixPart a, double[] tau) {
        for (int j = 0; j < tau.length; j += BLOCK) {
            int width = Math.min(BLOCK, tau.length - j);
            MatrixPart panel = a.part(j, j, a.m() - j, width);
            small(panel, tau, j);
            int right = j + width;
            if (right < a.n()) apply(panel, tau, j, a.part(j, right, a.m() - j, a.n() - right), true);
        }
    }

    private static void small(MatrixPart p, double[] tau, int from) {
        double[] a = p.a();
        int m = p.m();
        for (int j = 0; j < p.n(); j++) {
            int column = p.at() + j * p.across();
            double factor = reflector(a, column + j, m - j);
            tau[from + j] = factor;
            if (factor == 0) continue;
            int v = column + j;
            double diagonal = a[v];
            a[v] = 1;
            for (int c = j + 1; c < p.n(); c++) {
                int other = p.at() + c * p.across() + j;
                double by = factor * dot(a, v, a, other, m - j);
                for (int i = 0; i < m - j; i++) a[other + i] -= by * a[v + i];
            }
            a[v] = diagonal;
        }
    }

    /** Makes the reflector of a vector of n elements, as LAPACK's DLARFG; returns its factor. */
    private static double reflector(double[] a, int at, int n) {
        double most = 0;
        for (int i = 1; i < n; i++) most = Math.max(most, Math.abs(a[at + i]));
        if (most == 0) return 0;
        double alpha = a[at];
        double unit = Math.max(most, Math.abs(alpha));
        if (unit < LARGE && unit > SMALL) unit = 1;
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double x = a[at + i] / unit;
            sum += x * x;
        }
        double beta = -Math.copySign(unit * Math.sqrt(sum), alpha);
        double scale = alpha - beta;
        for (int i = 1; i < n; i++) a[at + i] /= scale;
        a[at] = beta;
        return (beta - alpha) / beta;
    }

    private static double dot(double[] x, int i, double[] y, int j, int n) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int k = 0;
        for (; k < n - 3; k += 4) {
            a += x[i + k] * y[j + k];
            b += x[i + k + 1] * y[j + k + 1];
            c += x[i + k + 2] * y[j + k + 2];
            d += x[i + k + 3] * y[j + k + 3];
        }
        for (; k < n; k++) a += x[i + k] * y[j + k];
        return a + b + (c + d);
    }

    /** Applies a panel's reflectors, or their product transposed, to {@code c}. */
    private void apply(MatrixPart panel, double[] tau, int from, MatrixPart c, boolean transposed) {
        int m = panel.m();
        int k = panel.n();
        MatrixPart v = MatrixPart.of(backend, new double[m * k], m, k);
        for (int j = 0; j < k; j++) {
            v.set(j, j, 1);
            for (int i = j + 1; i < m; i++) v.set(i, j, panel.get(i, j));
        }
        MatrixPart dots = MatrixPart.of(backend, new double[k * k], k, k);
        dots.multiply(backend, 1, v.transposed(), v, 0);
        MatrixPart t = MatrixPart.of(backend, new double[k * k], k, k);
        for (int j = 0; j < k; j++) {
            double factor = tau[from + j];
            t.set(j, j, factor);
            for (int i = 0; i < j; i++) {
                double sum = 0;
                for (int l = i; l < j; l++) sum += t.get(i, l) * dots.get(l, j);
                t.set(i, j, -factor * sum);
            }
        }
        MatrixPart along = MatrixPart.of(backend, new double[k * c.n()], k, c.n());
        along.multiply(backend, 1, v.transposed(), c, 0);
        MatrixPart scaled = MatrixPart.of(backend, new double[k * c.n()], k, c.n());
        scaled.multiply(backend, 1, transposed ? t.transposed() : t, along, 0);
        c.multiply(backend, -1, v, scaled, 1);
    }

    /** Applies the product of the reflectors in the columns of {@code a}, or its transpose, to {@code c} from the left. */
    void multiply(MatrixPart a, double[] tau, int count, MatrixPart c, boolean transposed) {
        int blocks = Math.ceilDiv(count, BLOCK);
        for (int b = 0; b < blocks; b++) {
            int j = (transposed ? b : blocks - 1 - b) * BLOCK;
            int width = Math.min(BLOCK, count - j);
            apply(a.part(j, j, a.m() - j, width), tau, j, c.part(j, 0, c.m() - j, c.n()), transposed);
        }
    }

    /** Replaces reflectors by the first columns of their product. */
    void product(MatrixPart a, double[] tau) {
        MatrixPart packed = a.copy(backend);
        for (int j = 0; j < a.n(); j++) for (int i = 0; i < a.m(); i++) a.set(i, j, i == j ? 1 : 0);
        for (int j = (Math.ceilDiv(tau.length, BLOCK) - 1) * BLOCK; j >= 0; j -= BLOCK) {
            int width = Math.min(BLOCK, tau.length - j);
            // Columns before the block are those of the identity, which it does not change.
            MatrixPart c = a.part(j, j, a.m() - j, a.n() - j);
            apply(packed.part(j, j, a.m() - j, width), tau, j, c, false);
        }
    }
}
