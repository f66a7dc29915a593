package dev.cotangent.cpu;

/**
 * Functions of float32 in few steps, each an operation that is rounded as IEEE 754 says. So the vector forms, which take
 * the same steps with the same constants, give the same bits. Polynomials are minimax fits to the relative error of the
 * result, their coefficients rounded in sequence and the rest fitted anew.
 */
public final class FloatMath {
    public static final float LOG2_E = 1.442695f;
    /** Adding a number to this leaves its nearest integer in the low bits. */
    public static final float ROUNDER = 0x1.8p23f;
    /** ln 2 in two parts; 15 bits of it, so that whole numbers times it are exact. */
    public static final float LN2_HIGH = 0x1.62e4p-1f;

    public static final float LN2_LOW = 1.4286068e-06f;

    /** Beyond these it is infinity and 0. */
    public static final float EXP_MOST = 89;

    public static final float EXP_LEAST = -105;
    /** With less than this to either side of 0, neither it nor the power of two in it is denormal or infinite. */
    public static final float EXP_EASY = 87;
    // (e^x - 1 - x) / x^2 for |x| of at most (ln 2) / 2.
    public static final float EXP_2 = 0.49999994f;
    public static final float EXP_3 = 0.16666517f;
    public static final float EXP_4 = 0.041668102f;
    public static final float EXP_5 = 0.008369194f;
    public static final float EXP_6 = 0.0013838963f;

    /** Of twice the argument: from here on it is 1. */
    public static final float TANH_MOST = 18.1f;

    /** A rounder under which the low bits are the exponent of a float. */
    public static final float EXPONENT_ROUNDER = ROUNDER + 127;

    /** From here on it is 1 minus something small. */
    public static final float ERF_LARGE = 1.05f;

    /** From here on the result is 1. */
    public static final float ERF_MOST = 4.1f;
    // erf(x) / x - 1 in x^2.
    public static final float ERF_0 = 0.12837917f;
    public static final float ERF_1 = -0.3761262f;
    public static final float ERF_2 = 0.11283491f;
    public static final float ERF_3 = -0.02684917f;
    public static final float ERF_4 = 0.0051785586f;
    public static final float ERF_5 = -0.0007917918f;
    public static final float ERF_6 = 7.5320764e-05f;
    // The fourth root of 1 - erf(x) in x - 1.
    public static final float ERFC_0 = 0.62976974f;
    public static final float ERFC_1 = -0.41549274f;
    public static final float ERFC_2 = 0.0043958905f;
    public static final float ERFC_3 = 0.050498165f;
    public static final float ERFC_4 = -0.0030337845f;
    public static final float ERFC_5 = -0.006334999f;
    public static final float ERFC_6 = 0.0018858645f;
    public static final float ERFC_7 = -0.00016596689f;

    /** The bits of the root of 1/2: mantissas are taken from there to its double. */
    public static final int ROOT_HALF = Float.floatToRawIntBits(0x1.6a09e6p-1f);

    public static final int MANTISSA = (1 << 23) - 1;
    // (log(1 + f) - f + f^2 / 2) / f^3 for 1 + f between the roots of 1/2 and 2.
    public static final float LOG_0 = 0.3333333f;
    public static final float LOG_1 = -0.2500082f;
    public static final float LOG_2 = 0.20001243f;
    public static final float LOG_3 = -0.16623411f;
    public static final float LOG_4 = 0.1420154f;
    public static final float LOG_5 = -0.13159551f;
    public static final float LOG_6 = 0.12762485f;
    public static final float LOG_7 = -0.07636941f;

    /** What {@link #LOG2_E} lacks. */
    public static final float LOG2_E_LOW = 1.925963e-08f;

    /** The decimal logarithm of 2 in two parts; 15 bits of it, so that whole numbers times it are exact. */
    public static final float LOG10_2_HIGH = 0.301025390625f;

    public static final float LOG10_2_LOW = 4.605038981195214e-06f;
    public static final float LOG10_E = 0.4342945f;

    /** What {@link #LOG10_E} lacks. */
    public static final float LOG10_E_LOW = -1.0103050e-08f;

    /** What has no place for a fraction: adding and subtracting it rounds numbers of up to half its size to integers. */
    public static final float WHOLE = 0x1p23f;

    public static final float TWO_OVER_PI = 0.6366197466850281f;
    /** pi / 2 in three parts. */
    public static final float HALF_PI_HIGH = 1.5707963705062866f;

    public static final float HALF_PI_MIDDLE = -4.371138828673793e-08f;
    public static final float HALF_PI_LOW = -1.7151245100058819e-15f;

    /** From here on its sine and cosine are Java's. */
    public static final float TURNS_MOST = 0x1p15f;
    // (sin(r) / r - 1) / r^2 and (cos(r) - 1 + r^2 / 2) / r^4 in r^2, for |r| of at most a little more than pi / 4.
    public static final float SIN_0 = -0.16666654f;
    public static final float SIN_1 = 0.008332106f;
    public static final float SIN_2 = -0.00019507846f;
    public static final float COS_0 = 0.041666646f;
    public static final float COS_1 = -0.0013887305f;
    public static final float COS_2 = 2.4431425e-05f;

