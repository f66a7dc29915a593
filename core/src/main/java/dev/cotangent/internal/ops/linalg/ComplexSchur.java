package dev.cotangent.internal.ops.linalg;

import dev.cotangent.Complex;

/** Schur's form of a complex Hessenberg matrix by the QR algorithm with single shifts. */
final class ComplexSchur {
    private static final double EPSILON = 0x1p-52;
    private static final int STEPS = 30;

    private ComplexSchur() {}

    /** Makes {@code t} upper triangular, and multiplies {@code q} by the rotations; returns whether it converged. */
    static boolean reduce(ComplexMatrix t, ComplexMatrix q) {
        int n = t.rows;
        int high = n - 1;
        int step = 0;
        while (high > 0) {
            int low = high;
            while (low > 0 && !isNegligible(t, low)) low--;
            if (low > 0) t.set(t.at(low, low - 1), 0, 0);
            if (low == high) {
                high--;
                step = 0;
                continue;
            }
            if (++step > STEPS * 4) return false;
            Complex shift = step % 10 == 0 ? exceptional(t, high) : wilkinson(t, high);
            sweep(t, q, low, high, shift);
        }
        return true;
    }

    private static double size(ComplexMatrix t, int i, int j) {
        return Math.abs(t.re[t.at(i, j)]) + Math.abs(t.im[t.at(i, j)]);
    }

    private static boolean isNegligible(ComplexMatrix t, int i) {
        double sum = size(t, i, i) + size(t, i - 1, i - 1);
        return size(t, i, i - 1) <= EPSILON * (sum == 0 ? 1 : sum);
    }

    private static Complex exceptional(ComplexMatrix t, int high) {
        double more = size(t, high, high - 1) + (high > 1 ? size(t, high - 1, high - 2) : 0);
        return Complex.of(t.re[t.at(high, high)] + 0.75 * more, t.im[t.at(high, high)]);
    }

    /** Returns the eigenvalue of the last two rows and columns that is nearer to the last element. */
    private static Complex wilkinson(ComplexMatrix t, int high) {
        int a = t.at(high - 1, high - 1);
        int b = t.at(high - 1, high);
        int c = t.at(high, high - 1);
        int d = t.at(high, high);
        double halfRe = (t.re[a] - t.re[d]) / 2;
        double halfIm = (t.im[a] - t.im[d]) / 2;
        double re = halfRe * halfRe - halfIm * halfIm + t.re[b] * t.re[c] - t.im[b] * t.im[c];
        double im = 2 * halfRe * halfIm + t.re[b] * t.im[c] + t.im[b] * t.re[c];
        double root = Math.sqrt((Math.abs(re) + Math.hypot(re, im)) / 2);
        double rootRe = re >= 0 ? root : root == 0 ? 0 : Math.abs(im) / (2 * root);
        double rootIm = re >= 0 ? root == 0 ? 0 : im / (2 * root) : Math.copySign(root, im);
        // The smaller root of the quadratic, added to the last element.
        boolean flips = halfRe * rootRe + halfIm * rootIm > 0;
        double x = halfRe + (flips ? -rootRe : rootRe);
        double y = halfIm + (flips ? -rootIm : rootIm);
        return Complex.of(t.re[d] + x, t.im[d] + y);
    }

    /** Performs one step of {@code t - s = Q R}, {@code t = R Q + s} on the active rows, by Givens rotations. */
    private static void sweep(ComplexMatrix t, ComplexMatrix q, int low, int high, Complex shift) {
        int n = t.rows;
        double x = t.re[t.at(low, low)] - shift.re();
        double y = t.im[t.at(low, low)] - shift.im();
        double z = t.re[t.at(low + 1, low)];
        double w = t.im[t.at(low + 1, low)];
        for (int k = low; k < high; k++) {
            double f = Math.hypot(x, y);
            double g = Math.hypot(z, w);
            double r = Math.hypot(f, g);
            if (r > 0) {
                double c = f / r;
                // s = sign(f) conj(g) / r
                double ux = f == 0 ? 1 : x / f;
                double uy = f == 0 ? 0 : y / f;
                double sRe = (ux * z + uy * w) / r;
                double sIm = (uy * z - ux * w) / r;
                for (int j = Math.max(0, k - 1); j < n; j++) rotateRows(t, k, j, c, sRe, sIm);
                for (int i = 0; i <= Math.min(high, k + 2); i++) rotateColumns(t, i, k, c, sRe, sIm);
                for (int i = 0; i < n; i++) rotateColumns(q, i, k, c, sRe, sIm);
            }
            if (k > low) t.set(t.at(k + 1, k - 1), 0, 0);
            if (k + 2 <= high) {
                x = t.re[t.at(k + 1, k)];
                y = t.im[t.at(k + 1, k)];
                z = t.re[t.at(k + 2, k)];
                w = t.im[t.at(k + 2, k)];
            }
        }
    }

    /** Replaces (a, b) by (c a + s b, c b - conj(s) a). */
    private static void rotateRows(ComplexMatrix t, int k, int j, double c, double sRe, double sIm) {
        int a = t.at(k, j);
        int b = t.at(k + 1, j);
        double p = t.re[a];
        double q = t.im[a];
        double u = t.re[b];
        double v = t.im[b];
        t.set(a, c * p + sRe * u - sIm * v, c * q + sRe * v + sIm * u);
        t.set(b, c * u - (sRe * p + sIm * q), c * v - (sRe * q - sIm * p));
    }

    /** Replaces (a, b) by (c a + conj(s) b, c b - s a). */
    private static void rotateColumns(ComplexMatrix t, int i, int k, double c, double sRe, double sIm) {
        int a = t.at(i, k);
        int b = t.at(i, k + 1);
        double p = t.re[a];
        double q = t.im[a];
        double u = t.re[b];
        double v = t.im[b];
        t.set(a, c * p + sRe * u + sIm * v, c * q + sRe * v - sIm * u);
        t.set(b, c * u - (sRe * p - sIm * q), c * v - (sRe * q + sIm * p));
    }
}
