package dev.cotangent.onnx.internal.exporting;

import dev.cotangent.backend.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Expresses a layout of memory whose elements a value has in another layout: by slices, transpositions, reshapes and
 * broadcasts where these are enough, else by gathering elements one by one.
 */
final class Views {
    /** A slice that goes to the end, whatever the size. */
    static final long END = Long.MAX_VALUE;

    private final TraceGraph graph;

    Views(TraceGraph graph) {
        this.graph = graph;
    }

    /** A dimension of the wanted layout that is neither broadcast nor of size 1. */
    private record Dim(int at, long size, long stride) {}

    /**
     * Returns the value in a layout.
     *
     * @param base without gaps and overlaps
     * @param expand whether broadcast dimensions get their size; else they have size 1
     */
    TraceValue of(TraceValue v, Layout base, Layout wanted, boolean expand) {
        if (wanted.numel() == 0) {
            throw new dev.cotangent.onnx.OnnxException("a tensor without elements, of shape "
                    + Arrays.toString(wanted.sizes()) + ", has no ONNX form here");
        }
        if (isSame(base, wanted)) return v;
        List<Dim> dims = new ArrayList<>();
        long[] kept = wanted.sizes().clone();
        for (int d = 0; d < wanted.rank(); d++) {
            if (wanted.stride(d) == 0) kept[d] = 1;
            if (kept[d] != 1) dims.add(new Dim(d, wanted.size(d), wanted.stride(d)));
        }
        long offset = wanted.offset() - base.offset();
        TraceValue found = direct(v, base, dims, offset, kept);
        if (found == null) found = refactored(v, base, dims, offset, kept);
        if (found == null) found = gathered(v, base, dims, offset, kept);
        return expand ? graph.expand(found, wanted.sizes()) : found;
    }

    private static boolean isSame(Layout a, Layout b) {
        if (!Arrays.equals(a.sizes(), b.sizes()) || a.offset() != b.offset()) return false;
        for (int d = 0; d < a.rank(); d++) if (a.size(d) != 1 && a.stride(d) != b.stride(d)) return false;
        return true;
    }

    /** Maps every wanted dimension to one of the base, sliced. */
    private @Nullable TraceValue direct(TraceValue v, Layout base, List<Dim> dims, long offset, long[] kept) {
        int rank = base.rank();
        Integer[] order = IntStream.range(0, rank)
                .filter(d -> base.size(d) != 1)
                .boxed()
                .sorted(Comparator.comparing((Integer d) -> -base.stride(d)))
                .toArray(Integer[]::new);
        long[] start = new long[rank];
        long rest = offset;
        for (int d : order) {
            start[d] = rest / base.stride(d);
            rest %= base.stride(d);
            if (start[d] >= base.size(d)) return null;
        }
        if (rest != 0) return null;
        int[] from = new int[dims.size()];
        boolean[] used = new boolean[rank];
        for (int i = 0; i < from.length; i++) {
            Dim w = dims.get(i);
            int found = -1;
            for (int d : order) {
                if (base.stride(d) <= w.stride && w.stride % base.stride(d) == 0 && !used[d]) {
                    long last = start[d] + (w.size - 1) * (w.stride / base.stride(d));
                    if (last < base.size(d)) found = d;
                    break;
                }
            }
            if (found < 0) return null;
            used[found] = true;
            from[i] = found;
        }
        TraceValue x = v;
        for (int d : order) {
            long step = 1;
            long size = 1;
            for (int i = 0; i < from.length; i++) {
                if (from[i] != d) continue;
                step = dims.get(i).stride / base.stride(d);
                size = dims.get(i).size;
            }
            if (size == base.size(d)) continue;
            long end = start[d] + (size - 1) * step + 1;
            x = slice(x, d, start[d], end + step > base.size(d) ? END : end, step, size);
        }
        int[] perm = new int[rank];
        System.arraycopy(from, 0, perm, 0, from.length);
        int next = from.length;
        for (int d = 0; d < rank; d++) if (!used[d]) perm[next++] = d;
        x = transposeAmongOnes(x, from, perm);
        return x.rank() == kept.length && Arrays.equals(x.shape, kept) ? x : ones(x, kept);
    }

