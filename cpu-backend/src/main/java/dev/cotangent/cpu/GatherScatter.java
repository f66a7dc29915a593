package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.IndexException;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Scatter;
import dev.cotangent.backend.Strided;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Gathers and scatters along a dimension. Where one index holds for a contiguous row, as of an embedding, rows are copied or
 * added as a whole; otherwise elements.
 */
final class GatherScatter {
    /** Rows shorter than this are handled element by element. */
    private static final int SHORT = 8;

    /** Columns of a cache line or more, by which threads share rows. */
    private static final int COLUMNS = 32;

    /** Tenths of a nanosecond for an element: of rows, and single ones. */
    private static final int ROW_COST = 3;

    private static final int ELEMENT_COST = 15;

    private GatherScatter() {}

    static void gather(WorkerPool pool, Strided in, int dim, Strided index, Strided out) {
        if (out.numel() == 0) return;
        if (in.layout().rank() == 0) {
            gather(pool, unsqueezed(in), 0, unsqueezed(index), unsqueezed(out));
            return;
        }
        long size = in.layout().size(dim);
        int step = (int) in.layout().stride(dim);
        int[] order = out.layout().isContiguous()
                ? StridedIterator.natural(out.layout().rank())
                : StridedIterator.byStride(out.layout());
        TensorIterator iterator =
                TensorIterator.of(order, along(in.layout(), index.layout(), dim), index.layout(), out.layout());
        int stride = iterator.stride(0);
        int row = iterator.rowStride(0);
        int indexStride = iterator.stride(1);
        int indexRow = iterator.rowStride(1);
        int toStride = iterator.stride(2);
        int toRow = iterator.rowStride(2);
        Object from = in.storage().memory();
        long[] indices = (long[]) index.storage().memory();
        Object to = out.storage().memory();
        ElementCopies moves = ElementCopies.of(to);
        boolean byRow = indexStride == 0 && stride == 1 && toStride == 1 && iterator.length() >= SHORT;
        AtomicBoolean outside = new AtomicBoolean();
        iterator.run(pool, byRow ? ROW_COST : ELEMENT_COST, -1, (at, rows, n) -> {
            boolean good;
            if (byRow) {
                good = gatherRows(from, at[0], row, step, indices, at[1], indexRow, size, to, at[2], toRow, rows, n);
            } else {
                good = true;
                for (int r = 0; r < rows && good; r++) {
                    int i = at[0] + r * row;
                    int k = at[1] + r * indexRow;
                    int j = at[2] + r * toRow;
                    good = moves.gather(from, i, stride, step, indices, k, indexStride, size, to, j, toStride, n);
                }
            }
            if (!good) outside.set(true);
        });
        if (outside.get()) check(index, dim, size);
    }

    private static Strided unsqueezed(Strided s) {
        return s.with(s.layout().unsqueeze(0));
    }

    /** Returns a layout in the shape of an index, at index 0 along the indexed dimension. */
    private static Layout along(Layout layout, Layout index, int dim) {
        long[] strides = layout.strides().clone();
        strides[dim] = 0;
        return Layout.of(index.sizes(), strides, layout.offset());
    }

    private static boolean gatherRows(
            Object from,
            int i,
            int row,
            int step,
            long[] index,
            int k,
            int indexRow,
            long size,
            Object to,
            int j,
            int toRow,
            int rows,
            int n) {
        // Copies of arrays whose type the compiler knows begin sooner.
        if (from instanceof float[] x && to instanceof float[] y) {
            for (int r = 0; r < rows; r++, i += row, k += indexRow, j += toRow) {
                long at = index[k];
                if (at < 0 || at >= size) return false;
                System.arraycopy(x, i + (int) at * step, y, j, n);
            }
        } else {
            for (int r = 0; r < rows; r++, i += row, k += indexRow, j += toRow) {
                long at = index[k];
                if (at < 0 || at >= size) return false;
                System.arraycopy(from, i + (int) at * step, to, j, n);
            }
        }
        return true;
    }

