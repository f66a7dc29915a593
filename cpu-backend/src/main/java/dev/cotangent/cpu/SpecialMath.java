package dev.cotangent.cpu;

/** Functions that {@link Math} has not, in double precision. */
final class SpecialMath {
    private static final double LN2 = 0.6931471805599453;
    private static final double HALF_LOG_2PI = 0.9189385332046728;
    private static final double EULER = 0.5772156649015329;

    /** B(2k) / (2k)! for k = 1, 2, ...: the weights of the formula of Euler and Maclaurin. */
    private static final double[] MACLAURIN = new double[12];
    /** B(2k) for k = 1, 2, ... */
    private static final double[] BERNOULLI = {
        1.0 / 6,
        -1.0 / 30,
        1.0 / 42,
        -1.0 / 30,
        5.0 / 66,
        -691.0 / 2730,
        7.0 / 6,
        -3617.0 / 510,
        43867.0 / 798,
        -174611.0 / 330,
        854513.0 / 138,
        -236364091.0 / 2730
    };
    /** zeta(k) - 1. */
    private static final double[] ZETA_LESS_1 = new double[40];

    static {
        double factorial = 1;
        for (int k = 0; k < MACLAURIN.length; k++) {
            factorial *= (2 * k + 1) * (2 * k + 2);
            MACLAURIN[k] = BERNOULLI[k] / factorial;
        }
        for (int k = 2; k < ZETA_LESS_1.length; k++) ZETA_LESS_1[k] = zeta(k, 2);
    }

    private SpecialMath() {}

    static double asinh(double x) {
        double a = Math.abs(x);
        double r = a > 0x1p28 ? Math.log(a) + LN2 : Math.log1p(a + a * a / (1 + Math.sqrt(a * a + 1)));
        return Math.copySign(r, x);
    }

    static double acosh(double x) {
        if (x < 1) return Double.NaN;
        if (x > 0x1p28) return Math.log(x) + LN2;
        double t = x - 1;
        return Math.log1p(t + Math.sqrt(2 * t + t * t));
    }

    static double atanh(double x) {
        double a = Math.abs(x);
        double r = a < 0.5 ? 0.5 * Math.log1p(2 * a + 2 * a * a / (1 - a)) : 0.5 * Math.log1p(2 * a / (1 - a));
        return Math.copySign(r, x);
    }

    // W. J. Cody, "Rational Chebyshev approximations for the error function", Math. Comp. 23 (1969): erf near 0,
    // erfc * e^(x^2) in the middle, and its asymptotic form in 1 / x^2.
    private static final double[] ERF_P = {
        1.85777706184603153e-1,
        3.16112374387056560e0,
        1.13864154151050156e2,
        3.77485237685302021e2,
        3.20937758913846947e3
    };
    private static final double[] ERF_Q = {
        1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3
    };
    private static final double[] ERFC_P = {
        2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594e0, 6.61191906371416295e1,
        2.98635138197400131e2, 8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3,
        1.23033935479799725e3
    };
    private static final double[] ERFC_Q = {
        1,
        1.57449261107098347e1,
        1.17693950891312499e2,
        5.37181101862009858e2,
        1.62138957456669019e3,
        3.29079923573345963e3,
        4.36261909014324716e3,
        3.43936767414372164e3,
        1.23033935480374942e3
    };
    private static final double[] TAIL_P = {
        1.63153871373020978e-2,
        3.05326634961232344e-1,
        3.60344899949804439e-1,
        1.25781726111229246e-1,
        1.60837851487422766e-2,
        6.58749161529837803e-4
    };
    private static final double[] TAIL_Q = {
        1,
        2.56852019228982242e0,
        1.87295284992346725e0,
        5.27905102951428412e-1,
        6.05183413124413191e-2,
        2.33520497626869185e-3
    };

    private static double horner(double[] c, double x) {
        double r = c[0];
        for (int i = 1; i < c.length; i++) r = r * x + c[i];
        return r;
    }

    static double erf(double x) {
        double a = Math.abs(x);
        if (a <= 0.46875) return x * horner(ERF_P, x * x) / horner(ERF_Q, x * x);
        return Math.copySign(1 - erfcTail(a), x);
    }

