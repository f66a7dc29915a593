package dev.cotangent.io.tensorboard;

import java.util.Arrays;

/**
 * Counts of values in buckets whose limits grow by a tenth from 1e-12 to 1e20 on both sides of 0, as TensorFlow's
 * histograms have them.
 *
 * @param limits the upper limit of each bucket, from the first one that has values to the last
 * @param counts the number of values in each bucket
 */
record ValueHistogram(
        double min, double max, long count, double sum, double sumOfSquares, double[] limits, double[] counts) {
    private static final double[] LIMITS = limitsOfAll();

    private static double[] limitsOfAll() {
        double[] positive = new double[1024];
        int n = 0;
        for (double v = 1e-12; v < 1e20; v *= 1.1) positive[n++] = v;
        double[] all = new double[2 * n + 2];
        for (int i = 0; i < n; i++) {
            all[n - 1 - i] = -positive[i];
            all[n + 1 + i] = positive[i];
        }
        all[2 * n + 1] = Double.MAX_VALUE;
        return all;
    }

    /** Counts the values that are finite. */
    static ValueHistogram of(double[] values) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        double sum = 0;
        double squares = 0;
        long count = 0;
        double[] counts = new double[LIMITS.length];
        for (double v : values) {
            if (!Double.isFinite(v)) continue;
            min = Math.min(min, v);
            max = Math.max(max, v);
            sum += v;
            squares += v * v;
            count++;
            // A value that is a limit belongs to the bucket above.
            int found = Arrays.binarySearch(LIMITS, v + 0.0);
            counts[Math.min(found >= 0 ? found + 1 : -found - 1, LIMITS.length - 1)]++;
        }
        if (count == 0) return new ValueHistogram(0, 0, 0, 0, 0, new double[] {0}, new double[] {0});
        int first = 0;
        while (counts[first] == 0) first++;
        int last = LIMITS.length - 1;
        while (counts[last] == 0) last--;
        // An empty bucket before the first says where that begins.
        first = Math.max(0, first - 1);
        return new ValueHistogram(
                min,
                max,
                count,
                sum,
                squares,
                Arrays.copyOfRange(LIMITS, first, last + 1),
                Arrays.copyOfRange(counts, first, last + 1));
    }

    ProtoMessage message() {
        return new ProtoMessage()
                .float64(1, min)
                .float64(2, max)
                .float64(3, count)
                .float64(4, sum)
                .float64(5, sumOfSquares)
                .float64s(6, limits)
                .float64s(7, counts);
    }
}
