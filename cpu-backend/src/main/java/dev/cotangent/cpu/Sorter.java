package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import org.jspecify.annotations.Nullable;

/** Sorts lines along a dimension, and finds their largest elements and those of a rank; all by {@link SortKeys}. */
final class Sorter {
    /** From this many elements on, lines that are not contiguous are copied first. */
    private static final int WORTH_COPYING = 1 << 13;

    /** Up to this many largest elements are kept in order while a line is read. */
    private static final int FEW = TopK.MOST;

    /** Tenths of a nanosecond for an element: to sort, and to select. */
    private static final int SORT_COST = 150;

    private static final int SELECT_COST = 30;

    private final Backend backend;
    private final WorkerPool pool;

    Sorter(Backend backend, WorkerPool pool) {
        this.backend = backend;
        this.pool = pool;
    }

    /** An operation on one line, whose first elements have these offsets. */
    private interface Line {
        void run(long[] keys, long[] scratch, int from, int value, int index);
    }

    /** Runs a body for each line, with two arrays of its length. */
    private void each(int n, int dim, int cost, Line body, Strided in, Strided values, Strided indices) {
        Layout from = in.layout().select(dim, 0);
        TensorIterator lines = TensorIterator.of(
                StridedIterator.natural(from.rank()),
                from,
                values.layout().select(dim, 0),
                indices.layout().select(dim, 0));
        lines.run(pool, (int) Math.min((long) cost * n, Integer.MAX_VALUE), -1, (at, rows, length) -> {
            Storage first = n > Registers.BLOCK ? backend.allocateUnset(Dtype.INT64, n) : null;
            Storage second = n > Registers.BLOCK ? backend.allocateUnset(Dtype.INT64, n) : null;
            long[] keys = array(first, 1);
            long[] scratch = array(second, 2);
            for (int r = 0; r < rows; r++) {
                for (int e = 0; e < length; e++) {
                    body.run(
                            keys,
                            scratch,
                            at[0] + r * lines.rowStride(0) + e * lines.stride(0),
                            at[1] + r * lines.rowStride(1) + e * lines.stride(1),
                            at[2] + r * lines.rowStride(2) + e * lines.stride(2));
                }
            }
            if (first != null) first.discard();
            if (second != null) second.discard();
        });
    }

    private static long[] array(@Nullable Storage storage, int number) {
        return (long[])
                (storage != null ? storage.memory() : Registers.mine().get(RegisterType.LONG, Registers.LAST - number));
    }

    private static Strided unsqueezed(Strided s) {
        return s.with(s.layout().unsqueeze(0));
    }

    void sort(Strided in, int dim, boolean descending, Strided values, Strided indices) {
        if (in.numel() == 0) return;
        if (in.layout().rank() == 0) {
            sort(unsqueezed(in), 0, descending, unsqueezed(values), unsqueezed(indices));
            return;
        }
        Strided from = contiguous(in, dim, true);
        Strided to = contiguous(values, dim, false);
        Strided places = contiguous(indices, dim, false);
        int n = (int) in.layout().size(dim);
        Dtype dtype = in.dtype();
        int stride = (int) from.layout().stride(dim);
        int toStride = (int) to.layout().stride(dim);
        int placeStride = (int) places.layout().stride(dim);
        Object x = from.storage().memory();
        Object y = to.storage().memory();
        long[] z = (long[]) places.storage().memory();
        each(
                n,
                dim,
                SORT_COST,
                (keys, positions, at, value, index) -> {
                    SortKeys.load(dtype, x, at, stride, keys, n, descending);
                    boolean sorted = KeySort.sort(keys, positions, n);
                    SortKeys.store(
                            dtype, sorted ? keys : null, descending, positions, x, at, stride, y, value, toStride, n);
                    ElementCopies.of(z).copy(positions, 0, 0, 1, z, index, 0, placeStride, 1, n);
                },
                from,
                to,
                places);
        if (to != values) backend.copy(to, values);
        if (places != indices) backend.copy(places, indices);
        discard(from, in);
        discard(to, values);
        discard(places, indices);
    }

    /** Returns the same operand, or where that pays one whose lines are contiguous. */
    private Strided contiguous(Strided s, int dim, boolean read) {
        Layout l = s.layout();
        if (l.stride(dim) == 1 || l.numel() < WORTH_COPYING || l.size(dim) == 1 || l.numel() == l.size(dim)) return s;
        long[] strides = new long[l.rank()];
        long step = strides[dim] = 1;
        step *= l.size(dim);
        for (int d = l.rank() - 1; d >= 0; d--) {
            if (d == dim) continue;
            strides[d] = step;
            step *= l.size(d);
        }
        Layout lines = Layout.of(l.sizes(), strides, 0);
        Strided copy = new Strided(backend.allocateUnset(s.dtype(), l.numel()), lines);
        if (read) backend.copy(s, copy);
        return copy;
    }

    private static void discard(Strided copy, Strided original) {
        if (copy != original) copy.storage().discard();
    }

