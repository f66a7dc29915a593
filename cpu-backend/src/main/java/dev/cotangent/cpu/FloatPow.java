package dev.cotangent.cpu;

import static dev.cotangent.cpu.DoubleMath.BIAS;
import static dev.cotangent.cpu.DoubleMath.EXPONENT;
import static dev.cotangent.cpu.DoubleMath.ROOT_HALF;
import static dev.cotangent.cpu.DoubleMath.ROUNDER;
import static dev.cotangent.cpu.DoubleMath.TWO_52;

/**
 * Powers of float32 computed in float64, in steps that vectors have, too, so that both have the same bits: as
 * {@code 2^(b log2 a)}, with errors so far below float32's that the result is nearly always the nearest one.
 */
public final class FloatPow {
    /** From this size on an exponent goes to Java's {@code pow}. */
    public static final double POW_MOST = 0x1p51;

    /** Far beyond float32's range. */
    public static final double EXP2_MOST = 200;
    // log2(m) / s in s^2, where s = (m - 1) / (m + 1), m between the roots of 1/2 and 2: a minimax fit to 2^-37.
    public static final double LOG2_0 = 2.8853900817900886;
    public static final double LOG2_1 = 0.9617966733415818;
    public static final double LOG2_2 = 0.577083584997506;
    public static final double LOG2_3 = 0.41167271728290744;
    public static final double LOG2_4 = 0.34073013652001266;
    // 2^r for r between -1/2 and 1/2: a minimax fit to 2^-34.
    public static final double EXP2_0 = 0.9999999999616218;
    public static final double EXP2_1 = 0.693147180728722;
    public static final double EXP2_2 = 0.24022651198753997;
    public static final double EXP2_3 = 0.055504103528151445;
    public static final double EXP2_4 = 0.009618027172822355;
    public static final double EXP2_5 = 0.0013333922869448837;
    public static final double EXP2_6 = 0.0001546931729397242;
    public static final double EXP2_7 = 1.5201897901089695e-05;

    private FloatPow() {}

    /** Computes C's {@code pow}; squares and cubes are products, as in PyTorch. */
    public static float pow(float a, float b) {
        if (b == 2) return a * a;
        if (b == 3) return a * a * a;
        if (a > 0 && a < Float.POSITIVE_INFINITY && Math.abs(b) < POW_MOST) return (float) exp2(log2(a) * b);
        return (float) ScalarFunctions.pow((double) a, (double) b);
    }

    private static double log2(double x) {
        long bits = Double.doubleToRawLongBits(x);
        long exponent = bits - ROOT_HALF + (BIAS << EXPONENT) >>> EXPONENT;
        double m = Double.longBitsToDouble(bits - (exponent - BIAS << EXPONENT));
        double e = Double.longBitsToDouble(exponent | TWO_52) - (0x1p52 + BIAS);
        double s = (m - 1) / (m + 1);
        double z = s * s;
        double p = z * LOG2_4 + LOG2_3;
        p = p * z + LOG2_2;
        p = p * z + LOG2_1;
        p = p * z + LOG2_0;
        return s * p + e;
    }

    private static double exp2(double x) {
        double t = x > EXP2_MOST ? EXP2_MOST : x;
        t = t < -EXP2_MOST ? -EXP2_MOST : t;
        double whole = t + ROUNDER;
        double r = t - (whole - ROUNDER);
        double p = r * EXP2_7 + EXP2_6;
        p = p * r + EXP2_5;
        p = p * r + EXP2_4;
        p = p * r + EXP2_3;
        p = p * r + EXP2_2;
        p = p * r + EXP2_1;
        p = p * r + EXP2_0;
        return p * Double.longBitsToDouble(Double.doubleToRawLongBits(whole) + BIAS << EXPONENT);
    }
}
