package dev.cotangent.cpu;

/**
 * Orthogonal polynomials by their three-term recurrences (DLMF 18.9), those of Chebyshev inside of their interval by the
 * trigonometric forms (DLMF 18.5). A degree is truncated; of a negative one, or what no long holds, the result is 0.
 */
final class OrthogonalPolynomials {
    /** From these degrees on the trigonometric forms are used. */
    private static final int FIRST_KIND = 6;

    private static final int OTHER_KINDS = 8;

    /** The largest degrees whose Hermite polynomials are computed, by type. */
    private static final int FLOAT_LIMIT = 128;

    private static final int DOUBLE_LIMIT = 512;

    private OrthogonalPolynomials() {}

    private static boolean hasNone(double degree) {
        return !(degree > -1 && degree < 0x1p63);
    }

    /** Returns b if n is even, else -b. */
    private static double alternate(long n, double b) {
        return n % 2 == 0 ? b : -b;
    }

    /** Evaluates Chebyshev's recurrence from 1 and the polynomial of degree 1. */
    private static double recurrence(double x, double first, long n) {
        if (n == 0) return 1;
        double p = 1;
        double q = first;
        for (long k = 2; k <= n && q == q; k++) {
            double r = (x + x) * q - p;
            p = q;
            q = r;
        }
        return q;
    }

    /** Returns the value at x from that at |x|; near 1 the angle is exact. */
    private static double mirror(double x, long n, double value) {
        return x < 0 ? alternate(n, value) : value;
    }

    private static double thirdKind(double a, long n) {
        double angle = Math.acos(a);
        return Math.cos((n + 0.5) * angle) / Math.cos(angle / 2);
    }

    private static double fourthKind(double a, long n) {
        double angle = Math.acos(a);
        return Math.sin((n + 0.5) * angle) / Math.sin(angle / 2);
    }

    static double chebyshevT(double x, double degree) {
        if (hasNone(degree)) return 0;
        long n = (long) degree;
        double a = Math.abs(x);
        if (a == 1) return x > 0 ? 1 : alternate(n, 1);
        if (n > FIRST_KIND && a < 1) return mirror(x, n, Math.cos(n * Math.acos(a)));
        return recurrence(x, x, n);
    }

    static double chebyshevU(double x, double degree) {
        if (hasNone(degree)) return 0;
        long n = (long) degree;
        double most = n + 1.0;
        double a = Math.abs(x);
        if (a == 1) return x > 0 ? most : alternate(n, most);
        if (n > OTHER_KINDS && a < 1) {
            double angle = Math.acos(a);
            return mirror(x, n, Math.sin(most * angle) / Math.sin(angle));
        }
        return recurrence(x, x + x, n);
    }

    static double chebyshevV(double x, double degree) {
        if (hasNone(degree)) return 0;
        long n = (long) degree;
        double most = 2.0 * n + 1;
        double a = Math.abs(x);
        if (a == 1) return x > 0 ? 1 : alternate(n, most);
        if (n > OTHER_KINDS && a < 1) return x < 0 ? alternate(n, fourthKind(a, n)) : thirdKind(a, n);
        return recurrence(x, x + x - 1, n);
    }

    static double chebyshevW(double x, double degree) {
        if (hasNone(degree)) return 0;
        long n = (long) degree;
        double most = 2.0 * n + 1;
        double a = Math.abs(x);
        if (a == 1) return x > 0 ? most : alternate(n, 1);
        if (n > OTHER_KINDS && a < 1) return x < 0 ? alternate(n, thirdKind(a, n)) : fourthKind(a, n);
        return recurrence(x, x + x + 1, n);
    }

    static double hermiteH(double x, double degree) {
        return hermite(x, degree, 2, DOUBLE_LIMIT);
    }

    static float hermiteH(float x, float degree) {
        return (float) hermite(x, degree, 2, FLOAT_LIMIT);
    }

    static double hermiteHe(double x, double degree) {
        return hermite(x, degree, 1, DOUBLE_LIMIT);
    }

    static float hermiteHe(float x, float degree) {
        return (float) hermite(x, degree, 1, FLOAT_LIMIT);
    }

    /** Computes the polynomials of physicists with the factor 2, of probabilists with 1. */
    private static double hermite(double x, double degree, double factor, int limit) {
        if (hasNone(degree)) return 0;
        long n = (long) degree;
        if (n == 0) return 1;
        if (n > limit) return Double.NaN;
        double p = 1;
        double q = factor * x;
        for (long k = 1; k < n; k++) {
            double r = factor * x * q - factor * k * p;
            p = q;
            q = r;
        }
        return q;
    }

    static double laguerreL(double x, double degree) {
        if (hasNone(degree)) return 0;
        long n = (long) degree;
        if (n == 0 || x == 0) return 1;
        double p = 1;
        double q = 1 - x;
        for (long k = 1; k < n && q == q; k++) {
            double r = ((k + k + (1 - x)) * q - k * p) / (k + 1);
            p = q;
            q = r;
        }
        return q;
    }

    static double legendreP(double x, double degree) {
        if (hasNone(degree)) return 0;
        long n = (long) degree;
        if (n == 0) return 1;
        if (Math.abs(x) == 1) return x > 0 ? 1 : alternate(n, 1);
        double p = 1;
        double q = x;
        for (long k = 1; k < n && q == q; k++) {
            double r = ((k + k + 1) * x * q - k * p) / (k + 1);
            p = q;
            q = r;
        }
        return q;
    }
}