    static double erfc(double x) {
        double a = Math.abs(x);
        if (a <= 0.46875) return 1 - erf(x);
        double r = erfcTail(a);
        return x < 0 ? 2 - r : r;
    }

    /** Computes erfc of a number above 0.46875. */
    private static double erfcTail(double a) {
        if (a > 27) return 0;
        double r;
        if (a <= 4) {
            r = horner(ERFC_P, a) / horner(ERFC_Q, a);
        } else {
            double z = 1 / (a * a);
            r = z * horner(TAIL_P, z) / horner(TAIL_Q, z);
            r = (0.5641895835477563 - r) / a;
        }
        // e^(-a^2) in two factors, so that the error of a^2 is not magnified.
        double coarse = (int) (a * 16) / 16.0;
        return Math.exp(-coarse * coarse) * Math.exp(-(a - coarse) * (a + coarse)) * r;
    }

    /**
     * Implements M. Giles, "Approximating the erfinv function" (2010), or close to 1 the leading term of erfc; then
     * Halley's steps.
     */
    static double erfinv(double y) {
        double a = Math.abs(y);
        if (!(a < 1)) return a == 1 ? Math.copySign(Double.POSITIVE_INFINITY, y) : Double.NaN;
        if (a == 0) return y;
        double w = -Math.log1p(-a * a);
        double[] c = w < 5 ? GILES_CENTRE : GILES_TAIL;
        double x = horner(c, w < 5 ? w - 2.5 : Math.sqrt(w) - 3) * a;
        if (w > 16) {
            double l = -Math.log1p(-a);
            x = Math.sqrt(l - 0.5 * Math.log(Math.PI * l));
        }
        for (int step = 0; step < 3; step++) {
            double miss = a < 0.5 ? erf(x) - a : (1 - a) - erfc(x);
            double u = miss / (1.1283791670955126 * Math.exp(-x * x));
            x -= u / (1 + x * u);
        }
        return Math.copySign(x, y);
    }

    private static final double[] GILES_CENTRE = {
        2.81022636e-08,
        3.43273939e-07,
        -3.5233877e-06,
        -4.39150654e-06,
        0.00021858087,
        -0.00125372503,
        -0.00417768164,
        0.246640727,
        1.50140941
    };
    private static final double[] GILES_TAIL = {
        -0.000200214257,
        0.000100950558,
        0.00134934322,
        -0.00367342844,
        0.00573950773,
        -0.0076224613,
        0.00943887047,
        1.00167406,
        2.83297682
    };

    /** Computes sin(pi x), exact for integers. */
    private static double sinPi(double x) {
        double whole = Math.rint(x);
        double s = Math.sin(Math.PI * (x - whole));
        return whole % 2 == 0 ? s : -s;
    }

    /**
     * Computes ln |gamma(x)|: near 1 and 2, where it vanishes, by the series in zeta(k) - 1 (DLMF 5.7.3), elsewhere by
     * Stirling's series (DLMF 5.11.1) from 12 on, reached by the recurrence; below 0 by reflection (DLMF 5.5.3).
     */
    static double lgamma(double x) {
        if (x != x) return x;
        if (x <= 0) {
            if (x == Math.rint(x)) return Double.POSITIVE_INFINITY;
            if (x > -1e-300) return -Math.log(-x);
            return Math.log(Math.PI / Math.abs(x * sinPi(x))) - lgamma(-x);
        }
        if (x >= 0.5 && x < 1.5) return aroundTwo(x - 1) - Math.log1p(x - 1);
        if (x >= 1.5 && x <= 2.5) return aroundTwo(x - 2);
        if (x > 1e17) return x * (Math.log(x) - 1);
        double shifted = 1;
        double z = x;
        for (; z < 12; z++) shifted *= z;
        double r = 1 / (z * z);
        double sum = 0;
        for (int k = 8; k >= 1; k--) sum = sum * r + BERNOULLI[k - 1] / (2 * k * (2 * k - 1));
        return (z - 0.5) * Math.log(z) - z + HALF_LOG_2PI + sum / z - Math.log(shifted);
    }

