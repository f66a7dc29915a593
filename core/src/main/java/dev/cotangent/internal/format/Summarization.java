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
 * The elements that a text shows, in host memory: all of them, or in each dimension of more than twice {@code edge} the
 * first and the last {@code edge}. Elements are named by their place in the memory: start at {@link #start}, add {@link
 * #step} for the index in each dimension.
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

    /** Of elements that lie in host memory, without copying them. */
    static Summarization of(Dtype dtype, MemorySegment memory, Layout layout, boolean summarize, int edge) {
        return new Summarization(dtype, memory, layout, cuts(layout, summarize, edge), edge);
    }

    /** Of elements anywhere: copies what is shown, and only that, to the host. */
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

    /** The two edges of a cut dimension are two indices of a dimension more, so that one copy takes them all. */
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

    /** Whether the middle of a dimension is left out. */
    boolean cut(int dim) {
        return cut[dim];
    }

    /** How many indices of a dimension are shown. */
    long shown(int dim) {
        return cut[dim] ? 2L * edge : layout.size(dim);
    }

    /** The place of the first element. */
    long start() {
        return layout.offset();
    }

    /** How far from the start of a dimension its {@code i}-th shown index is. */
    long step(int dim, long i) {
        return (cut[dim] && i >= edge ? layout.size(dim) - 2L * edge + i : i) * layout.stride(dim);
    }

    double getDouble(long place) {
        return ElementCodec.getDouble(dtype, memory, place);
    }

    long getLong(long place) {
        return ElementCodec.getLong(dtype, memory, place);
    }

    /** Visits the place of every shown element, row-major. */
    void forEach(LongConsumer visitor) {
        int rank = rank();
        for (int d = 0; d < rank; d++) if (shown(d) == 0) return;
        long[] index = new long[rank];
        long place = start();
        while (true) {
            visitor.accept(place);
            int d = rank - 1;
            for (; d >= 0 && index[d] == shown(d) - 1; d--) {
                place -= step(d, index[d]);
                index[d] = 0;
            }
            if (d < 0) return;
            place += step(d, index[d] + 1) - step(d, index[d]);
            index[d]++;
        }
    }
}
