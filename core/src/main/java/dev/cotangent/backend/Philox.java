package dev.cotangent.backend;

/**
 * The library's generator: Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3",
 * SC 2011), a function of a key and a counter to 128 bits. Element {@code i} of a draw depends only on the seed, the
 * generator's position and {@code i}, so that all backends draw the same with any number of threads.
 *
 * <p>Element {@code i} takes the 64 bits of half {@code i % 2} of block {@code position + i / 2}; words 0 and 1 (low,
 * high) of a block are half 0, words 2 and 3 half 1. A draw of n elements advances the position by {@code (n + 1) / 2}.
 */
public final class Philox {
    private static final int M0 = 0xD2511F53;
    private static final int M1 = 0xCD9E8D57;
    private static final int W0 = 0x9E3779B9;
    private static final int W1 = 0xBB67AE85;

    private Philox() {}

    /** Returns the number of blocks that a draw of that many elements uses. */
    public static long blocks(long elements) {
        return (elements + 1) / 2;
    }

    /** Returns the 64 bits of element {@code i}. */
    public static long bits(long seed, long position, long i) {
        long block = position + (i >>> 1);
        int c0 = (int) block;
        int c1 = (int) (block >>> 32);
        int c2 = 0;
        int c3 = 0;
        int k0 = (int) seed;
        int k1 = (int) (seed >>> 32);
        for (int round = 0; round < 10; round++) {
            long p0 = (M0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
            long p1 = (M1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
            int n0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            int n2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c1 = (int) p1;
            c3 = (int) p0;
            c0 = n0;
            c2 = n2;
            k0 += W0;
            k1 += W1;
        }
        return (i & 1) == 0 ? (c0 & 0xFFFFFFFFL) | ((long) c1 << 32) : (c2 & 0xFFFFFFFFL) | ((long) c3 << 32);
    }

    /** Returns a uniform number in [0, 1) from the upper 53 bits. */
    public static double uniform(long bits) {
        return (bits >>> 11) * 0x1p-53;
    }

    /** Returns a uniform float in [0, 1) from the upper 24 bits. */
    public static float uniformFloat(long bits) {
        return (bits >>> 40) * 0x1p-24f;
    }

    /**
     * Returns a normal number by the Box-Muller method in double: the radius from the upper 32 bits, the angle from the
     * lower. {@link #log} and {@link #sinTurn} use only additions and multiplications, so that every IEEE 754 device
     * gets the same bits.
     */
    public static double normal(long bits) {
        double u = ((bits >>> 32) + 0.5) * 0x1p-32;
        double turn = (bits & 0xFFFFFFFFL) * 0x1p-32;
        return Math.sqrt(-2 * log(u)) * sinTurn(turn);
    }

    /**
     * Computes the natural logarithm of a normal positive number to about 1e-15, by its exponent and the series of
     * atanh.
     */
    static double log(double x) {
        long raw = Double.doubleToRawLongBits(x);
        int exponent = (int) (raw >>> 52) - 1023;
        double m = Double.longBitsToDouble((raw & 0x000FFFFFFFFFFFFFL) | 0x3FF0000000000000L);
        if (m > 1.4142135623730951) {
            m *= 0.5;
            exponent++;
        }
        double s = (m - 1) / (m + 1);
        double z = s * s;
        double sum = 1.0 / 21;
        for (int k = 19; k >= 1; k -= 2) sum = sum * z + 1.0 / k;
        return exponent * 0.6931471805599453 + 2 * s * sum;
    }

    /** Computes sin(2 pi turn), turn in 0 to 1, to about 1e-15, by the Taylor series in an octant. */
    static double sinTurn(double turn) {
        double quarter = turn * 4;
        int q = (int) (quarter + 0.5);
        double x = (quarter - q) * 1.5707963267948966;
        double z = x * x;
        double value;
        if ((q & 1) == 0) {
            double sum = 1;
            for (int k = 18; k >= 2; k -= 2) sum = 1 - z / (k * (k + 1)) * sum;
            value = x * sum;
        } else {
            double sum = 1;
            for (int k = 17; k >= 1; k -= 2) sum = 1 - z / (k * (k + 1)) * sum;
            value = sum;
        }
        return (q & 2) == 0 ? value : -value;
    }
}
