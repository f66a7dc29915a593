package dev.cotangent.tests.reference;

/**
 * Functions that {@link Math} lacks, in double: each by the plainest method that converges, to about 1e-13. Sources:
 * Abramowitz and Stegun, "Handbook of Mathematical Functions", chapters 4 (inverse hyperbolic), 6 (gamma), 7 (error
 * function) and 23 (Bernoulli numbers, zeta); limits and poles as C's library and PyTorch have them.
 */
final class ReferenceMath {
    private static final double[] BERNOULLI = {
        1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510, 43867.0 / 798
    };
    private static final double FAR = 20;

    private ReferenceMath() {}

    /** Computes C's pow: 1 to anything and anything to 0 is 1, and -1 to an infinity is 1. */
    static double pow(double a, double b) {
        if (a == 1 || a == -1 && Double.isInfinite(b)) return 1;
        return Math.pow(a, b);
    }

    static double asinh(double x) {
        double a = Math.abs(x);
        double r = a > 1e150 ? Math.log(a) + Math.log(2) : Math.log1p(a + a * a / (1 + Math.sqrt(a * a + 1)));
        return Math.copySign(r, x);
    }

    static double acosh(double x) {
        if (x < 1) return Double.NaN;
        double t = x - 1;
        return x > 1e150 ? Math.log(x) + Math.log(2) : Math.log1p(t + Math.sqrt(t * (t + 2)));
    }

    static double atanh(double x) {
        double a = Math.abs(x);
        return Math.copySign(Math.log1p(2 * a / (1 - a)) / 2, x);
    }

