package dev.cotangent.internal.ops.indexing;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.IndexException;
import dev.cotangent.Tensor;
import dev.cotangent.Warnings;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Scatter;
import dev.cotangent.backend.Strided;
import dev.cotangent.backend.Transfers;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.Overlap;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.movement.ViewOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Advanced indexing: the indexed dimensions are permuted together and merged into one, the index tensors become one
 * linear index into it, and a gather or scatter does the rest.
 */
public final class AdvancedIndex {
    /**
     * The shapes of an indexing operation.
     *
     * @param sizes the shape of the indexed tensor
     * @param order its dimensions, permuted so that the indexed ones are adjacent
     * @param first position of the first indexed dimension in the order
     * @param count number of indexed dimensions
     * @param shape the broadcast shape of the index tensors, which replaces them in the result
     */
    private record Geometry(long[] sizes, int[] order, int first, int count, long[] shape) {
        /** Returns the layout with the indexed dimensions merged; null if its strides do not allow it. */
        @Nullable
        Layout merged(Layout l) {
            Layout moved = l.permute(order);
            return moved.view(replaced(moved.sizes(), product(moved.sizes(), first, first + count)));
        }

        /** Returns the result's shape with the indexed dimensions merged. */
        long[] flat() {
            return replaced(ordered(), product(shape, 0, shape.length));
        }

        /** Returns the result's shape. */
        long[] result() {
            return replaced(ordered(), shape);
        }

        long[] ordered() {
            long[] out = new long[order.length];
            for (int d = 0; d < out.length; d++) out[d] = sizes[order[d]];
            return out;
        }

        private long[] replaced(long[] all, long... by) {
            long[] out = new long[all.length - count + by.length];
            System.arraycopy(all, 0, out, 0, first);
            System.arraycopy(by, 0, out, first, by.length);
            System.arraycopy(all, first + count, out, first + by.length, all.length - first - count);
            return out;
        }

        private static long product(long[] sizes, int from, int to) {
            long n = 1;
            for (int d = from; d < to; d++) n *= sizes[d];
            return n;
        }
    }

    /** A geometry and the linear index into the merged dimension, -1 where an index is out of range. */
    private record Plan(Geometry geometry, Tensor linear, List<Tensor> tensors) {}

    private AdvancedIndex() {}

    /** Implements {@code torch.ops.aten.index}: null selects a whole dimension. */
    public static Tensor index(Tensor x, List<@Nullable Tensor> indices) {
        Plan plan = plan(x, indices);
        return guarded(plan, () -> take(x, plan.geometry, plan.linear, given(indices)));
    }

    /** Implements {@code torch.Tensor.index_put_}. */
    public static Tensor indexPutInPlace(
            Tensor self, List<@Nullable Tensor> indices, Tensor values, boolean accumulate) {
        GradientRule.checkHistory(self, values);
        checkPut(self, values);
        Plan plan = plan(self, indices);
        checkValues(plan.geometry, values);
        GradientRule.checkInPlace(self, values);
        Overlap.checkDisjoint(self, values);
        Overlap.checkDisjoint(self, given(indices));
        write(self, plan, values, accumulate);
        Internals.version(self).bump();
        return put(self, self, plan.geometry, plan.linear, given(indices), values, accumulate)
                .inPlace(self);
    }

    /** Implements {@code torch.index_put}. */
    public static Tensor indexPut(Tensor x, List<@Nullable Tensor> indices, Tensor values, boolean accumulate) {
        checkPut(x, values);
        Plan plan = plan(x, indices);
        checkValues(plan.geometry, values);
        Tensor out = x.detach().clone();
        write(out, plan, values, accumulate);
        return put(x, out, plan.geometry, plan.linear, given(indices), values, accumulate)
                .done();
    }

    private static Tensor[] given(List<@Nullable Tensor> indices) {
        List<Tensor> given = new ArrayList<>(indices.size());
        for (Tensor t : indices) if (t != null) given.add(t);
        return given.toArray(Tensor[]::new);
    }

    private static void write(Tensor to, Plan plan, Tensor values, boolean accumulate) {
        guarded(plan, () -> {
            scatter(to, plan.geometry, plan.linear, values, accumulate);
            return to;
        });
    }

