package dev.cotangent.op;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.Unique;
import org.jspecify.annotations.Nullable;

/** Different values, with where each went and how often it was there. */
public final class UniqueOps {
    private UniqueOps() {}

    /** {@code torch.unique}, sorted. */
    public static Unique unique(Tensor input, boolean inverse, boolean counts, @Nullable Long dim) {
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
                    x.layout().sizes());
        }
        int d = Broadcast.dim(dim, x.dim());
        Tensor order = rowOrder(x, d);
        return grouped(x.indexSelect(d, order), order, d, inverse, counts, null);
    }

    /** {@code torch.unique_consecutive}. */
    public static Unique consecutive(Tensor input, boolean inverse, boolean counts, @Nullable Long dim) {
        Tensor x = input.detach();
        if (dim == null)
            return grouped(x.reshape(-1), null, 0, inverse, counts, x.layout().sizes());
        return grouped(x, null, Broadcast.dim(dim, x.dim()), inverse, counts, null);
    }

    /** The order of slices along a dimension as by their elements one after the other: sorts stably by the last first. */
    private static Tensor rowOrder(Tensor x, int dim) {
        long n = x.size(dim);
        Tensor rows = x.movedim(dim, 0).reshape(n, n == 0 ? 0 : x.numel() / n);
        Tensor order = Factories.arange(0, n, 1, Dtype.INT64, x.device());
        for (long column = rows.size(1) - 1; column >= 0; column--) {
            Tensor keys = rows.select(1, column).gather(0, order);
            order = order.gather(0, SortOps.sort(keys, 0, false, true).indices());
        }
        return order;
    }

    /** Joins equal neighbours along a dimension. */
    private static Unique grouped(
            Tensor x, @Nullable Tensor order, int dim, boolean inverse, boolean counts, long @Nullable [] shape) {
        long n = x.size(dim);
        Tensor starts = n == 0
                ? Factories.zeros(Dtype.INT64, x.device(), 0)
                : SortOps.starts(x.movedim(dim, 0).reshape(n, x.numel() / n), 0)
                        .to(Dtype.INT64)
                        .amax(1);
        Tensor group = starts.cumsum(0);
        long groups = n == 0 ? 0 : group.select(0, -1).itemLong() + 1;
        Tensor places = Factories.arange(0, n, 1, Dtype.INT64, x.device());
        Tensor none = Factories.zeros(Dtype.INT64, x.device(), groups);
        Tensor at = none.scatterAdd(0, group, places.mul(starts));
        Tensor where = null;
        if (inverse) {
            where = order == null
                    ? group
                    : Factories.zeros(Dtype.INT64, x.device(), n).scatterAdd(0, order, group);
            if (shape != null) where = where.reshape(shape);
        }
        Tensor often = counts ? none.scatterAdd(0, group, places.onesLike()) : null;
        return new Unique(x.indexSelect(dim, at), where, often);
    }
}
