package dev.cotangent.cpu;

import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;

/** Copies between layouts of one dtype, in the order of the target's memory. */
final class Copier {
    /** Rows shorter than this are exchanged for columns where those are longer; shorter ones, if they are contiguous. */
    private static final int SHORT = 16;

    private static final int SHORT_CONTIGUOUS = 4;

    /** Tenths of a nanosecond for an element: of contiguous rows, and otherwise. */
    private static final int CONTIGUOUS_COST = 3;

    private static final int STRIDED_COST = 10;

    private Copier() {}

    static void copy(LoopKernels kernels, WorkerPool pool, Strided from, Strided to) {
        Layout target = to.layout();
        int[] order = target.isContiguous() ? StridedIterator.natural(target.rank()) : StridedIterator.byStride(target);
        TensorIterator iterator = TensorIterator.of(order, from.layout(), target);
        int few = iterator.stride(0) == 1 && iterator.stride(1) == 1 ? SHORT_CONTIGUOUS : SHORT;
        if (iterator.length() < few && iterator.rows() > iterator.length()) iterator.swapInner();
        int stride = iterator.stride(0);
        int row = iterator.rowStride(0);
        int toStride = iterator.stride(1);
        int toRow = iterator.rowStride(1);
        Object x = from.storage().memory();
        Object y = to.storage().memory();
        if (stride == -1 && toStride == 1 && x instanceof float[] source && y instanceof float[] sink) {
            Reversal reversal = kernels.reversal(to.numel());
            iterator.run(pool, CONTIGUOUS_COST, -1, (at, rows, length) -> {
                for (int r = 0; r < rows; r++) {
                    reversal.run(source, at[0] + r * row, sink, at[1] + r * toRow, length);
                }
            });
            return;
        }
        ElementCopies moves = ElementCopies.of(y);
        int cost = stride == 1 && toStride == 1 ? CONTIGUOUS_COST : STRIDED_COST;
        iterator.run(
                pool,
                cost,
                -1,
                (at, rows, length) -> moves.copy(x, at[0], row, stride, y, at[1], toRow, toStride, rows, length));
    }

    /** Writes one value everywhere, which is the element of an array of the target's class. */
    static void fill(WorkerPool pool, Object value, Strided to) {
        Layout target = to.layout();
        int[] order = target.isContiguous() ? StridedIterator.natural(target.rank()) : StridedIterator.byStride(target);
        TensorIterator iterator = TensorIterator.of(order, target);
        if (iterator.length() < SHORT && iterator.rows() > iterator.length()) iterator.swapInner();
        int stride = iterator.stride(0);
        int row = iterator.rowStride(0);
        Object y = to.storage().memory();
        ElementCopies moves = ElementCopies.of(y);
        iterator.run(
                pool, CONTIGUOUS_COST, -1, (at, rows, n) -> moves.copy(value, 0, 0, 0, y, at[0], row, stride, rows, n));
    }

    /** Copies matrices with zeros below or above a diagonal; the target may be the source. */
    static void triangle(WorkerPool pool, Strided from, boolean upper, long diagonal, Strided to) {
        if (to.numel() == 0) return;
        int rank = to.layout().rank();
        int width = (int) to.layout().size(rank - 1);
        boolean same = from.storage() == to.storage();
        int stride = (int) from.layout().stride(rank - 1);
        int toStride = (int) to.layout().stride(rank - 1);
        Object x = from.storage().memory();
        Object y = to.storage().memory();
        Object zero = RegisterCodec.of(to.dtype()).allocate(1);
        ElementCopies moves = ElementCopies.of(y);
        // Of each matrix its rows, as lines.
        Layout sources = from.layout().slice(rank - 1, 0, 1, 1);
        Layout targets = to.layout().slice(rank - 1, 0, 1, 1);
        Layout numbers = Layout.of(sources.sizes(), along(rank, rank - 2), 0);
        TensorIterator lines = TensorIterator.of(StridedIterator.natural(rank), sources, targets, numbers);
        lines.run(pool, CONTIGUOUS_COST * width, -1, (at, rows, length) -> {
            for (int r = 0; r < rows; r++) {
                for (int e = 0; e < length; e++) {
                    int i = at[0] + r * lines.rowStride(0) + e * lines.stride(0);
                    int j = at[1] + r * lines.rowStride(1) + e * lines.stride(1);
                    int number = at[2] + r * lines.rowStride(2) + e * lines.stride(2);
                    int first = upper ? Math.clamp(number + diagonal, 0, width) : 0;
                    int end = upper ? width : Math.clamp(number + diagonal + 1, 0, width);
                    if (first > 0) moves.copy(zero, 0, 0, 0, y, j, 0, toStride, 1, first);
                    if (!same) {
                        moves.copy(
                                x, i + first * stride, 0, stride, y, j + first * toStride, 0, toStride, 1, end - first);
                    }
                    if (end < width) moves.copy(zero, 0, 0, 0, y, j + end * toStride, 0, toStride, 1, width - end);
                }
            }
        });
    }

    private static long[] along(int rank, int dim) {
        long[] strides = new long[rank];
        strides[dim] = 1;
        return strides;
    }
}