    /** Computes ln gamma(2 + z) for |z| of at most a half. */
    private static double aroundTwo(double z) {
        double sum = 0;
        for (int k = ZETA_LESS_1.length - 1; k >= 2; k--) sum = ZETA_LESS_1[k] / k - z * sum;
        return z * (1 - EULER + z * sum);
    }

    /**
     * Computes digamma by the asymptotic series (DLMF 5.11.2) from 12 on, reached by the recurrence; below 0 by
     * reflection.
     */
    static double digamma(double x) {
        if (x == 0) return Math.copySign(Double.POSITIVE_INFINITY, -x);
        if (x < 0) {
            if (x == Math.rint(x)) return Double.NaN;
            double part = x - Math.rint(x);
            return digamma(1 - x) - Math.PI / Math.tan(Math.PI * part);
        }
        double result = 0;
        double z = x;
        for (; z < 12; z++) result -= 1 / z;
        double r = 1 / (z * z);
        double sum = 0;
        for (int k = 8; k >= 1; k--) sum = sum * r + BERNOULLI[k - 1] / (2 * k);
        return result + Math.log(z) - 0.5 / z - sum * r;
    }

    /**
     * Computes polygamma by Hurwitz's zeta function (DLMF 5.15.1 and 25.11.12), as in PyTorch NaN at infinity; trigamma
     * is 0 there, and also known below 0, by reflection, where pi times x is rounded, so that whole numbers give a
     * large number.
     */
    static double polygamma(double order, double x) {
        if (order == 0) return digamma(x);
        if (order == 1 && x == Double.POSITIVE_INFINITY) return 0;
        if (order == 1 && x < 0.5) return reflected(Math.sin(Math.PI * x), x);
        double factorial = order < 20 ? factorial((int) order) : Math.exp(lgamma(order + 1));
        return (order % 2 == 0 ? -1 : 1) * factorial * zeta(order + 1, x);
    }

    /** Works as {@link #polygamma(double, double)} for float32. */
    static float polygamma(float order, float x) {
        if (order == 1 && x < 0.5f) return (float) reflected((float) Math.sin((float) Math.PI * x), x);
        return (float) polygamma((double) order, (double) x);
    }

    private static double reflected(double sin, double x) {
        return Math.PI * Math.PI / (sin * sin) - zeta(2, 1 - x);
    }

    private static double factorial(int n) {
        double r = 1;
        for (int i = 2; i <= n; i++) r *= i;
        return r;
    }

    /**
     * Hurwitz's zeta function, with PyTorch's limits: infinity at s = 1 and at the poles, NaN below 1, and below 0
     * unless s is whole. There it is the sum over the numbers on either side of 0.
     */
    static double hurwitz(double s, double q) {
        if (s == 1) return Double.POSITIVE_INFINITY;
        if (!(s > 1) || q != q) return Double.NaN;
        if (q > 0) return zeta(s, q);
        if (q == Math.floor(q)) return Double.POSITIVE_INFINITY;
        if (s != Math.floor(s)) return Double.NaN;
        double whole = Math.floor(-q);
        double part = -q - whole;
        double below = zeta(s, part) - zeta(s, part + whole + 1);
        return zeta(s, 1 - part) + (s % 2 == 0 ? below : -below);
    }

    /** Computes the sum of 1 / (q + n)^s over n = 0, 1, ... by the formula of Euler and Maclaurin (DLMF 2.10.1). */
    private static double zeta(double s, double q) {
        if (q <= 0 && q == Math.floor(q)) return Double.POSITIVE_INFINITY;
        if (q < -1e6) return Double.NaN;
        double sum = 0;
        double a = q;
        for (int n = 0; n < 12 || a < 12; n++, a++) sum += Math.pow(a, -s);
        double power = Math.pow(a, -s);
        if (power == 0 && a < Double.POSITIVE_INFINITY) return sum;
        sum += a * power / (s - 1) + 0.5 * power;
        double factor = s * power / a;
        for (int k = 1; k <= MACLAURIN.length; k++) {
            sum += MACLAURIN[k - 1] * factor;
            factor *= (s + 2 * k - 1) * (s + 2 * k) / (a * a);
        }
        return sum;
    }
}