    static double erf(double x) {
        if (Math.abs(x) > 2) return Math.signum(x) * (1 - erfc(Math.abs(x)));
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    static double erfc(double x) {
        if (!(x > 1.5)) return 1 - erf(x);
        if (x > 30) return 0;
        double f = x;
        for (int n = 400; n >= 1; n--) f = x + n / 2.0 / f;
        // exp(-x^2) with the square in two parts: its rounding error would be multiplied by x^2.
        double high = Math.round(x * 16) / 16.0;
        return Math.exp(-high * high) * Math.exp((high - x) * (high + x)) / (f * Math.sqrt(Math.PI));
    }

    static double erfinv(double y) {
        double a = Math.abs(y);
        if (!(a < 1)) return a == 1 ? y * Double.POSITIVE_INFINITY : Double.NaN;
        if (y == 0) return y;
        double l = Math.log1p(-a * a);
        double c = 2 / (Math.PI * 0.147) + l / 2;
        double x = Math.sqrt(Math.sqrt(c * c - l / 0.147) - c);
        for (int n = 0; n < 20; n++) {
            double error = a < 0.5 ? erf(x) - a : (1 - a) - erfc(x);
            x -= error * Math.sqrt(Math.PI) / 2 * Math.exp(x * x);
        }
        return Math.copySign(x, y);
    }

    static double lgamma(double x) {
        if (Double.isInfinite(x) || x <= 0 && x == Math.rint(x)) return Double.POSITIVE_INFINITY;
        if (Math.abs(x) < 1e-18) return -Math.log(Math.abs(x));
        if (x < 0.5) return Math.log(Math.PI) - Math.log(Math.abs(sinPi(x))) - lgamma(1 - x);
        double product = 1;
        for (; x < FAR; x++) product *= x;
        double sum = (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 - Math.log(product);
        for (int k = 1; k <= BERNOULLI.length; k++) {
            sum += BERNOULLI[k - 1] / (2 * k * (2 * k - 1) * Math.pow(x, 2 * k - 1));
        }
        return sum;
    }

    static double digamma(double x) {
        if (x == 0) return -1 / x;
        if (x == Double.POSITIVE_INFINITY) return x;
        if (x < 0 && x == Math.rint(x)) return Double.NaN;
        if (x < 0) return digamma(1 - x) - Math.PI * sinPi(x + 0.5) / sinPi(x);
        double sum = 0;
        for (; x < FAR; x++) sum -= 1 / x;
        sum += Math.log(x) - 1 / (2 * x);
        for (int k = 1; k <= BERNOULLI.length; k++) sum -= BERNOULLI[k - 1] / (2 * k * Math.pow(x, 2 * k));
        return sum;
    }

    /** Computes polygamma as a sum over 1 / (x + k)^(n + 1); NaN far below zero except at the poles. */
    static double polygamma(double n, double x) {
        if (x < -1e6 && x != Math.rint(x)) return Double.NaN;
        double factorial = 1;
        for (int k = 2; k <= n; k++) factorial *= k;
        return (n % 2 == 0 ? -1 : 1) * factorial * zeta(n + 1, x);
    }

    /** Computes the Hurwitz zeta function, for negative q and integer s term by term until q is positive. */
    static double hurwitz(double s, double q) {
        if (s == 1) return Double.POSITIVE_INFINITY;
        if (!(s > 1) || q != q || q < 0 && q != Math.rint(q) && s != Math.rint(s)) return Double.NaN;
        return zeta(s, q);
    }

    /**
     * Computes by the power series, or where that loses precision by the continued fraction, evaluated from its end.
     */
    static double gammainc(double a, double x, boolean upper) {
        if (!(a >= 0 && x >= 0) || a == 0 && x == 0) return Double.NaN;
        if (a == 0 || x == 0) return (x == 0) == upper ? 1 : 0;
        double scale = Math.exp(a * Math.log(x) - x - lgamma(a));
        if (x > a + 1) {
            double f = 0;
            for (int n = 3000; n >= 1; n--) f = n * (a - n) / (x + 2 * n + 1 - a + f);
            double above = scale / (x + 1 - a + f);
            return upper ? above : 1 - above;
        }
        double term = 1 / a;
        double sum = term;
        for (int n = 1; term > sum * 1e-18; n++) sum += term *= x / (a + n);
        return upper ? 1 - scale * sum : scale * sum;
    }

    /** Computes a Chebyshev polynomial by the recurrence from 1 and {@code factor * x + shift}. */
    static double chebyshev(double x, double degree, double factor, double shift) {
        long n = (long) degree;
        if (!(degree > -1)) return 0;
        double p = 1;
        double q = n == 0 ? 1 : factor * x + shift;
        for (long k = 2; k <= n && q == q; k++) {
            double r = 2 * x * q - p;
            p = q;
            q = r;
        }
        return q;
    }

    static double hermite(double x, double degree, double factor) {
        long n = (long) degree;
        if (!(degree > -1)) return 0;
        double p = 1;
        double q = n == 0 ? 1 : factor * x;
        for (long k = 1; k < n; k++) {
            double r = factor * (x * q - k * p);
            p = q;
            q = r;
        }
        return q;
    }

    static double laguerre(double x, double degree) {
        long n = (long) degree;
        if (!(degree > -1)) return 0;
        double p = 1;
        double q = n == 0 || x == 0 ? 1 : 1 - x;
        for (long k = 1; k < n && x != 0 && q == q; k++) {
            double r = ((2 * k + 1 - x) * q - k * p) / (k + 1);
            p = q;
            q = r;
        }
        return q;
    }

    static double legendre(double x, double degree) {
        long n = (long) degree;
        if (!(degree > -1)) return 0;
        double p = 1;
        double q = n == 0 ? 1 : x;
        for (long k = 1; k < n && q == q; k++) {
            double r = ((2 * k + 1) * x * q - k * p) / (k + 1);
            p = q;
            q = r;
        }
        return q;
    }

    private static double zeta(double s, double q) {
        if (q == Double.POSITIVE_INFINITY) return s == 2 ? 0 : Double.NaN;
        if (q <= 0 && q == Math.rint(q)) return Double.POSITIVE_INFINITY;
        double sum = 0;
        for (; q < FAR; q++) sum += Math.pow(q, -s);
        sum += Math.pow(q, 1 - s) / (s - 1) + Math.pow(q, -s) / 2;
        double factor = s * Math.pow(q, -s - 1) / 2;
        for (int k = 1; k <= BERNOULLI.length; k++) {
            sum += BERNOULLI[k - 1] * factor;
            factor *= (s + 2 * k - 1) * (s + 2 * k) / ((2 * k + 1.0) * (2 * k + 2) * q * q);
        }
        return sum;
    }

    private static double sinPi(double x) {
        double turns = x - 2 * Math.rint(x / 2);
        double folded = turns > 0.5 ? 1 - turns : turns < -0.5 ? -1 - turns : turns;
        return Math.sin(Math.PI * folded);
    }
}