    private TraceValue slice(TraceValue x, int dim, long start, long end, long step, long size) {
        long[] shape = x.shape.clone();
        shape[dim] = size;
        return graph.node(
                "Slice",
                x.dtype,
                shape,
                x,
                graph.ints(start),
                graph.ints(end),
                graph.ints(dim),
                step == 1 ? null : graph.ints(step));
    }

    /** Transposes unless only dimensions of size 1 would move. */
    private TraceValue transposeAmongOnes(TraceValue x, int[] from, int[] perm) {
        for (int i = 1; i < from.length; i++) if (from[i] < from[i - 1]) return graph.transpose(x, perm);
        return x;
    }

    /** Takes away or adds dimensions of size 1, the others being the same in the same order. */
    private TraceValue ones(TraceValue x, long[] to) {
        int[] away = IntStream.range(0, x.rank()).filter(d -> x.shape[d] == 1).toArray();
        int[] more = IntStream.range(0, to.length).filter(d -> to[d] == 1).toArray();
        return graph.unsqueeze(graph.squeeze(x, away), more);
    }

    /** Splits and merges dimensions of the base so that there is one for every wanted dimension. */
    private @Nullable TraceValue refactored(TraceValue v, Layout base, List<Dim> dims, long offset, long[] kept) {
        List<Long> strides =
                dims.stream().map(Dim::stride).sorted(Comparator.reverseOrder()).toList();
        List<Long> sizes = new ArrayList<>();
        long above = base.numel();
        for (long s : strides) {
            if (above % s != 0 || s == above && !sizes.isEmpty()) return null;
            sizes.add(above / s);
            above = s;
        }
        if (above != 1) sizes.add(above);
        long[] factors = sizes.stream().mapToLong(Long::longValue).toArray();
        TraceValue x = graph.reshape(inMemoryOrder(v, base), factors);
        return direct(x, Layout.contiguous(factors), dims, offset, kept);
    }

    /** Returns the value with dimensions in the order of the memory. */
    TraceValue inMemoryOrder(TraceValue v, Layout base) {
        int[] order = IntStream.range(0, base.rank())
                .boxed()
                .sorted(Comparator.comparing((Integer d) -> base.size(d) == 1 ? 0 : -base.stride(d)))
                .mapToInt(Integer::intValue)
                .toArray();
        boolean sorted = true;
        long last = Long.MAX_VALUE;
        for (int d = 0; d < base.rank(); d++) {
            if (base.size(d) == 1) continue;
            sorted &= base.stride(d) <= last;
            last = base.stride(d);
        }
        return sorted ? v : graph.transpose(v, order);
    }

    private TraceValue gathered(TraceValue v, Layout base, List<Dim> dims, long offset, long[] kept) {
        long[] sizes = dims.stream().mapToLong(Dim::size).toArray();
        long[] strides = dims.stream().mapToLong(Dim::stride).toArray();
        TraceValue flat = graph.reshape(inMemoryOrder(v, base), base.numel());
        TraceValue index = graph.constant(
                dev.cotangent.Tensors.tensor(positions(sizes, strides, offset)).reshape(kept));
        return graph.node("Gather", v.dtype, kept, TraceGraph.attributes("axis", 0L), flat, index);
    }

    /** Returns the places of all elements of a layout, in row-major order. */
    static long[] positions(long[] sizes, long[] strides, long offset) {
        long count = 1;
        for (long s : sizes) count = Math.multiplyExact(count, s);
        long[] index = new long[Math.toIntExact(count)];
        for (int i = 0; i < count; i++) {
            long rest = i;
            long at = offset;
            for (int d = sizes.length - 1; d >= 0; d--) {
                at += rest % sizes[d] * strides[d];
                rest /= sizes[d];
            }
            index[i] = at;
        }
        return index;
    }
}
