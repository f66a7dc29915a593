package dev.cotangent.internal.ops.reduction;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.Unique;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.indexing.Selection;
import dev.cotangent.internal.ops.movement.ConcatenationOps;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Unique values with inverse indices and counts. */
public final class UniqueOps {
    private UniqueOps() {}

    /** Computes {@code torch.unique}, sorted. */
    public static Unique unique(Tensor input, boolean inverse, boolean counts, @Nullable Integer dim) {
        Tensor x = input.detach();
        if (dim == null) {
            Tensor flat = x.reshape(-1);
            var sorted = SortOps.sort(flat, 0, false, true);
            return grouped(
                    sorted.values(),
                    sorted.indices(),
                    0,
                    inverse,
                    counts,
                    Internals.layout(x).sizes());
        }
        int d = Broadcast.dim(dim, x.dim());
        Tensor order = rowOrder(x, d);
        return grouped(x.indexSelect(d, order), order, d, inverse, counts, null);
    }

    /** Computes {@code torch.unique_consecutive}. */
    public static Unique consecutive(Tensor input, boolean inverse, boolean counts, @Nullable Integer dim) {
        Tensor x = input.detach();
        if (dim == null)
            return grouped(
                    x.reshape(-1), null, 0, inverse, counts, Internals.layout(x).sizes());
        return grouped(x, null, Broadcast.dim(dim, x.dim()), inverse, counts, null);
    }

    /**
     * Returns the lexicographic order of slices along a dimension, by stable sorts from the last element to the
     * first.
     */
    private static Tensor rowOrder(Tensor x, int dim) {
        long n = x.size(dim);
        Tensor rows = x.movedim(dim, 0).reshape(n, n == 0 ? 0 : x.numel() / n);
        Tensor order = CreationOps.arange(0, n, 1, Dtype.INT64, x.device());
        for (long column = rows.size(1) - 1; column >= 0; column--) {
            Tensor keys = rows.select(1, column).gather(0, order);
            order = order.gather(0, SortOps.sort(keys, 0, false, true).indices());
        }
        return order;
    }

    /** Merges equal adjacent slices along a dimension. */
    private static Unique grouped(
            Tensor x, @Nullable Tensor order, int dim, boolean inverse, boolean counts, long @Nullable [] shape) {
        long n = x.size(dim);
        Tensor starts = starts(x, dim);
        Tensor at = Selection.flatPositions(starts);
        Tensor where = null;
        if (inverse) {
            Tensor group = starts.to(Dtype.INT64).cumsum(0).sub(1);
            where = order == null
                    ? group
                    : CreationOps.uninitialized(Dtype.INT64, x.device(), n).scatter_(0, order, group);
            if (shape != null) where = where.reshape(shape);
        }
        Tensor often = null;
        if (counts) {
            Tensor end = CreationOps.full(Dtype.INT64, x.device(), n, n == 0 ? 0 : 1);
            often = ConcatenationOps.cat(List.of(at.narrow(0, n == 0 ? 0 : 1, Math.max(at.numel() - 1, 0)), end), 0)
                    .sub(at);
        }
        return new Unique(x.indexSelect(dim, at), where, often);
    }

    /** Returns where a slice differs from the one before; the first slice does. */
    private static Tensor starts(Tensor x, int dim) {
        long n = x.size(dim);
        if (n == 0) return CreationOps.zeros(Dtype.BOOL, x.device(), 0);
        Tensor rows = x.dim() == 1 ? x : x.movedim(dim, 0).reshape(n, x.numel() / n);
        Tensor differs = rows.narrow(0, 1, n - 1).ne(rows.narrow(0, 0, n - 1));
        if (rows.dim() > 1) differs = differs.any(1, false);
        return ConcatenationOps.cat(List.of(CreationOps.ones(Dtype.BOOL, x.device(), 1), differs), 0);
    }
}