    /** Below this the bits of a rounded power are the exponent of a float that is not infinite. */
    public static final float EXPM1_MOST = 88;

    /** From here on downwards it is -1. */
    public static final float EXPM1_LEAST = -30;

    private FloatMath() {}

    /** Computes e^x within 1.1 ulps. */
    public static float exp(float x) {
        float t = x > EXP_MOST ? EXP_MOST : x < EXP_LEAST ? EXP_LEAST : x;
        float power = Math.fma(t, LOG2_E, ROUNDER);
        int bits = Float.floatToRawIntBits(power);
        // In two factors, for neither 2^128 nor 2^-150 is a float; and by products, which keep NaN.
        int half = bits >> 1 << 23;
        int rest = (bits << 23) - half;
        int one = Float.floatToRawIntBits(1);
        return (less1(t, power - ROUNDER) + 1) * Float.intBitsToFloat(half + one) * Float.intBitsToFloat(rest + one);
    }

    /** Computes e^x - 1 within 1.5 ulps: 2^n (e^r - 1) + (2^n - 1), the second term being 0 near 0. */
    public static float expm1(float x) {
        if (!(x < EXPM1_MOST)) return (float) Math.expm1(x);
        float t = x < EXPM1_LEAST ? EXPM1_LEAST : x;
        float power = Math.fma(t, LOG2_E, EXPONENT_ROUNDER);
        float q = less1(t, power - EXPONENT_ROUNDER);
        float two = Float.intBitsToFloat(Float.floatToRawIntBits(power) << 23);
        return x == 0 ? x : Math.fma(two, q, two - 1);
    }

    /** Computes e^x over the n-th power of two, less 1. */
    private static float less1(float x, float n) {
        float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
        float z = r * r;
        float high = Math.fma(EXP_6, z, Math.fma(EXP_5, r, EXP_4));
        return Math.fma(Math.fma(high, z, Math.fma(EXP_3, r, EXP_2)), z, r);
    }

    /**
     * Computes the hyperbolic tangent within 1.9 ulps: with m = e^|2x| - 1 it is m / (m + 2), or where that is small m
     * / 2, less as much of it as it is itself.
     */
    public static float tanh(float x) {
        float a = Math.abs(x) * 2;
        a = a > TANH_MOST ? TANH_MOST : a;
        float power = Math.fma(a, LOG2_E, EXPONENT_ROUNDER);
        float q = less1(a, power - EXPONENT_ROUNDER);
        float two = Float.intBitsToFloat(Float.floatToRawIntBits(power) << 23);
        float m = Math.fma(two, q, two - 1);
        float y = m / (m + 2);
        float half = m * 0.5f;
        return Math.copySign(m < 1 ? Math.fma(-half, y, half) : y, x);
    }

    /**
     * Computes the error function within 1.4 ulps: near 0 by a polynomial, then as 1 minus the fourth power of another.
     */
    public static float erf(float x) {
        float a = Math.abs(x);
        if (!(a >= ERF_LARGE)) {
            float z = x * x;
            float zz = z * z;
            float p = Math.fma(ERF_6, zz, Math.fma(ERF_5, z, ERF_4));
            p = Math.fma(p, zz, Math.fma(ERF_3, z, ERF_2));
            p = Math.fma(p, zz, Math.fma(ERF_1, z, ERF_0));
            return Math.fma(p, x, x);
        }
        float t = (a < ERF_MOST ? a : ERF_MOST) - 1;
        float tt = t * t;
        float q = Math.fma(ERFC_7, tt, Math.fma(ERFC_6, t, ERFC_5));
        q = Math.fma(q, tt, Math.fma(ERFC_4, t, ERFC_3));
        q = Math.fma(q, tt, Math.fma(ERFC_2, t, ERFC_1));
        q = Math.fma(q, t, ERFC_0);
        float root = q * q;
        return Math.copySign(Math.fma(-root, root, 1), x);
    }

    /**
     * Computes the logarithm within 0.9 ulps: the exponent's share, nearly exact, and a polynomial of the mantissa less
     * 1.
     */
    public static float log(float x) {
        if (!(x >= Float.MIN_NORMAL && x < Float.POSITIVE_INFINITY)) return (float) Math.log(x);
        int bits = Float.floatToRawIntBits(x) - ROOT_HALF;
        float n = bits >> 23;
        float f = mantissa(bits) - 1;
        float r = Math.fma(Math.fma(logs(f), f, -0.5f), f * f, n * LN2_LOW);
        return Math.fma(n, LN2_HIGH, f + r);
    }

    /** Returns the mantissa, scaled to the range from the root of 1/2 to its double. */
    private static float mantissa(int bits) {
        return Float.intBitsToFloat((bits & MANTISSA) + ROOT_HALF);
    }

