package dev.cotangent.cpu;

/**
 * Numbers of some 100 bits as unevaluated sums of two of float64 (T. J. Dekker, "A floating-point technique for extending the
 * available precision", 1971), by which functions of float64 are measured.
 */
record Twofold(double high, double low) {
    /** ln 2 in three parts, the first two such that whole numbers times them are exact. */
    private static final double LN2_HIGH = 0x1.62e42feep-1;

    private static final double LN2_MIDDLE = 0x1.a39ef357p-33;
    private static final double LN2_LOW = 0x1.278ece600fcbep-66;

    private static final int SQUARINGS = 8;
    private static final int TERMS = 11;

    static Twofold sum(double a, double b) {
        double s = a + b;
        double v = s - a;
        return new Twofold(s, (a - (s - v)) + (b - v));
    }

    static Twofold product(double a, double b) {
        double p = a * b;
        return new Twofold(p, Math.fma(a, b, -p));
    }

    Twofold plus(Twofold other) {
        Twofold s = sum(high, other.high);
        return sum(s.high, s.low + (low + other.low));
    }

    Twofold times(Twofold other) {
        Twofold p = product(high, other.high);
        return sum(p.high, p.low + (high * other.low + low * other.high));
    }

    private Twofold over(int divisor) {
        double q = high / divisor;
        return sum(q, (Math.fma(-q, divisor, high) + low) / divisor);
    }

    /** {@code e^x / 2^n - 1}, where that power of two is about as large. */
    private static Twofold exp(double x, int n) {
        Twofold rest = sum(x - n * LN2_HIGH, -n * LN2_MIDDLE).plus(product(-n, LN2_LOW));
        double part = 1.0 / (1 << SQUARINGS);
        Twofold r = new Twofold(rest.high * part, rest.low * part);
        Twofold one = new Twofold(1, 0);
        Twofold y = new Twofold(0, 0);
        for (int k = TERMS; k > 0; k--) y = y.plus(one).times(r).over(k);
        for (int k = 0; k < SQUARINGS; k++) y = y.plus(y).plus(y.times(y));
        return y;
    }

    /** How many ulps y is from {@code e^x}, which is neither infinite nor 0. */
    static double ulpsFromExp(double x, double y) {
        int n = (int) Math.rint(x / Math.log(2));
        Twofold exact = exp(x, n);
        double ulp = Math.ulp(Math.min(y, Math.scalb(1 + exact.high, n)));
        return ((Math.scalb(y, -n) - 1) - exact.high - exact.low) / Math.scalb(ulp, -n);
    }

    /** How many ulps y is from {@code log x}: as many as {@code log(x / e^y)} has. */
    static double ulpsFromLog(double x, double y) {
        int n = (int) Math.rint(-y / Math.log(2));
        double scaled = Math.scalb(x, n);
        Twofold d = exp(-y, n).times(new Twofold(scaled, 0)).plus(new Twofold(scaled - 1, 0));
        double missing = d.high - d.high * d.high / 2;
        return missing == 0 ? 0 : -missing / Math.min(Math.ulp(y), Math.ulp(y + 2 * missing));
    }
}
