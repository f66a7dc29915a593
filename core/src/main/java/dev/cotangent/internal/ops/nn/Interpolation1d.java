package dev.cotangent.internal.ops.nn;

import dev.cotangent.InterpolateMode;
import dev.cotangent.backend.Windows;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Elements and weights of an interpolation along one dimension, as PyTorch's {@code UpSample.h} says: places are computed in
 * float32 except for float64.
 */
final class Interpolation1d {
    /** The constant of cubic convolution (Keys 1981), as in PyTorch; with antialiasing it is that of Pillow. */
    private static final double KEYS = -0.75;

    private static final double PILLOW = -0.5;

    private final int size;
    private final int n;
    private final @Nullable Double factor;
    private final boolean isDouble;

    private Interpolation1d(int size, int n, @Nullable Double factor, boolean isDouble) {
        this.size = size;
        this.n = n;
        this.factor = factor;
        this.isDouble = isDouble;
    }

    static Windows of(
            int size,
            int n,
            @Nullable Double factor,
            InterpolateMode mode,
            boolean align,
            boolean antialias,
            boolean isDouble) {
        Interpolation1d line = new Interpolation1d(size, n, factor, isDouble);
        if (antialias) return line.filtered(mode, align);
        return switch (mode) {
            case NEAREST -> line.nearest(false);
            case NEAREST_EXACT -> line.nearest(true);
            case BICUBIC -> line.cubic(align);
            default -> line.linear(align);
        };
    }

    /** Rounds a number as PyTorch's kernel holds it. */
    private double rounded(double value) {
        return isDouble ? value : (float) value;
    }

    private double ratio() {
        return factor != null && factor > 0 ? rounded(1 / factor) : rounded(rounded(size) / n);
    }

    private double ratio(boolean align) {
        if (!align) return ratio();
        return n > 1 ? rounded(rounded(size - 1) / (n - 1)) : 0;
    }

    private double source(double ratio, int o, boolean align) {
        if (align) return rounded(ratio * o);
        return rounded(rounded(ratio * rounded(o + 0.5)) - 0.5);
    }

    private Windows nearest(boolean exact) {
        // PyTorch computes these places in float32 whatever the type.
        float ratio = factor != null && factor > 0 ? (float) (1 / factor) : (float) size / n;
        int[] first = new int[n];
        int[] count = new int[n];
        Arrays.fill(count, 1);
        for (int o = 0; o < n; o++) {
            int at;
            if (exact) at = (int) Math.floor((float) ((o + 0.5) * ratio));
            else if (n == size) at = o;
            else if (n == 2 * size) at = o >> 1;
            else at = (int) Math.floor(o * ratio);
            first[o] = Math.min(at, size - 1);
        }
        return Windows.of(size, first, count, 1);
    }

    private Windows linear(boolean align) {
        if (n == size) return Windows.identity(size);
        double ratio = ratio(align);
        int[] first = new int[n];
        int[] count = new int[n];
        double[] weights = new double[2 * n];
        for (int o = 0; o < n; o++) {
            double at = Math.max(0, source(ratio, o, align));
            int low = (int) Math.min(Math.floor(at), size - 1.0);
            double high = Math.clamp(rounded(at - low), 0, 1);
            first[o] = low;
            count[o] = low < size - 1 ? 2 : 1;
            weights[2 * o] = low < size - 1 ? rounded(1 - high) : 1;
            weights[2 * o + 1] = low < size - 1 ? high : 0;
        }
        return new Windows(size, first, count, 1, 2, weights);
    }

    private Windows cubic(boolean align) {
        double ratio = ratio(align);
        int[] first = new int[n];
        int[] count = new int[n];
        double[] weights = new double[4 * n];
        for (int o = 0; o < n; o++) {
            double at = source(ratio, o, align);
            int low = (int) Math.min(Math.floor(at), size - 1.0);
            double t = Math.clamp(rounded(at - low), 0, 1);
            double[] w = {far(t + 1, KEYS), near(t, KEYS), near(1 - t, KEYS), far(2 - t, KEYS)};
            first[o] = Math.clamp(low - 1, 0, size - 1);
            int last = Math.clamp(low + 2, 0, size - 1);
            count[o] = last - first[o] + 1;
            // Beyond the border is the element at it.
            for (int k = 0; k < 4; k++) {
                int i = Math.clamp(low - 1 + k, 0, size - 1);
                weights[4 * o + i - first[o]] += w[k];
            }
        }
        return new Windows(size, first, count, 1, 4, weights);
    }

    /** Computes the cubic convolution kernel up to a distance of 1. */
    static double near(double x, double a) {
        return ((a + 2) * x - (a + 3)) * x * x + 1;
    }

    /** Computes the cubic convolution kernel from a distance of 1 to 2. */
    static double far(double x, double a) {
        return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
    }

    /** Returns windows of all elements within a filter as wide as the output's stride. */
    private Windows filtered(InterpolateMode mode, boolean align) {
        double ratio = ratio(align);
        int taps = mode == InterpolateMode.BILINEAR ? 2 : mode == InterpolateMode.BICUBIC ? 4 : 6;
        double support = ratio >= 1 ? taps * 0.5 * ratio : taps * 0.5;
        double inverse = ratio >= 1 ? 1 / ratio : 1;
        int most = (int) Math.ceil(support) * 2 + 1;
        int[] first = new int[n];
        int[] count = new int[n];
        double[] weights = new double[n * most];
        for (int o = 0; o < n; o++) {
            double center = ratio * (o + 0.5);
            first[o] = Math.min(Math.max((int) (center - support + 0.5), 0), size - 1);
            int end = Math.min((int) (center + support + 0.5), size);
            count[o] = Math.clamp(end - first[o], 1, most);
            double total = 0;
            for (int k = 0; k < count[o]; k++) {
                double w = filter(mode, (k + first[o] - center + 0.5) * inverse);
                weights[o * most + k] = w;
                total += w;
            }
            for (int k = 0; total != 0 && k < count[o]; k++) weights[o * most + k] /= total;
        }
        return new Windows(size, first, count, 1, most, weights);
    }

    private static double filter(InterpolateMode mode, double distance) {
        double x = Math.abs(distance);
        return switch (mode) {
            case BILINEAR -> Math.max(0, 1 - x);
            case BICUBIC -> x < 1 ? near(x, PILLOW) : x < 2 ? far(x, PILLOW) : 0;
            default -> x < 3 ? sinc(x) * sinc(x / 3) : 0;
        };
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }
}