    /** Computes the remainder of the series of log(1 + f) after two terms, divided by the cube of f. */
    private static float logs(float f) {
        float p = Math.fma(LOG_7, f, LOG_6);
        p = Math.fma(p, f, LOG_5);
        p = Math.fma(p, f, LOG_4);
        p = Math.fma(p, f, LOG_3);
        p = Math.fma(p, f, LOG_2);
        p = Math.fma(p, f, LOG_1);
        return Math.fma(p, f, LOG_0);
    }

    /** Computes the binary logarithm within 1.1 ulps, exact for powers of two. */
    public static float log2(float x) {
        if (!(x >= Float.MIN_NORMAL && x < Float.POSITIVE_INFINITY)) return (float) ScalarFunctions.log2(x);
        int bits = Float.floatToRawIntBits(x) - ROOT_HALF;
        float n = bits >> 23;
        float f = mantissa(bits) - 1;
        float r = Math.fma(logs(f), f, -0.5f) * (f * f);
        return Math.fma(f, LOG2_E, Math.fma(r, LOG2_E, f * LOG2_E_LOW)) + n;
    }

    /** Computes the logarithm to base 10 within 1.3 ulps: as {@link #log2(float)}, the powers of two times their logarithm in two parts. */
    public static float log10(float x) {
        if (!(x >= Float.MIN_NORMAL && x < Float.POSITIVE_INFINITY)) return (float) Math.log10(x);
        int bits = Float.floatToRawIntBits(x) - ROOT_HALF;
        float n = bits >> 23;
        float f = mantissa(bits) - 1;
        float r = Math.fma(logs(f), f, -0.5f) * (f * f);
        float low = Math.fma(n, LOG10_2_LOW, f * LOG10_E_LOW);
        return Math.fma(n, LOG10_2_HIGH, Math.fma(f, LOG10_E, Math.fma(r, LOG10_E, low)));
    }

    /** Computes Python's {@code %}: the remainder with the sign of the divisor. */
    public static float remainder(float a, float b) {
        float mod = a % b;
        return mod != 0 && b < 0 != mod < 0 ? mod + b : mod;
    }

    /** Computes the quotient rounded down from the exact remainder, as Python's {@code float.__floordiv__}. */
    public static float floorDiv(float a, float b) {
        if (b == 0) return a / b;
        float mod = a % b;
        float quotient = (a - mod) / b;
        if (mod != 0 && b < 0 != mod < 0) quotient -= 1;
        if (quotient == 0) return Math.copySign(0f, a / b);
        float floor = (float) Math.floor(quotient);
        return quotient - floor > 0.5f ? floor + 1 : floor;
    }

    /** Computes log(1 + x) within 0.9 ulps: as {@link #log(float)} of the sum, corrected by its rounding error. */
    public static float log1p(float x) {
        float u = x + 1;
        if (!(u >= Float.MIN_NORMAL && u < Float.POSITIVE_INFINITY)) return (float) Math.log1p(x);
        float lost = (x - (u - 1)) / u;
        int bits = Float.floatToRawIntBits(u) - ROOT_HALF;
        float n = bits >> 23;
        float f = mantissa(bits) - 1;
        float r = Math.fma(Math.fma(logs(f), f, -0.5f), f * f, Math.fma(n, LN2_LOW, lost));
        return x == 0 ? x : Math.fma(n, LN2_HIGH, f + r);
    }

    /** Computes the sine within 1.6 ulps. */
    public static float sin(float x) {
        float a = Math.abs(x);
        if (!(a < TURNS_MOST)) return (float) Math.sin(x);
        float power = Math.fma(a, TWO_OVER_PI, ROUNDER);
        float r = reduced(a, power - ROUNDER);
        int quarter = Float.floatToRawIntBits(power);
        float y = (quarter & 1) == 0 ? sinNear(r) : cosNear(r);
        return (quarter & 2) == 0 ^ Float.floatToRawIntBits(x) < 0 ? y : -y;
    }

    /** Computes the cosine within 1.6 ulps. */
    public static float cos(float x) {
        float a = Math.abs(x);
        if (!(a < TURNS_MOST)) return (float) Math.cos(x);
        float power = Math.fma(a, TWO_OVER_PI, ROUNDER);
        float r = reduced(a, power - ROUNDER);
        int quarter = Float.floatToRawIntBits(power);
        float y = (quarter & 1) == 0 ? cosNear(r) : sinNear(r);
        return (quarter + 1 & 2) == 0 ? y : -y;
    }

    /**
     * Subtracts a multiple of a quarter turn (W. J. Cody and W. Waite, "Software Manual for the Elementary Functions",
     * 1980).
     */
    private static float reduced(float x, float n) {
        return Math.fma(n, -HALF_PI_LOW, Math.fma(n, -HALF_PI_MIDDLE, Math.fma(n, -HALF_PI_HIGH, x)));
    }

    private static float sinNear(float r) {
        float z = r * r;
        return Math.fma(Math.fma(Math.fma(SIN_2, z, SIN_1), z, SIN_0), z * r, r);
    }

    private static float cosNear(float r) {
        float z = r * r;
        return Math.fma(Math.fma(Math.fma(COS_2, z, COS_1), z, COS_0), z * z, Math.fma(-0.5f, z, 1));
    }
}
