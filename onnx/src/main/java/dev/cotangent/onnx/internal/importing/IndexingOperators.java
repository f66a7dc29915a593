package dev.cotangent.onnx.internal.importing;

import static dev.cotangent.onnx.internal.importing.Operators.add;
import static dev.cotangent.onnx.internal.importing.Operators.tensor;
import static dev.cotangent.onnx.internal.importing.Operators.v;

import dev.cotangent.ScatterReduction;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.Unique;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathering and scattering. */
final class IndexingOperators {
    private IndexingOperators() {}

    static void register() {
        tensor("Compress", v(9, 11), IndexingOperators::compress);
        tensor("Gather", v(1, 11, 13), IndexingOperators::gather);
        tensor("GatherElements", v(11, 13), c -> {
            Tensor x = c.x(0);
            int axis = c.axis(c.i("axis", 0), x.dim());
            return x.gather(axis, positive(c.x(1), x.size(axis)));
        });
        tensor("GatherND", v(11, 12, 13), IndexingOperators::gatherNd);
        tensor("NonZero", v(9, 13), c -> c.x(0).nonzero().t());
        tensor("OneHot", v(9, 11), IndexingOperators::oneHot);
        tensor("Scatter", v(9, 11), IndexingOperators::scatterElements);
        tensor("ScatterElements", v(11, 13, 16, 18), IndexingOperators::scatterElements);
        tensor("ScatterND", v(11, 13, 16, 18), IndexingOperators::scatterNd);
        tensor("TensorScatter", v(24), IndexingOperators::tensorScatter);
        add("Unique", v(11), IndexingOperators::unique);
    }

    /** Counts negative indices from the end. */
    private static Tensor positive(Tensor index, long size) {
        Tensor i = index.toLong();
        return Tensors.where(i.lt(0), i.add(size), i);
    }

    private static Tensor gather(Call c) {
        Tensor x = c.x(0);
        int axis = c.axis(c.i("axis", 0), x.dim());
        Tensor index = positive(c.x(1), x.size(axis));
        long[] sizes = new long[x.dim() - 1 + index.dim()];
        for (int d = 0; d < axis; d++) sizes[d] = x.size(d);
        for (int d = 0; d < index.dim(); d++) sizes[axis + d] = index.size(d);
        for (int d = axis + 1; d < x.dim(); d++) sizes[d - 1 + index.dim()] = x.size(d);
        return x.indexSelect(axis, index.reshape(-1)).reshape(sizes);
    }

    /** Returns one index per dimension from [.., k] on, each of the shape [..], counted from 0. */
    private static List<@Nullable Tensor> indices(Call c, Tensor x, Tensor index, int first) {
        long k = index.dim() == 0 ? 0 : index.size(-1);
        if (k > x.dim() - first) throw c.error("indexes " + k + " dimensions of a tensor of shape " + x.shape());
        List<@Nullable Tensor> all = new ArrayList<>();
        for (int d = 0; d < k; d++) all.add(positive(index.select(-1, d), x.size(first + d)));
        return all;
    }

    private static Tensor gatherNd(Call c) {
        Tensor x = c.x(0);
        Tensor index = c.x(1);
        int batch = c.integer("batch_dims", 0);
        if (batch < 0 || batch >= index.dim() || batch >= x.dim()) throw c.error("has " + batch + " batch dimensions");
        List<@Nullable Tensor> all = new ArrayList<>();
        for (int d = 0; d < batch; d++) {
            long[] shape = new long[index.dim() - 1];
            Arrays.fill(shape, 1);
            shape[d] = x.size(d);
            all.add(Tensors.arange(x.size(d)).to(x.device()).reshape(shape));
        }
        all.addAll(indices(c, x, index, batch));
        return x.get(all.toArray(Tensor[]::new));
    }

    private static Tensor scatterElements(Call c) {
        Tensor x = c.x(0);
        int axis = c.axis(c.i("axis", 0), x.dim());
        Tensor index = positive(c.x(1), x.size(axis));
        String reduction = c.s("reduction", "none");
        if (reduction.equals("none")) return x.scatter(axis, index, c.x(2));
        return x.scatterReduce(axis, index, c.x(2), reduction(c, reduction), true);
    }

    private static ScatterReduction reduction(Call c, String name) {
        return switch (name) {
            case "add" -> ScatterReduction.SUM;
            case "mul" -> ScatterReduction.PROD;
            case "max" -> ScatterReduction.AMAX;
            case "min" -> ScatterReduction.AMIN;
            default -> throw c.error("has the reduction '" + name + "'");
        };
    }