    /**
     * Scatters. Threads split the other dimensions, so that all elements of one target are written by one thread, in
     * order.
     */
    static void scatter(
            LoopKernels kernels, WorkerPool pool, Scatter kind, Strided to, int dim, Strided index, Strided from) {
        if (from.numel() == 0) return;
        if (to.layout().rank() == 0) {
            scatter(kernels, pool, kind, unsqueezed(to), 0, unsqueezed(index), unsqueezed(from));
            return;
        }
        Dtype dtype = to.dtype();
        long size = to.layout().size(dim);
        int step = (int) to.layout().stride(dim);
        check(index, dim, size);
        Layout target = along(to.layout(), index.layout(), dim);
        TensorIterator iterator =
                TensorIterator.of(StridedIterator.natural(target.rank()), target, index.layout(), from.layout());
        int toStride = iterator.stride(0);
        int toRow = iterator.rowStride(0);
        int indexStride = iterator.stride(1);
        int indexRow = iterator.rowStride(1);
        int stride = iterator.stride(2);
        int row = iterator.rowStride(2);
        Object memory = to.storage().memory();
        long[] indices = (long[]) index.storage().memory();
        Object source = from.storage().memory();
        boolean byRow = indexStride == 0 && toStride == 1 && iterator.length() >= SHORT;
        boolean direct = kind == Scatter.SET || ScatterLoops.isDirect(dtype);
        ElementCopies moves = ElementCopies.of(memory);
        Loop join = ScatterLoops.loop(kernels, kind, dtype, from.numel());
        iterator.run(pool, direct && byRow ? ROW_COST : ELEMENT_COST, 0, (at, rows, n) -> {
            int j = at[0];
            int k = at[1];
            int i = at[2];
            for (int r = 0; r < rows; r++, i += row, k += indexRow, j += toRow) {
                if (byRow) {
                    int place = j + (int) indices[k] * step;
                    if (kind == Scatter.SET) moves.copy(source, i, 0, stride, memory, place, 0, 1, 1, n);
                    else if (direct && stride == 1) join.run(memory, place, memory, place, source, i, source, i, n);
                    else combine(kind, dtype, source, i, stride, memory, place, n);
                } else if (kind == Scatter.SET) {
                    moves.scatter(source, i, stride, indices, k, indexStride, memory, j, toStride, step, n);
                } else if (direct) {
                    ScatterLoops.elements(
                            kind, source, i, stride, indices, k, indexStride, memory, j, toStride, step, n);
                } else {
                    for (int e = 0; e < n; e++) {
                        int place = j + e * toStride + (int) indices[k + e * indexStride] * step;
                        combine(kind, dtype, source, i + e * stride, 0, memory, place, 1);
                    }
                }
            }
        });
    }

    /** Adds rows of one matrix to rows of another, in order; threads share the columns. */
    static void addRows(
            LoopKernels kernels, WorkerPool pool, Strided from, Strided fromIndex, Strided to, Strided toIndex) {
        check(fromIndex, 0, from.layout().size(0));
        check(toIndex, 0, to.layout().size(0));
        int n = (int) fromIndex.numel();
        int width = (int) from.layout().size(1);
        int row = (int) from.layout().stride(0);
        int toRow = (int) to.layout().stride(0);
        long[] indices = (long[]) fromIndex.storage().memory();
        long[] targets = (long[]) toIndex.storage().memory();
        int k = (int) fromIndex.layout().offset();
        int t = (int) toIndex.layout().offset();
        int indexStride = (int) fromIndex.layout().stride(0);
        int targetStride = (int) toIndex.layout().stride(0);
        Object x = from.storage().memory();
        Object y = to.storage().memory();
        Loop add = ScatterLoops.loop(kernels, Scatter.ADD, to.dtype(), (long) n * width);
        int start = (int) from.layout().offset();
        int toStart = (int) to.layout().offset();
        pool.run(width, COLUMNS, (long) ROW_COST * n, (first, end) -> {
            int columns = (int) (end - first);
            for (int e = 0; e < n; e++) {
                int i = start + (int) first + (int) indices[k + e * indexStride] * row;
                int j = toStart + (int) first + (int) targets[t + e * targetStride] * toRow;
                add.run(y, j, y, j, x, i, x, i, columns);
            }
        });
    }

    /** Writes one index for several, each along a dimension of its own and counted from the end where negative; or -1. */
    static void linearIndex(WorkerPool pool, Strided[] indices, long[] sizes, Strided out) {
        for (int t = 0; t < indices.length; t++) {
            long size = sizes[t];
            boolean first = t == 0;
            TensorIterator iterator =
                    TensorIterator.of(StridedIterator.natural(out.layout().rank()), indices[t].layout(), out.layout());
            long[] from = (long[]) indices[t].storage().memory();
            long[] to = (long[]) out.storage().memory();
            iterator.run(pool, ELEMENT_COST, -1, (at, rows, n) -> {
                for (int r = 0; r < rows; r++) {
                    int i = at[0] + r * iterator.rowStride(0);
                    int j = at[1] + r * iterator.rowStride(1);
                    linear(from, i, iterator.stride(0), size, to, j, iterator.stride(1), n, first);
                }
            });
        }
    }

