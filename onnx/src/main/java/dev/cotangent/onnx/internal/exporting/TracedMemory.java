package dev.cotangent.onnx.internal.exporting;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Internals;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values that memory has: what reads of a layout give, and what writes to parts of it make. */
final class TracedMemory {
    /** A write to a part of a storage. */
    private record Patch(Layout layout, TraceValue value) {}

    /** The elements of a storage: those of a value, with later writes on top. */
    private static final class State {
        @Nullable
        TraceValue value;

        Layout layout;
        final List<Patch> patches = new ArrayList<>();

        State(@Nullable TraceValue value, Layout layout) {
            this.value = value;
            this.layout = layout;
        }

        boolean isTraced() {
            if (value != null && value.isTraced()) return true;
            for (Patch p : patches) if (p.value.isTraced()) return true;
            return false;
        }
    }

    private record View(int value, Layout base, Layout wanted, boolean expand) {}

    private final TraceGraph graph;
    private final Views views;
    private final Backend behind;
    private final Map<Storage, State> states = new IdentityHashMap<>();
    private final Map<Storage, Map<Layout, TraceValue>> constants = new IdentityHashMap<>();
    private final Map<View, TraceValue> known = new HashMap<>();

    TracedMemory(TraceGraph graph, Backend behind) {
        this.graph = graph;
        this.views = new Views(graph);
        this.behind = behind;
    }

    /** Says that a tensor's memory has a value. */
    void define(Tensor t, TraceValue value) {
        states.putIfAbsent(Internals.storage(t), new State(value, Internals.layout(t)));
    }

    /** Says that a storage has no elements yet. */
    void uninitialized(Storage s) {
        states.put(s, new State(null, Layout.contiguous(s.size())));
    }

    /** Forgets a storage, whose elements are constants from now on. */
    void forget(Storage s) {
        states.remove(s);
        constants.remove(s);
    }

    boolean isTraced(Storage s) {
        State state = states.get(s);
        return state != null && state.isTraced();
    }

    /** Returns the value of an operand, of exactly its shape. */
    TraceValue read(Strided s) {
        return read(s, true);
    }

    /** Returns the value of an operand with size 1 where it is broadcast. */
    TraceValue readBroadcast(Strided s) {
        return read(s, false);
    }

    private TraceValue read(Strided s, boolean expand) {
        State state = states.get(s.storage());
        if (state != null) resolve(s.storage(), state);
        if (state == null || state.value == null) return constant(s, expand);
        TraceValue v = state.value;
        Layout base = state.layout;
        return known.computeIfAbsent(
                new View(v.id, base, s.layout(), expand), k -> views.of(v, base, s.layout(), expand));
    }

    /** Returns the elements that memory has now as a constant. */
    private TraceValue constant(Strided s, boolean expand) {
        long[] sizes = s.layout().sizes().clone();
        Layout layout = s.layout();
        for (int d = 0; d < sizes.length && !expand; d++) {
            if (layout.stride(d) == 0 && sizes[d] > 1) layout = layout.slice(d, 0, 1, 1);
        }
        Layout wanted = layout;
        return constants
                .computeIfAbsent(s.storage(), k -> new HashMap<>())
                .computeIfAbsent(wanted, k -> graph.constant(copy(s.storage(), wanted)));
    }

    private Tensor copy(Storage from, Layout layout) {
        Layout dense = Layout.contiguous(layout.sizes().clone());
        Storage to = behind.allocateUnset(from.dtype(), dense.numel());
        if (dense.numel() > 0) behind.copy(new Strided(from, layout), new Strided(to, dense));
        return Internals.wrap(new Strided(to, dense));
    }

    private static boolean isWhole(Strided s) {
        return s.layout().numel() == s.storage().size()
                && s.layout().isNonOverlappingAndDense()
                && s.layout().storageSpan() == s.storage().size();
    }

    /** Prepares memory for a write: records the constants around a part that gets a traced value. */
    void beforeWrite(Strided to) {
        if (isWhole(to) || states.containsKey(to.storage())) return;
        Layout all = Layout.contiguous(to.storage().size());
        TraceValue base = constant(new Strided(to.storage(), all), true);
        states.put(to.storage(), new State(base, all));
    }

    /** Says what was written. */
    void write(Strided to, TraceValue value) {
        constants.remove(to.storage());
        if (isWhole(to)) {
            states.put(to.storage(), new State(value, to.layout()));
            return;
        }
        states.get(to.storage()).patches.add(new Patch(to.layout(), value));
    }

    /** Says that constants were written. */
    void writeConstant(Strided to) {
        State state = states.get(to.storage());
        constants.remove(to.storage());
        if (state == null) return;
        if (isWhole(to)) states.remove(to.storage());
        else state.patches.add(new Patch(to.layout(), graph.constant(copy(to.storage(), to.layout()))));
    }

