package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.backend.Windows;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sums and maxima over windows of float32 and float64: first along all dimensions but the last, whole rows at a time,
 * which Java's compiler turns into vectors, then along the row. Each output row is computed separately, from input rows
 * in the cache.
 */
final class WindowLoops {
    /** Tenths of a nanosecond for an element of a row, and for one of a window along the row. */
    private static final int ROW = 2;

    private static final int ELEMENT = 8;

    private final WorkerPool pool;
    private final Strided in;
    private final Strided out;
    private final Windows depth;
    private final Windows height;
    private final Windows width;
    private final int planes;
    private final int rowSize;
    private final int outSize;
    private final int start;
    private final int outStart;

    private WindowLoops(WorkerPool pool, Strided in, Windows[] windows, Strided out) {
        this.pool = pool;
        this.in = in;
        this.out = out;
        int n = windows.length;
        Windows one = Windows.identity(1);
        depth = n > 2 ? windows[0] : one;
        height = n > 1 ? windows[n - 2] : one;
        width = windows[n - 1];
        planes = (int) in.layout().size(0);
        rowSize = width.size();
        outSize = width.outputs();
        start = (int) in.layout().offset();
        outStart = (int) out.layout().offset();
    }

    /** Returns the loops over windows; null where elements are of other types or not contiguous. */
    static @Nullable WindowLoops of(WorkerPool pool, Strided in, Windows[] windows, Strided out) {
        boolean isWide = in.dtype() == Dtype.FLOAT32 || in.dtype() == Dtype.FLOAT64;
        boolean fits = isWide
                && out.dtype() == in.dtype()
                && windows.length <= 3
                && in.layout().isContiguous()
                && out.layout().isContiguous();
        return fits ? new WindowLoops(pool, in, windows, out) : null;
    }

    private interface Row {
        /** Computes an output row: of a plane, and of windows along the other dimensions. */
        void of(int plane, int d, int h, int to);
    }

    private interface Rows {
        Row make();
    }

    private void each(Rows rows) {
        long perPlane = (long) depth.outputs() * height.outputs();
        long across = (long) depth.most() * height.most() * rowSize * ROW;
        long cost = across + (long) width.most() * outSize * ELEMENT;
        pool.run(planes * perPlane, 1, cost, (from, to) -> {
            Row row = rows.make();
            for (long r = from; r < to; r++) {
                int plane = (int) (r / perPlane);
                int at = (int) (r % perPlane);
                row.of(plane, at / height.outputs(), at % height.outputs(), outStart + (int) r * outSize);
            }
        });
    }

    private int row(int plane, int d, int h) {
        return start + ((plane * depth.size() + d) * height.size() + h) * rowSize;
    }

    // Sums

    /** Works as {@link dev.cotangent.backend.Backend#windowSum}. */
    void sum(double divisor) {
        boolean isDouble = in.dtype() == Dtype.FLOAT64;
        each(() -> isDouble ? new DoubleSum(divisor) : new FloatSum(divisor));
    }

    private final class FloatSum implements Row {
        private final float[] x = (float[]) in.storage().memory();
        private final float[] y = (float[]) out.storage().memory();
        private final float[] sums = new float[rowSize];
        private final float divisor;
        private final float @Nullable [] weights = floats(width.weights());

        FloatSum(double divisor) {
            this.divisor = (float) divisor;
        }

        private int lastPlane = -1;
        private int lastDepth;

        @Override
        public void of(int plane, int d, int h, int to) {
            if (plane == lastPlane && d == lastDepth && h > 0 && isSame(height, h)) {
                // The row before is of the same rows: so are those of a nearest element.
                System.arraycopy(y, to - outSize, y, to, outSize);
                return;
            }
            lastPlane = plane;
            lastDepth = d;
            boolean begun = false;
            for (int i = 0; i < depth.count()[d]; i++) {
                double outer = depth.weight(d, i);
                for (int j = 0; outer != 0 && j < height.count()[h]; j++) {
                    float w = (float) (outer * height.weight(h, j));
                    if (w == 0) continue;
                    int from = row(plane, depth.first()[d] + i, height.first()[h] + j);
                    if (begun) add(x, from, w, sums, rowSize);
                    else set(x, from, w, sums, rowSize);
                    begun = true;
                }
            }
            if (!begun) Arrays.fill(sums, 0);
            along(to);
            if (divisor != 1) divide(y, to, outSize, divisor);
        }