    private static Tensor take(Tensor x, Geometry geometry, Tensor linear, Tensor... saved) {
        Layout merged = geometry.merged(Internals.layout(x));
        Strided from = Internals.data(x);
        if (merged == null) {
            Tensor dense = CreationOps.uninitialized(x.dtype(), x.device(), geometry.ordered());
            Transfers.copy(from.with(Internals.layout(x).permute(geometry.order)), Internals.data(dense));
            from = Internals.data(dense);
            merged = new Geometry(geometry.ordered(), identity(x.dim()), geometry.first, geometry.count, geometry.shape)
                    .merged(Internals.layout(dense));
        }
        long[] flat = geometry.flat();
        Tensor out = CreationOps.uninitialized(x.dtype(), x.device(), geometry.result());
        if (out.numel() > 0) {
            GatherOps.gather(
                    from.with(merged),
                    geometry.first,
                    expanded(linear, flat, geometry.first),
                    Internals.data(out).with(Layout.contiguous(flat)));
        }
        Tensor[] keep = Arrays.copyOf(saved, saved.length + 1);
        keep[saved.length] = linear;
        return GradientRule.of("IndexBackward0", out)
                .add(
                        x,
                        (g, k) -> {
                            Tensor gradient = g[0];
                            if (gradient == null) return null;
                            Tensor zeros = CreationOps.zeros(gradient.dtype(), gradient.device(), geometry.sizes);
                            return sum(zeros, geometry, k[k.length - 1], gradient);
                        },
                        keep)
                .done();
    }

    /** Accumulates a gradient into zeros at the indexed elements. */
    private static Tensor sum(Tensor zeros, Geometry geometry, Tensor linear, Tensor g) {
        scatter(zeros, geometry, linear, g, true);
        return put(zeros, zeros, geometry, linear, new Tensor[0], g, true).done();
    }

    private static GradientRule put(
            Tensor x,
            Tensor out,
            Geometry geometry,
            Tensor linear,
            Tensor[] indices,
            Tensor values,
            boolean accumulate) {
        Tensor[] keep = Arrays.copyOf(indices, indices.length + 1);
        keep[indices.length] = linear;
        return GradientRule.of("IndexPutBackward0", out)
                .add(
                        x,
                        (g, k) -> g[0] == null || accumulate ? g[0] : cleared(g[0], geometry, k[k.length - 1]),
                        accumulate ? new Tensor[0] : keep)
                .add(values, (g, k) -> g[0] == null ? null : take(g[0], geometry, k[k.length - 1]), keep);
    }

    /** Returns a gradient with the overwritten elements zeroed. */
    private static Tensor cleared(Tensor g, Geometry geometry, Tensor linear) {
        Tensor zero = CreationOps.zeros(g.dtype(), g.device());
        Tensor out = g.detach().clone();
        scatter(out, geometry, linear, zero, false);
        return put(g, out, geometry, linear, new Tensor[0], zero, false).done();
    }

    /** Writes or accumulates values, broadcast to the result's shape, at the index. */
    private static void scatter(Tensor to, Geometry geometry, Tensor linear, Tensor values, boolean accumulate) {
        long[] result = geometry.result();
        long[] flat = geometry.flat();
        if (Geometry.product(flat, 0, flat.length) == 0) return;
        Tensor there =
                values.device().equals(to.device()) ? values : values.detach().to(to.device());
        Layout expanded = Internals.layout(there).expand(result);
        Layout lines = expanded.view(flat);
        Strided from = Internals.data(there).with(expanded);
        if (lines == null) {
            Tensor dense = CreationOps.uninitialized(to.dtype(), to.device(), flat);
            Transfers.copy(from, Internals.data(dense).with(Layout.contiguous(result)));
            from = Internals.data(dense);
        } else {
            from = from.with(lines);
        }
        Layout merged = geometry.merged(Internals.layout(to));
        Strided target = Internals.data(to);
        Tensor dense = null;
        if (merged == null) {
            dense = CreationOps.uninitialized(to.dtype(), to.device(), geometry.ordered());
            target = Internals.data(dense);
            Transfers.copy(Internals.data(to).with(Internals.layout(to).permute(geometry.order)), target);
            merged = new Geometry(
                            geometry.ordered(), identity(to.dim()), geometry.first, geometry.count, geometry.shape)
                    .merged(Internals.layout(dense));
        }
        GatherOps.scatter(
                accumulate ? Scatter.ADD : Scatter.SET,
                target.with(merged),
                geometry.first,
                expanded(linear, flat, geometry.first),
                from);
        if (dense != null) {
            Transfers.copy(
                    Internals.data(dense),
                    Internals.data(to).with(Internals.layout(to).permute(geometry.order)));
        }
    }

