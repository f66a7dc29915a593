package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;

/**
 * Binary search in sorted rows. Where a row is searched often, without branches on the comparisons, over the keys of the row
 * ({@link SortKeys}); otherwise, and where there is a NaN in the row, by bisecting an interval.
 */
final class BinarySearch {
    /** Tenths of a nanosecond for a step of a search. */
    private static final int STEP_COST = 15;

    /** So many elements of a row for each search at most, for keys to be made of the row. */
    private static final int ELEMENTS_PER_SEARCH = 4;

    private BinarySearch() {}

    static void searchsorted(
            Backend backend, WorkerPool pool, Strided sorted, Strided values, boolean right, Strided out) {
        if (values.numel() == 0) return;
        if (!ScatterLoops.isDirect(values.dtype())) {
            // Floats hold all values of half types, and longs those of the others.
            Dtype wide = values.dtype().isFloatingPoint() ? Dtype.FLOAT32 : Dtype.INT64;
            searchsorted(backend, pool, converted(backend, sorted, wide), converted(backend, values, wide), right, out);
            return;
        }
        int n = (int) sorted.layout().size(1);
        int stride = (int) sorted.layout().stride(1);
        Layout row = sorted.layout().slice(1, 0, Math.min(n, 1), 1);
        Layout rows = n == 0
                ? Layout.of(values.layout().sizes(), new long[2], 0)
                : row.expand(values.layout().sizes());
        TensorIterator iterator = TensorIterator.of(StridedIterator.natural(2), rows, values.layout(), out.layout());
        Object table = sorted.storage().memory();
        Object wanted = values.storage().memory();
        long[] found = (long[]) out.storage().memory();
        int steps = Integer.SIZE - Integer.numberOfLeadingZeros(n);
        iterator.run(pool, STEP_COST * (steps + 1), -1, (at, blocks, length) -> {
            long[] keys = n == 0 || n > ELEMENTS_PER_SEARCH * length || iterator.stride(0) != 0 ? null : keys(n);
            for (int r = 0; r < blocks; r++) {
                if (keys != null && load(values.dtype(), table, at[0] + r * iterator.rowStride(0), stride, keys, n)) {
                    int i = at[1] + r * iterator.rowStride(1);
                    int j = at[2] + r * iterator.rowStride(2);
                    search(keys, n, wanted, i, iterator.stride(1), found, j, iterator.stride(2), length, right);
                    continue;
                }
                search(
                        table,
                        at[0] + r * iterator.rowStride(0),
                        iterator.stride(0),
                        stride,
                        n,
                        wanted,
                        at[1] + r * iterator.rowStride(1),
                        iterator.stride(1),
                        found,
                        at[2] + r * iterator.rowStride(2),
                        iterator.stride(2),
                        length,
                        right);
            }
        });
    }

    private static long[] keys(int n) {
        return n <= Registers.BLOCK ? (long[]) Registers.mine().get(RegisterType.LONG, Registers.LAST) : new long[n];
    }

    /** Loads the keys of a row; returns whether none is that of NaN. */
    private static boolean load(Dtype dtype, Object table, int start, int stride, long[] keys, int n) {
        SortKeys.load(dtype, table, start, stride, keys, n, false);
        if (!dtype.isFloatingPoint()) return true;
        long nan = SortKeys.nan(dtype);
        boolean none = true;
        for (int e = 0; e < n; e++) none &= keys[e] != nan;
        return none;
    }

    private static void search(
            long[] keys,
            int n,
            Object wanted,
            int i,
            int iStride,
            long[] found,
            int j,
            int jStride,
            int length,
            boolean right) {
        // Of two elements compared as -1, 0 or 1 the sign bit of this sum is set where the search goes on behind the
        // first.
        int equal = right ? -1 : 0;
        for (int e = 0; e < length; e++, i += iStride, j += jStride) {
            long value = switch (wanted) {
                case float[] x -> SortKeys.key(x[i]);
                case double[] x -> SortKeys.key(x[i]);
                case long[] x -> x[i];
                default -> throw new IllegalArgumentException(wanted.getClass() + " is not searched");
            };
            int low = 0;
            for (int left = n; left > 1; ) {
                int half = left >>> 1;
                low += Long.compare(keys[low + half - 1], value) + equal >> 31 & half;
                left -= half;
            }
            found[j] = low - (Long.compare(keys[low], value) + equal >> 31);
        }
    }

    private static Strided converted(Backend backend, Strided s, Dtype dtype) {
        Strided copy = new Strided(
                backend.allocateUnset(dtype, s.numel()),
                Layout.contiguous(s.layout().sizes()));
        backend.copy(s, copy);
        return copy;
    }

    private static void search(
            Object table,
            int start,
            int next,
            int stride,
            int n,
            Object wanted,
            int i,
            int iStride,
            long[] found,
            int j,
            int jStride,
            int length,
            boolean right) {
        switch (wanted) {
            case float[] values -> {
                float[] x = (float[]) table;
                for (int e = 0; e < length; e++, start += next, i += iStride, j += jStride) {
                    found[j] = search(x, start, stride, n, values[i], right);
                }
            }
            case double[] values -> {
                double[] x = (double[]) table;
                for (int e = 0; e < length; e++, start += next, i += iStride, j += jStride) {
                    found[j] = search(x, start, stride, n, values[i], right);
                }
            }
            case long[] values -> {
                long[] x = (long[]) table;
                for (int e = 0; e < length; e++, start += next, i += iStride, j += jStride) {
                    found[j] = search(x, start, stride, n, values[i], right);
                }
            }
            default -> throw new IllegalArgumentException(wanted.getClass() + " is not searched");
        }
    }

    // Comparisons with NaN are false, so that a value that is NaN comes behind all others.

    private static int search(float[] x, int start, int stride, int n, float value, boolean right) {
        int low = 0;
        int high = n;
        while (low < high) {
            int middle = low + high >>> 1;
            float there = x[start + middle * stride];
            boolean stop = right ? there > value : there >= value;
            low = stop ? low : middle + 1;
            high = stop ? middle : high;
        }
        return low;
    }

    private static int search(double[] x, int start, int stride, int n, double value, boolean right) {
        int low = 0;
        int high = n;
        while (low < high) {
            int middle = low + high >>> 1;
            double there = x[start + middle * stride];
            boolean stop = right ? there > value : there >= value;
            low = stop ? low : middle + 1;
            high = stop ? middle : high;
        }
        return low;
    }

    private static int search(long[] x, int start, int stride, int n, long value, boolean right) {
        int low = 0;
        int high = n;
        while (low < high) {
            int middle = low + high >>> 1;
            long there = x[start + middle * stride];
            boolean stop = right ? there > value : there >= value;
            low = stop ? low : middle + 1;
            high = stop ? middle : high;
        }
        return low;
    }
}
