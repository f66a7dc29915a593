package dev.cotangent.internal.format;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.ElementCodec;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;

/**
 * The elements that a text shows, in host memory: all, or the first and last {@code edge} of each dimension of more
 * than twice {@code edge}. Elements are addressed by offset: {@link #start} plus {@link #displacement} in each
 * dimension.
 */
final class Summarization {
    private final Dtype dtype;
    private final MemorySegment memory;
    private final Layout layout;
    private final boolean[] cut;
    private final int edge;

    private Summarization(Dtype dtype, MemorySegment memory, Layout layout, boolean[] cut, int edge) {
        this.dtype = dtype;
        this.memory = memory;
        this.layout = layout;
        this.cut = cut;
        this.edge = edge;
    }

    /** Wraps elements in host memory without a copy. */
    static Summarization of(Dtype dtype, MemorySegment memory, Layout layout, boolean summarize, int edge) {
        return new Summarization(dtype, memory, layout, cuts(layout, summarize, edge), edge);
    }

    /** Copies the shown elements, and no others, to the host. */
    static Summarization of(Strided values, boolean summarize, int edge) {
        boolean[] cut = cuts(values.layout(), summarize, edge);
        long[] sizes = values.layout().sizes().clone();
        for (int d = 0; d < cut.length; d++) if (cut[d]) sizes[d] = 2L * edge;
        Layout shown = Layout.contiguous(sizes);
        MemorySegment memory =
                Arena.ofAuto().allocate(shown.numel() * values.dtype().bytes(), 8);

        Strided from = values.with(edges(values.layout(), cut, edge));
        if (!from.layout().isContiguous()) {
            Backend backend = values.backend();
            Strided to = new Strided(
                    backend.allocate(values.dtype(), shown.numel()),
                    Layout.contiguous(from.layout().sizes()));
            backend.copy(from, to);
            from = to;
        }
        if (shown.numel() > 0) from.backend().read(from.storage(), from.layout().offset(), memory);
        return new Summarization(values.dtype(), memory, shown, cut, edge);
    }

    private static boolean[] cuts(Layout layout, boolean summarize, int edge) {
        boolean[] cut = new boolean[layout.rank()];
        for (int d = 0; d < cut.length; d++) cut[d] = summarize && layout.size(d) > 2L * edge;
        return cut;
    }

    /** Returns a layout that splits each summarized dimension into its two edges, so that one copy takes all. */
    private static Layout edges(Layout whole, boolean[] cut, int edge) {
        int rank = whole.rank();
        for (boolean c : cut) if (c) rank++;
        long[] sizes = new long[rank];
        long[] strides = new long[rank];
        int to = 0;
        for (int d = 0; d < cut.length; d++) {
            if (cut[d]) {
                sizes[to] = 2;
                strides[to++] = (whole.size(d) - edge) * whole.stride(d);
            }
            sizes[to] = cut[d] ? edge : whole.size(d);
            strides[to++] = whole.stride(d);
        }
        return Layout.of(sizes, strides, whole.offset());
    }

    Dtype dtype() {
        return dtype;
    }

    int rank() {
        return cut.length;
    }

    /** Returns whether the middle of a dimension is omitted. */
    boolean cut(int dim) {
        return cut[dim];
    }

    /** Returns the number of shown indices of a dimension. */
    long shown(int dim) {
        return cut[dim] ? 2L * edge : layout.size(dim);
    }

    /** Returns the offset of the first element. */
    long start() {
        return layout.offset();
    }

    /** Returns the distance of a dimension's {@code i}-th shown index from the dimension's start. */
    long displacement(int dim, long i) {
        return (cut[dim] && i >= edge ? layout.size(dim) - 2L * edge + i : i) * layout.stride(dim);
    }

    double getDouble(long offset) {
        return ElementCodec.getDouble(dtype, memory, offset);
    }

    long getLong(long offset) {
        return ElementCodec.getLong(dtype, memory, offset);
    }

    /** Visits the offset of every shown element in row-major order. */
    void forEach(LongConsumer visitor) {
        int rank = rank();
        for (int d = 0; d < rank; d++) if (shown(d) == 0) return;
        long[] index = new long[rank];
        long offset = start();
        while (true) {
            visitor.accept(offset);
            int d = rank - 1;
            for (; d >= 0 && index[d] == shown(d) - 1; d--) {
                offset -= displacement(d, index[d]);
                index[d] = 0;
            }
            if (d < 0) return;
            offset += displacement(d, index[d] + 1) - displacement(d, index[d]);
            index[d]++;
        }
    }
}
