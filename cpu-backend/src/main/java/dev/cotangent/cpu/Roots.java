package dev.cotangent.cpu;

/** Computes complex roots of unity, each from an angle of at most an eighth of a circle, so that all are correctly rounded or nearly. */
final class Roots {
    private Roots() {}

    /** Writes the real and the imaginary part of {@code exp(-2 pi i k / n)} to {@code to[at]} and {@code to[at + 1]}. */
    static void put(long k, long n, double[] to, int at) {
        long j = Math.floorMod(k, n);
        // 8 j / n says in which eighth of the circle the angle is.
        int octant = (int) (8 * j / n);
        long rest = switch (octant) {
            case 0 -> j;
            case 1, 2 -> n - 4 * j;
            case 3, 4 -> n - 2 * j;
            case 5, 6 -> 3 * n - 4 * j;
            default -> n - j;
        };
        long unit = octant == 1 || octant == 2 || octant == 5 || octant == 6
                ? 4 * n
                : octant == 3 || octant == 4 ? 2 * n : n;
        double angle = 2 * Math.PI * Math.abs(rest) / unit;
        double near = StrictMath.cos(angle);
        double far = StrictMath.copySign(StrictMath.sin(angle), rest);
        switch (octant) {
            case 0 -> set(to, at, near, far);
            case 1, 2 -> set(to, at, far, near);
            case 3, 4 -> set(to, at, -near, far);
            case 5, 6 -> set(to, at, -far, -near);
            default -> set(to, at, near, -far);
        }
    }

    /** Stores the conjugate of cosine and sine. */
    private static void set(double[] to, int at, double cos, double sin) {
        to[at] = cos;
        to[at + 1] = -sin;
    }

    /** Returns the numbers as an array of a type. */
    static Object cast(double[] x, boolean isDouble) {
        if (isDouble) return x;
        float[] y = new float[x.length];
        for (int i = 0; i < y.length; i++) y[i] = (float) x[i];
        return y;
    }
}