        private void along(int to) {
            int[] first = width.first();
            int[] count = width.count();
            float[] w = weights;
            float[] s = sums;
            if (w != null && width.most() == 2) {
                for (int o = 0; o < outSize; o++) {
                    int i = first[o];
                    // The second of a window of one is not read, as it may be infinite.
                    float low = w[2 * o] * s[i];
                    y[to + o] = count[o] == 2 ? low + w[2 * o + 1] * s[i + 1] : low;
                }
                return;
            }
            int most = width.most();
            if (w == null && most == 1) {
                for (int o = 0; o < outSize; o++) y[to + o] = count[o] == 0 ? 0 : s[first[o]];
                return;
            }
            for (int o = 0; o < outSize; o++) {
                int i = first[o];
                int n = count[o];
                float sum = 0;
                if (w == null) for (int k = 0; k < n; k++) sum += s[i + k];
                else for (int k = 0; k < n; k++) if (w[o * most + k] != 0) sum += w[o * most + k] * s[i + k];
                y[to + o] = sum;
            }
        }
    }

    /** Returns whether a window has the elements of the previous one, with the same weights. */
    private static boolean isSame(Windows w, int o) {
        if (w.first()[o] != w.first()[o - 1] || w.count()[o] != w.count()[o - 1]) return false;
        if (w.weights() == null) return true;
        for (int k = 0; k < w.count()[o]; k++) if (w.weight(o, k) != w.weight(o - 1, k)) return false;
        return true;
    }

    private static void set(float[] x, int from, float w, float[] sums, int n) {
        if (w == 1) System.arraycopy(x, from, sums, 0, n);
        else for (int e = 0; e < n; e++) sums[e] = w * x[from + e];
    }

    private static void add(float[] x, int from, float w, float[] sums, int n) {
        if (w == 1) for (int e = 0; e < n; e++) sums[e] += x[from + e];
        else for (int e = 0; e < n; e++) sums[e] += w * x[from + e];
    }

    private static void divide(float[] y, int at, int n, float divisor) {
        for (int e = at; e < at + n; e++) y[e] /= divisor;
    }

    private static float @Nullable [] floats(double @Nullable [] from) {
        if (from == null) return null;
        float[] to = new float[from.length];
        for (int i = 0; i < to.length; i++) to[i] = (float) from[i];
        return to;
    }

    private final class DoubleSum implements Row {
        private final double[] x = (double[]) in.storage().memory();
        private final double[] y = (double[]) out.storage().memory();
        private final double[] sums = new double[rowSize];
        private final double divisor;

        DoubleSum(double divisor) {
            this.divisor = divisor;
        }

        @Override
        public void of(int plane, int d, int h, int to) {
            Arrays.fill(sums, 0);
            for (int i = 0; i < depth.count()[d]; i++) {
                for (int j = 0; j < height.count()[h]; j++) {
                    double w = depth.weight(d, i) * height.weight(h, j);
                    if (w == 0) continue;
                    int from = row(plane, depth.first()[d] + i, height.first()[h] + j);
                    for (int e = 0; e < rowSize; e++) sums[e] += w * x[from + e];
                }
            }
            for (int o = 0; o < outSize; o++) {
                double sum = 0;
                for (int k = 0; k < width.count()[o]; k++) {
                    double w = width.weight(o, k);
                    if (w != 0) sum += w * sums[width.first()[o] + k];
                }
                y[to + o] = divisor == 1 ? sum : sum / divisor;
            }
        }
    }

    // Maxima

    /** Works as {@link dev.cotangent.backend.Backend#windowMax}. */
    void max(@Nullable Strided indices) {
        boolean isDouble = in.dtype() == Dtype.FLOAT64;
        long[] at = indices == null ? null : (long[]) indices.storage().memory();
        int shift = indices == null ? 0 : (int) indices.layout().offset() - outStart;
        if (isDouble) each(() -> new DoubleMax(at, shift));
        else if (at == null) each(FloatMax::new);
        else each(() -> new FloatArgMax(at, shift));
    }

    /** Maxima alone: NaN is the largest. */
    private final class FloatMax implements Row {
        private final float[] x = (float[]) in.storage().memory();
        private final float[] y = (float[]) out.storage().memory();
        private final float[] best = new float[rowSize];

        @Override
        public void of(int plane, int d, int h, int to) {
            boolean begun = false;
            for (int i = 0; i < depth.count()[d]; i++) {
                for (int j = 0; j < height.count()[h]; j++) {
                    int from = row(plane, depth.first()[d] + i * depth.step(), height.first()[h] + j * height.step());
                    if (begun) larger(x, from, best, rowSize);
                    else System.arraycopy(x, from, best, 0, rowSize);
                    begun = true;
                }
            }
            int step = width.step();
            int[] first = width.first();
            int[] count = width.count();
            for (int o = 0; o < outSize; o++) {
                int i = first[o];
                int end = i + count[o] * step;
                float max = best[i];
                for (int k = i + step; k < end; k += step) max = Math.max(max, best[k]);
                y[to + o] = max;
            }
        }
    }

    private static void larger(float[] x, int from, float[] best, int n) {
        for (int e = 0; e < n; e++) best[e] = Math.max(best[e], x[from + e]);
    }

