package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Strided;
import java.util.Arrays;

/** Stable sorting along a dimension, by integer keys in the order of the values. */
final class Sorter {
    private Sorter() {}

    static void sort(Pool pool, Strided in, int dim, boolean descending, Strided values, Strided indices) {
        if (in.numel() == 0) return;
        boolean scalar = in.layout().rank() == 0;
        int length = scalar ? 1 : (int) in.layout().size(dim);
        int[] order = Scanner.last(in.layout(), dim);
        Walk from = Walk.of(in.layout(), order);
        Walk to = Walk.of(values.layout(), order);
        Walk places = Walk.of(indices.layout(), order);
        Elements elements = Elements.of(in.dtype());
        Kind kind = Kind.of(in.dtype());
        pool.run(in.numel() / length, 1, 600L * length, (first, end) -> {
            Object line = kind.allocate(length);
            Object sorted = kind.allocate(length);
            long[] keys = new long[length];
            long[] positions = new long[length];
            for (long at = first * length; at < end * length; at += length) {
                from.load(elements, in.storage().memory(), at, line, length);
                keys(line, keys);
                if (descending) for (int i = 0; i < length; i++) keys[i] = ~keys[i];
                if (in.dtype() == Dtype.FLOAT64 || in.dtype() == Dtype.INT64) byLongs(keys, positions);
                else byInts(keys, positions);
                take(line, positions, sorted);
                to.store(elements, sorted, 0, values.storage().memory(), at, length);
                places.store(
                        Elements.of(Dtype.INT64),
                        positions,
                        0,
                        indices.storage().memory(),
                        at,
                        length);
            }
        });
    }

    /** Integers in the order of the values: zeros alike, and NaN on top. */
    private static void keys(Object line, long[] keys) {
        switch (line) {
            case float[] x -> {
                for (int i = 0; i < x.length; i++) {
                    int bits = Float.floatToIntBits(x[i] == 0 ? 0 : x[i]);
                    keys[i] = bits ^ bits >> 31 & Integer.MAX_VALUE;
                }
            }
            case double[] x -> {
                for (int i = 0; i < x.length; i++) {
                    long bits = Double.doubleToLongBits(x[i] == 0 ? 0 : x[i]);
                    keys[i] = bits ^ bits >> 63 & Long.MAX_VALUE;
                }
            }
            case long[] x -> System.arraycopy(x, 0, keys, 0, x.length);
            case boolean[] x -> {
                for (int i = 0; i < x.length; i++) keys[i] = x[i] ? 1 : 0;
            }
            default -> throw new IllegalStateException();
        }
    }

    /** Keys of 32 bits with the position below them: sorting the numbers is stable. */
    private static void byInts(long[] keys, long[] positions) {
        for (int i = 0; i < keys.length; i++) keys[i] = keys[i] << 32 | i;
        Arrays.sort(keys);
        for (int i = 0; i < keys.length; i++) positions[i] = keys[i] & 0xFFFFFFFFL;
    }

    /** Merge sort of the positions by their keys, from short runs up. */
    private static void byLongs(long[] keys, long[] positions) {
        int n = keys.length;
        for (int i = 0; i < n; i++) positions[i] = i;
        long[] a = positions;
        long[] b = new long[n];
        for (int width = 1; width < n; width *= 2) {
            for (int low = 0; low < n; low += 2 * width) {
                int mid = Math.min(low + width, n);
                int high = Math.min(mid + width, n);
                int i = low;
                int j = mid;
                for (int k = low; k < high; k++) {
                    b[k] = i < mid && (j >= high || keys[(int) a[i]] <= keys[(int) a[j]]) ? a[i++] : a[j++];
                }
            }
            long[] swap = a;
            a = b;
            b = swap;
        }
        if (a != positions) System.arraycopy(a, 0, positions, 0, n);
    }

    private static void take(Object line, long[] positions, Object to) {
        switch (line) {
            case float[] x -> {
                float[] y = (float[]) to;
                for (int i = 0; i < y.length; i++) y[i] = x[(int) positions[i]];
            }
            case double[] x -> {
                double[] y = (double[]) to;
                for (int i = 0; i < y.length; i++) y[i] = x[(int) positions[i]];
            }
            case long[] x -> {
                long[] y = (long[]) to;
                for (int i = 0; i < y.length; i++) y[i] = x[(int) positions[i]];
            }
            case boolean[] x -> {
                boolean[] y = (boolean[]) to;
                for (int i = 0; i < y.length; i++) y[i] = x[(int) positions[i]];
            }
            default -> throw new IllegalStateException();
        }
    }
}
