package dev.cotangent.cpu;

/**
 * The regularised incomplete gamma functions. Sources: DLMF chapter 8 (series 8.11.4, continued fraction 8.9.2,
 * expansion for large parameters 8.12.3); C. Loader, "Fast and accurate computation of binomial probabilities" (2000),
 * for the factor that they share; N. M. Temme, "The asymptotic expansion of the incomplete gamma functions" (1979), and
 * A. R. DiDonato and A. H. Morris, ACM TOMS 12 (1986), for the coefficients of the expansion.
 */
final class IncompleteGamma {
    /** From this parameter on the expansion for large ones is used where argument and parameter are about equal. */
    private static final double LARGE = 1e4;

    private static final double ABOUT = 0.3;
    private static final double ULP = 0x1p-53;
    private static final int MOST = 20_000;

    /** Coefficients of the expansion: a row for each power of the parameter, in powers of eta. */
    private static final double[][] TEMME = {
        {
            -0.3333333333333333,
            0.08333333333333333,
            -0.014814814814814815,
            0.0011574074074074073,
            0.0003527336860670194,
            -0.0001787551440329218,
            3.919263178522438E-5,
            -2.1854485106799924E-6,
            -1.85406221071516E-6,
            8.296711340953087E-7,
            -1.7665952736826078E-7,
            6.707853543401498E-9,
            1.0261809784240309E-8,
            -4.382036018453353E-9
        },
        {
            -0.001851851851851852,
            -0.003472222222222222,
            0.0026455026455026454,
            -0.0009902263374485596,
            0.00020576131687242798,
            -4.018775720164609E-7,
            -1.8098550334489977E-5,
            7.64916091608111E-6,
            -1.6120900894563446E-6,
            4.647127802807434E-9,
            1.378633446915721E-7,
            -5.752545603517705E-8,
            1.1951628599778148E-8,
            -1.7543241719747647E-11
        },
        {
            0.004133597883597883,
            -0.0026813271604938273,
            0.0007716049382716049,
            2.0093878600823047E-6,
            -0.00010736653226365161,
            5.2923448829120125E-5,
            -1.2760635188618728E-5,
            3.423578734096138E-8,
            1.3721957309062932E-6,
            -6.298992138380055E-7,
            1.4280614206064242E-7,
            -2.0477098421990866E-10,
            -1.409252991086752E-8,
            6.228974084922022E-9
        },
        {
            0.0006494341563786008,
            0.00022947209362139917,
            -0.0004691894943952557,
            0.00026772063206283885,
            -7.561801671883977E-5,
            -2.396505113867297E-7,
            1.1082654115347302E-5,
            -5.6749528269915965E-6,
            1.4230900732435883E-6,
            -2.7861080291528143E-11,
            -1.6958404091930278E-7,
            8.099464905388083E-8,
            -1.9111168485973655E-8,
            2.3928620439808118E-12
        }
    };

    private IncompleteGamma() {}

    /** Returns the part below x of the gamma distribution of shape a; NaN where either is negative. */
    static double lower(double a, double x) {
        if (!(a >= 0 && x >= 0)) return Double.NaN;
        if (a == 0) return x > 0 ? 1 : Double.NaN;
        if (x == 0) return 0;
        if (Double.isInfinite(a)) return Double.isInfinite(x) ? Double.NaN : 0;
        if (Double.isInfinite(x)) return 1;
        if (isAbout(a, x)) return expansion(a, x, -1);
        return x > 1 && x > a ? 1 - fraction(a, x) : series(a, x);
    }

    /** Returns the part above x of the gamma distribution of shape a; NaN where either is negative. */
    static double upper(double a, double x) {
        if (!(a >= 0 && x >= 0)) return Double.NaN;
        if (a == 0) return x > 0 ? 0 : Double.NaN;
        if (x == 0) return 1;
        if (Double.isInfinite(a)) return Double.isInfinite(x) ? Double.NaN : 1;
        if (Double.isInfinite(x)) return 0;
        if (isAbout(a, x)) return expansion(a, x, 1);
        if (x > 1.1) return x < a ? 1 - series(a, x) : fraction(a, x);
        boolean mostIsBelow = x <= 0.5 ? -0.4 / Math.log(x) < a : x * 1.1 < a;
        return mostIsBelow ? 1 - series(a, x) : upperSeries(a, x);
    }