    /**
     * Maxima and their places, as one number each, so that nothing branches: above the bits of the value in an order of
     * integers, below the index, inverted unless the value is NaN, so that of equal values the first is the largest.
     */
    private final class FloatArgMax implements Row {
        private final float[] x = (float[]) in.storage().memory();
        private final float[] y = (float[]) out.storage().memory();
        private final long[] to;
        private final int shift;
        private final long[] best = new long[rowSize];

        FloatArgMax(long[] to, int shift) {
            this.to = to;
            this.shift = shift;
        }

        @Override
        public void of(int plane, int d, int h, int at) {
            boolean begun = false;
            int start = row(plane, 0, 0);
            for (int i = 0; i < depth.count()[d]; i++) {
                for (int j = 0; j < height.count()[h]; j++) {
                    int z = depth.first()[d] + i * depth.step();
                    int r = height.first()[h] + j * height.step();
                    int from = row(plane, z, r);
                    if (begun) larger(x, from, from - start, best, rowSize);
                    else keys(x, from, from - start, best, rowSize);
                    begun = true;
                }
            }
            int step = width.step();
            int[] first = width.first();
            int[] count = width.count();
            for (int o = 0; o < outSize; o++) {
                int i = first[o];
                int end = i + count[o] * step;
                long max = best[i];
                for (int k = i + step; k < end; k += step) max = Math.max(max, best[k]);
                int place = (int) max;
                place = place < 0 ? ~place : place;
                y[at + o] = x[start + place];
                to[at + shift + o] = place;
            }
        }
    }

    private static long key(float v, int index) {
        // Adding 0 makes the zeros equal; NaN is above infinity.
        int bits = Float.floatToRawIntBits(v + 0f);
        boolean isNumber = v == v;
        int order = isNumber ? bits ^ bits >> 31 & Integer.MAX_VALUE : Integer.MAX_VALUE;
        return (long) order << 32 | (isNumber ? ~index : index) & 0xFFFFFFFFL;
    }

    private static void keys(float[] x, int from, int index, long[] best, int n) {
        for (int e = 0; e < n; e++) best[e] = key(x[from + e], index + e);
    }

    private static void larger(float[] x, int from, int index, long[] best, int n) {
        for (int e = 0; e < n; e++) best[e] = Math.max(best[e], key(x[from + e], index + e));
    }

    private final class DoubleMax implements Row {
        private final double[] x = (double[]) in.storage().memory();
        private final double[] y = (double[]) out.storage().memory();
        private final long @Nullable [] to;
        private final int shift;

        DoubleMax(long @Nullable [] to, int shift) {
            this.to = to;
            this.shift = shift;
        }

        @Override
        public void of(int plane, int d, int h, int at) {
            for (int o = 0; o < outSize; o++) {
                double max = Double.NEGATIVE_INFINITY;
                int place = -1;
                for (int i = 0; i < depth.count()[d]; i++) {
                    for (int j = 0; j < height.count()[h]; j++) {
                        int z = depth.first()[d] + i * depth.step();
                        int r = height.first()[h] + j * height.step();
                        int from = row(plane, z, r);
                        int index = (z * height.size() + r) * rowSize;
                        for (int k = 0; k < width.count()[o]; k++) {
                            int c = width.first()[o] + k * width.step();
                            double v = x[from + c];
                            if (!(v > max || v != v || place < 0)) continue;
                            max = v;
                            place = index + c;
                        }
                    }
                }
                y[at + o] = max;
                if (to != null) to[at + shift + o] = place;
            }
        }
    }

    /** Works as {@link dev.cotangent.backend.Backend#addInPlanes} for contiguous operands. Returns false for others. */
    static boolean addInPlanes(WorkerPool pool, Strided from, Strided index, Strided to) {
        Layout f = from.layout();
        Layout i = index.layout();
        Layout t = to.layout();
        boolean fits = from.dtype() == Dtype.FLOAT32 && f.isContiguous() && i.isContiguous() && t.isContiguous();
        if (!fits) return false;
        float[] x = (float[]) from.storage().memory();
        long[] at = (long[]) index.storage().memory();
        float[] y = (float[]) to.storage().memory();
        int each = (int) f.size(1);
        int size = (int) t.size(1);
        if (!inRange(at, (int) i.offset(), (int) i.numel(), size)) return false;
        pool.run(f.size(0), 1, (long) ELEMENT * each, (first, end) -> {
            for (int p = (int) first; p < end; p++) {
                int a = (int) f.offset() + p * each;
                int b = (int) i.offset() + p * each;
                int c = (int) t.offset() + p * size;
                for (int e = 0; e < each; e++) y[c + (int) at[b + e]] += x[a + e];
            }
        });
        return true;
    }

    private static boolean inRange(long[] at, int from, int n, int size) {
        long low = 0;
        long high = 0;
        for (int e = from; e < from + n; e++) {
            low = Math.min(low, at[e]);
            high = Math.max(high, at[e]);
        }
        return low >= 0 && high < size;
    }
}