    private static int[] identity(int rank) {
        int[] order = new int[rank];
        for (int d = 0; d < rank; d++) order[d] = d;
        return order;
    }

    /** Expands a linear index along one dimension to the shape it is applied to. */
    private static Strided expanded(Tensor linear, long[] flat, int dim) {
        long[] strides = new long[flat.length];
        strides[dim] = 1;
        return Internals.strided(linear)
                .with(Layout.of(flat, strides, Internals.layout(linear).offset()));
    }

    private static void checkPut(Tensor self, Tensor values) {
        if (self.dtype() != values.dtype()) {
            throw new CotangentException("Index put requires the source and destination dtypes match, got "
                    + self.dtype().scalarName() + " for the destination and "
                    + values.dtype().scalarName() + " for the source.");
        }
    }

    private static void checkValues(Geometry geometry, Tensor values) {
        long[] result = geometry.result();
        long[] from = Internals.layout(values).sizes();
        boolean fits = from.length <= result.length;
        for (int i = 1; fits && i <= from.length; i++) {
            fits = from[from.length - i] == 1 || from[from.length - i] == result[result.length - i];
        }
        if (!fits) {
            throw new CotangentException("shape mismatch: value tensor of shape " + Arrays.toString(from)
                    + " cannot be broadcast to indexing result of shape " + Arrays.toString(result));
        }
    }

    private static Plan plan(Tensor x, List<@Nullable Tensor> indices) {
        Plan masked = ofMask(x, indices);
        if (masked != null) return masked;
        List<@Nullable Tensor> all = withoutMasks(x, indices);
        if (all.size() > x.dim()) {
            throw new IndexException(
                    "too many indices for tensor of dimension " + x.dim() + " (got " + all.size() + ")");
        }
        int rank = x.dim();
        List<Tensor> tensors = new ArrayList<>();
        int[] indexed = new int[rank];
        int[] others = new int[rank];
        for (int d = 0; d < rank; d++) {
            Tensor t = d < all.size() ? all.get(d) : null;
            if (t == null) others[d - tensors.size()] = d;
            else {
                indexed[tensors.size()] = d;
                tensors.add(t.device().equals(x.device()) ? t : t.detach().to(x.device()));
            }
        }
        int count = tensors.size();
        if (count == 0) throw new IndexException("at least one of the indices must be a tensor");
        long[] shape = shape(tensors);
        boolean together = indexed[count - 1] - indexed[0] == count - 1;
        int first = together ? indexed[0] : 0;
        int[] moved = identity(rank);
        if (!together) {
            System.arraycopy(indexed, 0, moved, 0, count);
            System.arraycopy(others, 0, moved, count, rank - count);
        }
        long[] sizes = Internals.layout(x).sizes();
        long[] along = new long[count];
        boolean empty = false;
        for (int i = 0; i < count; i++) {
            along[i] = sizes[indexed[i]];
            empty |= along[i] == 0;
        }
        if (empty && Geometry.product(shape, 0, shape.length) > 0) {
            throw new IndexException("index is out of bounds for dimension with size 0");
        }
        Geometry geometry = new Geometry(sizes, moved, first, count, shape);
        return new Plan(geometry, linear(tensors, along, shape), tensors);
    }

    /** Returns the plan of a single mask, whose positions index its merged dimensions; null for any other index. */
    private static @Nullable Plan ofMask(Tensor x, List<@Nullable Tensor> indices) {
        Tensor mask = null;
        int first = 0;
        for (int d = 0; d < indices.size(); d++) {
            Tensor t = indices.get(d);
            if (t == null) continue;
            if (mask != null
                    || t.dim() == 0
                    || t.dtype() != Dtype.BOOL
                    || !t.device().equals(x.device())) return null;
            mask = t;
            first = d;
        }
        if (mask == null || indices.size() - 1 + mask.dim() > x.dim()) return null;
        checkMask(x, mask, first);
        Tensor linear = Selection.flatPositions(mask.detach());
        long[] sizes = Internals.layout(x).sizes();
        Geometry geometry = new Geometry(
                sizes,
                identity(x.dim()),
                first,
                mask.dim(),
                Internals.layout(linear).sizes());
        return new Plan(geometry, linear, List.of());
    }