    /** Writes the k largest or smallest elements of each line in order; of equal ones those that come first. */
    void topk(Strided in, int dim, boolean largest, Strided values, Strided indices) {
        if (values.numel() == 0) return;
        Strided from = contiguous(in, dim, true);
        int n = (int) in.layout().size(dim);
        int k = (int) values.layout().size(dim);
        Dtype dtype = in.dtype();
        int stride = (int) from.layout().stride(dim);
        int toStride = (int) values.layout().stride(dim);
        int placeStride = (int) indices.layout().stride(dim);
        Object x = from.storage().memory();
        Object y = values.storage().memory();
        long[] z = (long[]) indices.storage().memory();
        each(
                n,
                dim,
                SELECT_COST,
                (keys, scratch, at, value, index) -> {
                    if (k <= FEW) {
                        TopK.positions(dtype, x, at, stride, n, largest, k, scratch);
                    } else {
                        // The smallest of inverted keys are the largest.
                        SortKeys.load(dtype, x, at, stride, keys, n, largest);
                        smallest(keys, n, k, scratch);
                    }
                    SortKeys.store(dtype, null, false, scratch, x, at, stride, y, value, toStride, k);
                    ElementCopies.of(z).copy(scratch, 0, 0, 1, z, index, 0, placeStride, 1, k);
                },
                from,
                values,
                indices);
        discard(from, in);
    }

    /** Finds the positions of the k smallest keys, in order: all below that of rank k, and the first that equal it. */
    private static void smallest(long[] keys, int n, int k, long[] positions) {
        System.arraycopy(keys, 0, positions, 0, n);
        long last = KeySort.select(positions, n, k - 1);
        int below = 0;
        for (int i = 0; i < n; i++) below += keys[i] < last ? 1 : 0;
        int equal = k - below;
        int found = 0;
        long[] where = new long[k];
        for (int i = 0; i < n; i++) {
            long key = keys[i];
            if (key > last || key == last && equal-- <= 0) continue;
            where[found] = i;
            keys[found++] = key;
        }
        KeySort.sort(keys, positions, k);
        for (int i = 0; i < k; i++) positions[i] = where[(int) positions[i]];
    }

    /** Writes where in each line the element of a rank is, counted from 0: of equal ones as in stable order. */
    void kth(Strided in, int dim, long rank, Strided indices) {
        ranked(in, dim, indices, (keys, n) -> (int) rank);
    }

    /** Writes where in each line the lower median is: a NaN where there is one, or, ignoring NaN, that of the others. */
    void median(Strided in, int dim, boolean ignoreNan, Strided indices) {
        long nan = SortKeys.nan(in.dtype());
        boolean has = in.dtype().isFloatingPoint();
        ranked(in, dim, indices, (keys, n) -> {
            if (!has) return (n - 1) / 2;
            int nans = 0;
            for (int i = 0; i < n; i++) nans += keys[i] == nan ? 1 : 0;
            if (ignoreNan) return Math.max(n - nans - 1, 0) / 2;
            return nans > 0 ? n - nans : (n - 1) / 2;
        });
    }

    /** Writes where in each line the most frequent value is: of several the smallest, and of its places the last. */
    void mode(Strided in, int dim, Strided indices) {
        if (indices.numel() == 0) return;
        Strided from = contiguous(in, dim, true);
        int n = (int) in.layout().size(dim);
        Dtype dtype = in.dtype();
        boolean real = dtype.isFloatingPoint();
        long nan = SortKeys.nan(dtype);
        int stride = (int) from.layout().stride(dim);
        Object x = from.storage().memory();
        long[] z = (long[]) indices.storage().memory();
        each(
                n,
                dim,
                SORT_COST,
                (keys, positions, at, _, index) -> {
                    SortKeys.load(dtype, x, at, stride, keys, n, false);
                    if (!KeySort.sort(keys, positions, n)) {
                        long[] all = new long[n];
                        SortKeys.load(dtype, x, at, stride, all, n, false);
                        for (int i = 0; i < n; i++) keys[i] = all[(int) positions[i]];
                    }
                    z[index] = positions[endOfLongestRun(keys, n, real, nan)];
                },
                from,
                indices,
                indices);
        discard(from, in);
    }

    private static int endOfLongestRun(long[] sorted, int n, boolean real, long nan) {
        int longest = 0;
        int end = 0;
        for (int i = 0, start = 0; i < n; i++) {
            boolean last = i + 1 == n || sorted[i + 1] != sorted[i] || real && sorted[i] == nan;
            if (!last) continue;
            if (i + 1 - start > longest) {
                longest = i + 1 - start;
                end = i;
            }
            start = i + 1;
        }
        return end;
    }

    private interface Rank {
        int of(long[] keys, int n);
    }

    private void ranked(Strided in, int dim, Strided indices, Rank rank) {
        if (indices.numel() == 0) return;
        Strided from = contiguous(in, dim, true);
        int n = (int) in.layout().size(dim);
        Dtype dtype = in.dtype();
        int stride = (int) from.layout().stride(dim);
        Object x = from.storage().memory();
        long[] z = (long[]) indices.storage().memory();
        each(
                n,
                dim,
                SELECT_COST,
                (keys, scratch, at, _, index) -> {
                    SortKeys.load(dtype, x, at, stride, keys, n, false);
                    int k = rank.of(keys, n);
                    System.arraycopy(keys, 0, scratch, 0, n);
                    long key = KeySort.select(scratch, n, k);
                    int below = 0;
                    for (int i = 0; i < n; i++) below += keys[i] < key ? 1 : 0;
                    int i = 0;
                    for (int equal = k - below; keys[i] != key || equal-- > 0; ) i++;
                    z[index] = i;
                },
                from,
                indices,
                indices);
        discard(from, in);
    }
}