    private static boolean isAbout(double a, double x) {
        return a >= LARGE && Math.abs(x - a) < ABOUT * a;
    }

    /** Computes x^a e^-x / gamma(a + 1). */
    private static double factor(double a, double x) {
        if (a < 15) return Math.exp(a * Math.log(x) - x - SpecialMath.lgamma(a + 1));
        double mu = (x - a) / a;
        double exponent = Math.abs(mu) < 0.4 ? a * log1pLess(mu) : a * Math.log(x / a) - (x - a);
        double r = 1 / (a * a);
        double stirling = ((((1 / 1188.0 * r - 1 / 1680.0) * r + 1 / 1260.0) * r - 1 / 360.0) * r + 1 / 12.0) / a;
        return Math.exp(exponent - stirling) / Math.sqrt(2 * Math.PI * a);
    }

    /** Computes log(1 + u) - u without cancellation, for |u| of at most 0.4, in powers of u / (2 + u). */
    private static double log1pLess(double u) {
        double r = u / (2 + u);
        double square = r * r;
        double sum = 0;
        for (int k = 41; k >= 3; k -= 2) sum = sum * square + 2.0 / k;
        return sum * square * r - r * u;
    }

    private static double series(double a, double x) {
        double scale = factor(a, x);
        if (scale == 0) return 0;
        double sum = 1;
        double term = 1;
        for (int n = 1; n < MOST && term > ULP * sum; n++) {
            term *= x / (a + n);
            sum += term;
        }
        return sum * scale;
    }

    /**
     * Computes the upper function where both are small: 1 - x^a / gamma(1 + a), less an alternating series (DLMF
     * 8.7.3).
     */
    private static double upperSeries(double a, double x) {
        double power = 1;
        double sum = 0;
        for (int n = 1; n < MOST; n++) {
            power *= -x / n;
            double term = power / (a + n);
            sum += term;
            if (Math.abs(term) <= ULP * Math.abs(sum)) break;
        }
        double log = a * Math.log(x) - SpecialMath.lgamma(1 + a);
        return -Math.expm1(log) - a * Math.exp(log) * sum;
    }

    /** Evaluates the continued fraction by Lentz's method; its terms are positive as x is at least a. */
    private static double fraction(double a, double x) {
        double scale = factor(a, x);
        if (scale == 0) return 0;
        double b = x + 1 - a;
        double c = 1 / Double.MIN_NORMAL;
        double d = 1 / b;
        double h = d;
        for (int n = 1; n < MOST; n++) {
            double numerator = n * (a - n);
            b += 2;
            d = 1 / notZero(numerator * d + b);
            c = notZero(b + numerator / c);
            double ratio = d * c;
            h *= ratio;
            if (Math.abs(ratio - 1) <= 2 * ULP) break;
        }
        return a * scale * h;
    }

    private static double notZero(double x) {
        return x == 0 ? Double.MIN_NORMAL : x;
    }

    /** Evaluates the expansion for large parameters, of the upper function with sign 1, of the lower one with -1. */
    private static double expansion(double a, double x, int sign) {
        double mu = (x - a) / a;
        double exponent = log1pLess(mu);
        double eta = Math.copySign(Math.sqrt(-2 * exponent), mu);
        double sum = 0;
        for (int k = TEMME.length - 1; k >= 0; k--) {
            double row = 0;
            for (int n = TEMME[k].length - 1; n >= 0; n--) row = row * eta + TEMME[k][n];
            sum = sum / a + row;
        }
        double rest = Math.exp(a * exponent) / Math.sqrt(2 * Math.PI * a) * sum;
        return 0.5 * SpecialMath.erfc(sign * eta * Math.sqrt(a / 2)) + sign * rest;
    }
}