    /** Makes one value of a state and the writes on top of it. */
    private void resolve(Storage s, State state) {
        if (state.patches.isEmpty()) return;
        if (!state.isTraced()) {
            // All is constant, and in memory.
            states.remove(s);
            state.value = null;
            state.patches.clear();
            return;
        }
        if (concatenated(s, state) || padded(s, state)) {
            state.patches.clear();
            return;
        }
        TraceValue base = state.value;
        TraceValue flat = base == null
                ? graph.constant(dev.cotangent.Tensors.zeros(s.size()).to(s.dtype()))
                : graph.reshape(views.inMemoryOrder(base, state.layout), s.size());
        for (Patch p : state.patches) {
            long[] index = Views.positions(p.layout.sizes(), p.layout.strides(), p.layout.offset());
            flat = graph.node(
                    "ScatterElements",
                    s.dtype(),
                    new long[] {s.size()},
                    TraceGraph.attributes("axis", 0L),
                    flat,
                    graph.constant(dev.cotangent.Tensors.tensor(index)),
                    graph.reshape(p.value, p.layout.numel()));
        }
        state.value = flat;
        state.layout = Layout.contiguous(s.size());
        state.patches.clear();
    }

    /** Returns whether the writes are beside each other along a dimension, and all there is. */
    private boolean concatenated(Storage s, State state) {
        List<Patch> parts = new ArrayList<>(state.patches);
        parts.sort(Comparator.comparingLong(p -> p.layout.offset()));
        Layout first = parts.getFirst().layout;
        long total = 0;
        for (Patch p : parts) {
            if (p.layout.rank() != first.rank()) return false;
            total += p.layout.numel();
        }
        if (first.offset() != 0 || total != s.size()) return false;
        for (int d = 0; d < first.rank(); d++) {
            long at = 0;
            boolean fits = true;
            for (Patch p : parts) {
                fits &= p.layout.offset() == at * first.stride(d);
                for (int k = 0; k < first.rank(); k++) {
                    boolean same = p.layout.size(k) == first.size(k) || k == d;
                    // The stride of a dimension of size 1 says nothing.
                    fits &= same && (p.layout.stride(k) == first.stride(k) || p.layout.size(k) == 1);
                }
                at += p.layout.size(d);
            }
            if (!fits) continue;
            long[] sizes = first.sizes().clone();
            sizes[d] = at;
            Layout all = Layout.of(sizes, first.strides().clone(), 0);
            if (!all.isNonOverlappingAndDense()) continue;
            TraceValue[] values = parts.stream().map(Patch::value).toArray(TraceValue[]::new);
            state.value = graph.node("Concat", s.dtype(), sizes, TraceGraph.attributes("axis", (long) d), values);
            state.layout = all;
            return true;
        }
        return false;
    }

    /** Returns whether a box is written in the midst of equal elements. */
    private boolean padded(Storage s, State state) {
        if (state.patches.size() != 1 || state.value == null) return false;
        Layout box = state.patches.getFirst().layout;
        Long bits = uniform(state.value);
        int rank = box.rank();
        if (bits == null || rank == 0) return false;
        long[] sizes = new long[rank];
        long above = s.size();
        for (int d = 0; d < rank; d++) {
            if (box.stride(d) <= 0 || above % box.stride(d) != 0) return false;
            sizes[d] = above / box.stride(d);
            above = box.stride(d);
        }
        if (above != 1) return false;
        long[] pads = new long[2 * rank];
        long rest = box.offset();
        for (int d = 0; d < rank; d++) {
            pads[d] = rest / box.stride(d);
            rest %= box.stride(d);
            pads[d + rank] = sizes[d] - pads[d] - box.size(d);
            if (pads[d + rank] < 0) return false;
        }
        TraceValue value = graph.scalar(s.dtype(), bits);
        state.value = graph.node("Pad", s.dtype(), sizes, state.patches.getFirst().value, graph.ints(pads), value);
        state.layout = Layout.contiguous(sizes);
        return true;
    }

    /** Returns the element that all are equal to, as a program's constant, or null if they differ. */
    private static @Nullable Long uniform(TraceValue v) {
        if (v.uniform != null) return v.uniform;
        Tensor data = v.data;
        if (v.kind != TraceValue.Kind.CONSTANT || data == null || data.numel() == 0) return null;
        Tensor first = data.reshape(-1).select(0, 0);
        if (!data.equal(first.expand(data.shape().toArray()))) return null;
        return data.dtype().isFloatingPoint()
                ? Double.doubleToRawLongBits(first.itemDouble())
                : data.dtype() == Dtype.BOOL ? (first.itemBoolean() ? 1L : 0L) : first.itemLong();
    }
}
