package dev.cotangent.cpu;

/**
 * Functions of float64 in few steps, as those of {@link FloatMath}: each an operation that is rounded as IEEE 754 says, so
 * that the vector forms, which take the same steps, give the same bits. Polynomials are minimax fits to the relative error
 * of the result, to 2^-56.7 and 2^-58.5.
 */
public final class DoubleMath {
    /** From this bit on stands the exponent, so much larger than it is. */
    public static final int EXPONENT = 52;

    public static final long BIAS = 1023;

    public static final double LOG2_E = 1.4426950408889634;
    /** Adding a number to this leaves its nearest integer in the low bits. */
    public static final double ROUNDER = 0x1.8p52;
    /** ln 2 in two parts; 33 bits of it, so that whole numbers times it are exact. */
    public static final double LN2_HIGH = 0x1.62e42feep-1;

    public static final double LN2_LOW = 0x1.a39ef35793c76p-33;

    /** Beyond these it is infinity and 0. */
    public static final double EXP_MOST = 710;

    public static final double EXP_LEAST = -746;
    /** With less than this to either side of 0, neither it nor the power of two in it is denormal or infinite. */
    public static final double EXP_EASY = 708;
    // (e^x - 1 - x) / x^2 for |x| of at most (ln 2) / 2.
    public static final double EXP_2 = 0x1.000000000000ap-1;
    public static final double EXP_3 = 0x1.55555555554fbp-3;
    public static final double EXP_4 = 0x1.5555555550817p-5;
    public static final double EXP_5 = 0x1.1111111127a41p-7;
    public static final double EXP_6 = 0x1.6c16c18441610p-10;
    public static final double EXP_7 = 0x1.a01a012b356aep-13;
    public static final double EXP_8 = 0x1.a01999ca4aa89p-16;
    public static final double EXP_9 = 0x1.71df22b0e773ep-19;
    public static final double EXP_10 = 0x1.28adb24db2000p-22;
    public static final double EXP_11 = 0x1.ad84b2d5903bfp-26;

    /** The bits of the root of 1/2: mantissas are taken from there to its double. */
    public static final long ROOT_HALF = Double.doubleToRawLongBits(0x1.6a09e667f3bcdp-1);

    public static final long MANTISSA = (1L << EXPONENT) - 1;

    /** A small whole number in the low bits of 2^52 reads as 2^52 and it. */
    public static final long TWO_52 = Double.doubleToRawLongBits(0x1p52);
    // (log((1 + s) / (1 - s)) - 2 s) / s^3 in s^2, for (1 + s) / (1 - s) between the roots of 1/2 and 2.
    public static final double LOG_0 = 0x1.5555555555593p-1;
    public static final double LOG_1 = 0x1.999999997f9f8p-2;
    public static final double LOG_2 = 0x1.249249422a435p-2;
    public static final double LOG_3 = 0x1.c71c51d7d5744p-3;
    public static final double LOG_4 = 0x1.746649acebb93p-3;
    public static final double LOG_5 = 0x1.39a095fb9b8c1p-3;
    public static final double LOG_6 = 0x1.2f1178d585b04p-3;

    private DoubleMath() {}

    /**
     * Computes the exponential within 0.96 ulps: a power of two times a polynomial of the rest (W. J. Cody and W.
     * Waite, "Software Manual for the Elementary Functions", 1980).
     */
    public static double exp(double x) {
        double t = x > EXP_MOST ? EXP_MOST : x < EXP_LEAST ? EXP_LEAST : x;
        double power = Math.fma(LOG2_E, t, ROUNDER);
        double n = power - ROUNDER;
        double r = Math.fma(-LN2_LOW, n, Math.fma(-LN2_HIGH, n, t));
        double z = r * r;
        double p = Math.fma(Math.fma(EXP_11, r, EXP_10), z, Math.fma(EXP_9, r, EXP_8));
        p = Math.fma(p, z, Math.fma(EXP_7, r, EXP_6));
        p = Math.fma(p, z, Math.fma(EXP_5, r, EXP_4));
        p = Math.fma(p, z, Math.fma(EXP_3, r, EXP_2));
        p = Math.fma(Math.fma(p, r, 1), r, 1);
        long bits = Double.doubleToRawLongBits(power);
        // In two factors, for neither 2^1024 nor 2^-1075 is a double; and by products, which keep NaN.
        long half = bits >> 1 << EXPONENT;
        long rest = (bits << EXPONENT) - half;
        long one = BIAS << EXPONENT;
        return p * Double.longBitsToDouble(half + one) * Double.longBitsToDouble(rest + one);
    }

    /**
     * Computes the logarithm within 0.8 ulps: with 1 + f the mantissa and s = f / (2 + f), its logarithm is f - (f^2 /
     * 2 - s (f^2 / 2 + R(s^2))), and the exponent's share is added to f (fdlibm's {@code e_log.c}, Sun Microsystems,
     * 1993), here with what the sum loses.
     */
    public static double log(double x) {
        if (!(x >= Double.MIN_NORMAL && x < Double.POSITIVE_INFINITY)) return Math.log(x);
        long bits = Double.doubleToRawLongBits(x) + ((BIAS << EXPONENT) - ROOT_HALF);
        double n = Double.longBitsToDouble(bits >>> EXPONENT | TWO_52) - (0x1p52 + BIAS);
        double f = Double.longBitsToDouble((bits & MANTISSA) + ROOT_HALF) - 1;
        double s = f / (-2 - f);
        double z = s * s;
        double p = Math.fma(LOG_6, z, LOG_5);
        p = Math.fma(p, z, LOG_4);
        p = Math.fma(p, z, LOG_3);
        p = Math.fma(p, z, LOG_2);
        p = Math.fma(p, z, LOG_1);
        p = Math.fma(p, z, LOG_0);
        double half = f * 0.5;
        double whole = n * LN2_HIGH;
        double sum = whole + f;
        double less = Math.fma(-LN2_LOW, n, sum - whole - f);
        return sum - Math.fma(half, f, Math.fma(Math.fma(p, z, half * f), s, less));
    }
}
