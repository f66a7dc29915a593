package dev.cotangent.cpu;

import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;

/**
 * The lines along one dimension of an operand: rows of lines at equal distances, and the elements of a line.
 *
 * @param data the memory
 * @param isReal whether elements are single numbers, else pairs in a last dimension
 * @param sizes of the dimensions of the rows, the last one being the lines of a row
 * @param strides of these
 * @param dim along which lines are
 */
record FourierLines(Strided data, boolean isReal, long[] sizes, long[] strides, int dim) {
    /** From this many lines on the last dimension makes good rows. */
    private static final int ENOUGH = 16;

    /** Returns the lines of input and output, in the same order. */
    static FourierLines[] of(Strided in, boolean inReal, Strided out, boolean outReal, int dim) {
        int rank = out.layout().rank() - (outReal ? 0 : 1);
        long[] sizes = new long[rank];
        long[] from = new long[rank];
        long[] to = new long[rank];
        int n = 0;
        for (int d = 0; d < rank; d++) {
            long size = out.layout().size(d);
            if (d == dim || size == 1) continue;
            long a = in.layout().stride(d);
            long b = out.layout().stride(d);
            boolean joins = n > 0 && from[n - 1] == a * size && to[n - 1] == b * size;
            if (!joins) n++;
            sizes[n - 1] = joins ? sizes[n - 1] * size : size;
            from[n - 1] = a;
            to[n - 1] = b;
        }
        if (n == 0) sizes[n++] = 1;
        int best = n - 1;
        for (int d = 0; d < n && sizes[n - 1] < ENOUGH; d++) if (sizes[d] > sizes[best]) best = d;
        for (long[] each : new long[][] {sizes, from, to}) {
            long chosen = each[best];
            each[best] = each[n - 1];
            each[n - 1] = chosen;
        }
        long[] common = java.util.Arrays.copyOf(sizes, n);
        return new FourierLines[] {
            new FourierLines(in, inReal, common, java.util.Arrays.copyOf(from, n), dim),
            new FourierLines(out, outReal, common, java.util.Arrays.copyOf(to, n), dim)
        };
    }

    /** Returns the lines of a row. */
    int length() {
        return (int) sizes[sizes.length - 1];
    }

    /** Returns the number of rows. */
    long rows() {
        long rows = 1;
        for (int d = 0; d < sizes.length - 1; d++) rows *= sizes[d];
        return rows;
    }

    /** Returns the number of lines. */
    long count() {
        return rows() * length();
    }

    /** Returns lines of a row as [elements, parts, lines]. */
    Strided slice(long row, int start, int count) {
        Layout l = data.layout();
        int last = sizes.length - 1;
        long offset = l.offset() + start * strides[last];
        for (int d = last - 1; d >= 0; d--) {
            offset += row % sizes[d] * strides[d];
            row /= sizes[d];
        }
        long partStride = isReal ? 1 : l.stride(l.rank() - 1);
        return data.with(Layout.of(
                new long[] {l.size(dim), isReal ? 1 : 2, count},
                new long[] {l.stride(dim), partStride, strides[last]},
                offset));
    }

    /** Returns the first {@code 2 * count} real elements of {@link #slice} as pairs. */
    static Strided pairs(Strided lines, int count) {
        Layout l = lines.layout();
        return lines.with(Layout.of(
                new long[] {count, 2, l.size(2)}, new long[] {2 * l.stride(0), l.stride(0), l.stride(2)}, l.offset()));
    }
}