    private static void linear(
            long[] from, int i, int stride, long size, long[] to, int j, int toStride, int n, boolean first) {
        for (int e = 0; e < n; e++, i += stride, j += toStride) {
            long index = from[i];
            long at = index + (index >> 63 & size);
            // The sign bit marks an index out of range.
            long outside = at | size - 1 - at;
            if (!first) {
                outside |= to[j];
                at += to[j] * size;
            }
            to[j] = outside < 0 ? -1 : at;
        }
    }

    /** Adds elements in row-major order to a layout that may overlap itself. */
    static void addOverlapping(Strided from, Strided to) {
        if (from.numel() == 0) return;
        Dtype dtype = to.dtype();
        boolean direct = ScatterLoops.isDirect(dtype);
        TensorIterator iterator =
                TensorIterator.of(StridedIterator.natural(to.layout().rank()), to.layout(), from.layout());
        Object x = from.storage().memory();
        Object y = to.storage().memory();
        int row = iterator.rowStride(1);
        int stride = iterator.stride(1);
        int toRow = iterator.rowStride(0);
        int toStride = iterator.stride(0);
        iterator.rows((at, rows, n) -> {
            if (direct) {
                ScatterLoops.add(x, at[1], row, stride, y, at[0], toRow, toStride, rows, n);
                return;
            }
            for (int r = 0; r < rows; r++) {
                for (int e = 0; e < n; e++) {
                    int i = at[1] + r * row + e * stride;
                    combine(Scatter.ADD, dtype, x, i, 0, y, at[0] + r * toRow + e * toStride, 1);
                }
            }
        });
    }

    /** Combines a row through registers. */
    private static void combine(Scatter kind, Dtype dtype, Object from, int i, int stride, Object to, int j, int n) {
        RegisterCodec elements = RegisterCodec.of(dtype);
        Registers mine = Registers.mine();
        Object values = mine.get(RegisterType.of(dtype), Registers.LAST);
        Object old = mine.get(RegisterType.of(dtype), Registers.LAST - 1);
        for (int done = 0; done < n; done += Registers.BLOCK) {
            int some = Math.min(Registers.BLOCK, n - done);
            elements.load(from, i + done * stride, stride, values, 0, some);
            elements.load(to, j + done, 1, old, 0, some);
            ScatterLoops.row(kind, values, 0, old, 0, some);
            elements.store(old, 0, to, j + done, 1, some);
        }
    }

    /** Throws if an index is out of range, naming the first. */
    private static void check(Strided index, int dim, long size) {
        long[] indices = (long[]) index.storage().memory();
        Layout each = once(index.layout());
        TensorIterator iterator = TensorIterator.of(StridedIterator.natural(each.rank()), each);
        int row = iterator.rowStride(0);
        int stride = iterator.stride(0);
        iterator.rows((at, rows, n) -> {
            for (int r = 0; r < rows; r++) {
                int k = at[0] + r * row;
                if (inRange(indices, k, stride, n, size)) continue;
                for (int e = 0; e < n; e++) {
                    long i = indices[k + e * stride];
                    if (i >= 0 && i < size) continue;
                    throw new IndexException(
                            "index " + i + " is out of bounds for dimension " + dim + " with size " + size);
                }
            }
        });
    }

    private static boolean inRange(long[] indices, int k, int stride, int n, long size) {
        // A negative number has the sign bit set; with indices far from overflow, so has the distance to a smaller
        // size.
        long bad = 0;
        long last = size - 1;
        if (stride == 1) for (int e = 0; e < n; e++) bad |= indices[k + e] | last - indices[k + e];
        else for (int e = 0; e < n; e++, k += stride) bad |= indices[k] | last - indices[k];
        return bad >= 0;
    }

    /** Returns the layout with each of its places once: dimensions of stride 0 have size 1. */
    private static Layout once(Layout layout) {
        for (int d = 0; d < layout.rank(); d++) {
            if (layout.stride(d) == 0 && layout.size(d) > 1) layout = layout.slice(d, 0, 1, 1);
        }
        return layout;
    }
}