    private static void checkMask(Tensor x, Tensor mask, int first) {
        for (int j = 0; j < mask.dim(); j++) {
            int at = first + j;
            if (at >= x.dim() || mask.size(j) != x.size(at)) {
                throw new IndexException("The shape of the mask "
                        + Arrays.toString(Internals.layout(mask).sizes()) + " at index " + j
                        + " does not match the shape of the indexed tensor "
                        + Arrays.toString(Internals.layout(x).sizes()) + " at index " + at);
            }
        }
    }

    private static long[] shape(List<Tensor> tensors) {
        long[] shape = Internals.layout(tensors.getFirst()).sizes();
        try {
            for (Tensor t : tensors)
                shape = Broadcast.shape(shape, Internals.layout(t).sizes());
        } catch (CotangentException e) {
            String shapes = tensors.stream()
                    .map(t -> Arrays.toString(Internals.layout(t).sizes()))
                    .collect(Collectors.joining(", "));
            throw new IndexException(
                    "shape mismatch: indexing tensors could not be broadcast together with shapes " + shapes, e);
        }
        return shape;
    }

    /** Replaces masks by index tensors of their true elements, one per dimension. */
    private static List<@Nullable Tensor> withoutMasks(Tensor x, List<@Nullable Tensor> indices) {
        List<@Nullable Tensor> out = new ArrayList<>();
        for (int i = 0; i < indices.size(); i++) {
            Tensor t = indices.get(i);
            if (t == null || t.dtype() == Dtype.INT64) {
                out.add(t);
                continue;
            }
            if (t.dtype() == Dtype.INT32) {
                out.add(GatherOps.wide(t));
                continue;
            }
            if (t.dtype() == Dtype.UINT8) {
                Warnings.warn(
                        "indexing with dtype torch.uint8 is now deprecated, please use a dtype torch.bool instead.");
            } else if (t.dtype() != Dtype.BOOL) {
                throw new IndexException("tensors used as indices must be long, int, byte or bool tensors, but got "
                        + t.dtype() + "; in Java: index.toLong()");
            }
            checkMask(x, t, out.size());
            out.addAll(Selection.positions(t.detach()));
        }
        return Collections.unmodifiableList(out);
    }

    /** Returns the linear index into the merged dimensions; -1 where an index is out of range. */
    private static Tensor linear(List<Tensor> tensors, long[] sizes, long[] shape) {
        Strided[] in = new Strided[tensors.size()];
        for (int i = 0; i < in.length; i++) {
            in[i] = Internals.strided(tensors.get(i))
                    .with(Internals.layout(tensors.get(i)).expand(shape));
        }
        Tensor out = CreationOps.uninitialized(Dtype.INT64, tensors.getFirst().device(), shape);
        if (out.numel() > 0) Internals.backend(out).linearIndex(in, sizes, Internals.strided(out));
        return out;
    }

    private interface Work {
        Tensor run();
    }

    /** Runs work that uses an index; if that is out of range, throws PyTorch's error that names the index. */
    private static Tensor guarded(Plan plan, Work work) {
        try {
            return work.run();
        } catch (IndexException e) {
            int n = plan.tensors.size();
            long[][] values = new long[n][];
            long[] shape = plan.geometry.shape;
            for (int i = 0; i < n; i++) {
                values[i] = ViewOps.expand(plan.tensors.get(i).detach(), shape).toLongArray();
            }
            long[] sizes = plan.geometry.ordered();
            for (int k = 0; k < values[0].length; k++) {
                for (int i = 0; i < n; i++) {
                    long size = sizes[plan.geometry.first + i];
                    if (values[i][k] < -size || values[i][k] >= size) {
                        throw new IndexException("index " + values[i][k] + " is out of bounds for dimension " + i
                                + " with size " + size);
                    }
                }
            }
            throw e;
        }
    }
}