    private static Tensor scatterNd(Call c) {
        Tensor x = c.x(0);
        Tensor index = c.x(1);
        Tensor updates = c.x(2);
        String reduction = c.s("reduction", "none");
        if (reduction.equals("none") || reduction.equals("add")) {
            return x.indexPut(indices(c, x, index, 0), updates, reduction.equals("add"));
        }
        // Rows of the remaining dimensions, under a linear index.
        List<@Nullable Tensor> each = indices(c, x, index, 0);
        long rows = 1;
        Tensor linear = index.select(-1, 0).toLong().mul(0);
        for (int d = 0; d < each.size(); d++) {
            Tensor i = each.get(d);
            if (i != null) linear = linear.mul(x.size(d)).add(i);
            rows *= x.size(d);
        }
        Tensor flat = x.reshape(rows, rows == 0 ? 0 : x.numel() / rows);
        Tensor from = updates.reshape(linear.numel(), flat.size(1));
        Tensor at = linear.reshape(-1, 1).expand(from.shape().toArray());
        return flat.scatterReduce(0, at, from, reduction(c, reduction), true)
                .reshape(x.shape().toArray());
    }

    /** Writes rows into a cache, at a place for each of the batch. */
    private static Tensor tensorScatter(Call c) {
        Tensor past = c.x(0);
        Tensor update = c.x(1);
        int axis = c.axis(c.i("axis", -2), past.dim());
        boolean circular = c.s("mode", "linear").equals("circular");
        long size = past.size(axis);
        long length = update.size(axis);
        long[] starts = c.has(2) ? c.longs(2) : new long[Math.toIntExact(past.size(0))];
        List<Tensor> parts = new ArrayList<>();
        for (int b = 0; b < starts.length; b++) {
            Tensor at = Tensors.arange(length).add(starts[b]);
            if (circular) at = at.remainder(size);
            parts.add(past.select(0, b).indexCopy(axis - 1, at.to(past.device()), update.select(0, b)));
        }
        return Tensors.stack(parts);
    }

    private static Tensor compress(Call c) {
        Tensor x = c.x(0);
        Tensor where = c.x(1).nonzero().reshape(-1);
        if (!c.hasAttribute("axis")) return x.reshape(-1).indexSelect(0, where);
        return x.indexSelect(c.axis(c.i("axis"), x.dim()), where);
    }

    private static Tensor oneHot(Call c) {
        Tensor index = c.x(0);
        long depth = (long) c.number(1);
        Tensor values = c.x(2);
        int axis = c.axis(c.i("axis", -1), index.dim() + 1);
        Tensor i = index.toLong();
        Tensor at = Tensors.where(i.lt(0), i.add(depth), i).unsqueeze(axis);
        long[] shape = new long[index.dim() + 1];
        Arrays.fill(shape, 1);
        shape[axis] = depth;
        Tensor on = at.eq(Tensors.arange(depth).to(index.device()).reshape(shape));
        return Tensors.where(on, values.select(0, 1), values.select(0, 0));
    }

    private static List<Value> unique(Call c) {
        boolean sorted = c.flag("sorted", true);
        Tensor x = c.x(0);
        int axis = c.hasAttribute("axis") ? c.axis(c.i("axis"), x.dim()) : 0;
        if (!c.hasAttribute("axis")) x = x.reshape(-1);
        Unique u = x.unique(true, true, true, axis);
        long[] inverse = java.util.Objects.requireNonNull(u.inverseIndices()).toLongArray();
        long[] counts = java.util.Objects.requireNonNull(u.counts()).toLongArray();
        long[] first = new long[counts.length];
        for (int i = inverse.length - 1; i >= 0; i--) first[(int) inverse[i]] = i;
        Tensor values = u.output();
        if (!sorted) {
            // In the order in which they first occur.
            long[] order = Tensors.tensor(first).argsort().toLongArray();
            long[] place = new long[order.length];
            for (int k = 0; k < order.length; k++) place[(int) order[k]] = k;
            values = values.indexSelect(axis, Tensors.tensor(order).to(x.device()));
            long[] oldFirst = first.clone();
            long[] oldCounts = counts.clone();
            for (int k = 0; k < order.length; k++) {
                first[k] = oldFirst[(int) order[k]];
                counts[k] = oldCounts[(int) order[k]];
            }
            for (int i = 0; i < inverse.length; i++) inverse[i] = place[(int) inverse[i]];
        }
        return Value.all(List.of(values, Tensors.tensor(first), Tensors.tensor(inverse), Tensors.tensor(counts)));
    }
}
