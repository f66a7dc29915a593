package dev.cotangent.backend;

import dev.cotangent.Dtype;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import java.util.List;

/** Operations based on sorting, composed of the primitives of {@link Backend}. */
final class SortingDecompositions {
    private static final long[] NONE = {};

    private SortingDecompositions() {}

    private static Layout resized(Layout layout, int dim, long size) {
        long[] sizes = layout.sizes().clone();
        sizes[dim] = size;
        return Layout.contiguous(sizes);
    }

    /** Returns the sorted values and their indices, both contiguous. */
    private static Strided[] sorted(Backend backend, Strided in, int dim, boolean descending) {
        Strided values = Decompositions.fresh(backend, in.dtype(), in.layout());
        Strided order = Decompositions.fresh(backend, Dtype.INT64, in.layout());
        backend.sort(in, dim, descending, values, order);
        return new Strided[] {values, order};
    }

    static void topk(Backend backend, Strided in, int dim, boolean largest, Strided values, Strided indices) {
        if (values.numel() == 0) return;
        Strided[] all = sorted(backend, in, dim, largest);
        Layout first = all[0].layout().slice(dim, 0, values.layout().size(dim), 1);
        backend.copy(all[0].with(first), values);
        backend.copy(all[1].with(first), indices);
    }

    static void kth(Backend backend, Strided in, int dim, long rank, Strided indices) {
        if (indices.numel() == 0) return;
        Strided order = sorted(backend, in, dim, false)[1];
        backend.copy(order.with(order.layout().slice(dim, rank, 1, 1)), indices);
    }

    static void median(Backend backend, Strided in, int dim, boolean ignoreNan, Strided indices) {
        long n = in.layout().size(dim);
        if (!in.dtype().isFloatingPoint()) {
            kth(backend, in, dim, (n - 1) / 2, indices);
            return;
        }
        if (indices.numel() == 0) return;
        Strided order = sorted(backend, in, dim, false)[1];
        Layout lines = resized(in.layout(), dim, 1);
        Strided nans = Decompositions.fresh(backend, Dtype.INT64, lines);
        backend.reduce(Reduction.SUM, isNan(in.dtype()), nans, new Strided[] {in}, NONE);
        Strided at = Decompositions.fresh(backend, Dtype.INT64, lines);
        backend.pointwise(rank(ignoreNan), new Strided[] {at}, new Strided[] {nans}, new long[] {n});
        backend.gather(order, dim, at, indices);
    }

    private static Program isNan(Dtype dtype) {
        return Decompositions.program(
                () -> {
                    Exprs e = new Exprs();
                    Expr x = e.input(0, dtype).cast(dtype.computeType());
                    return new Program(
                            List.of(dtype), List.of(), List.of(x.ne(x).cast(Dtype.INT64)));
                },
                "nan",
                dtype);
    }

    /** Computes the rank of the median from the number of NaNs in a row of scalar 0 elements. */
    private static Program rank(boolean ignoreNan) {
        return Decompositions.program(
                () -> {
                    Exprs e = new Exprs();
                    Expr nans = e.input(0, Dtype.INT64);
                    Expr n = e.scalar(0, Dtype.INT64);
                    Expr zero = n.like(0);
                    Expr rank = ignoreNan
                            ? n.sub(nans).sub(n.like(1)).max(zero).div(2)
                            : nans.gt(zero).where(n.sub(nans), n.sub(n.like(1)).div(2));
                    return new Program(List.of(Dtype.INT64), List.of(Dtype.INT64), List.of(rank));
                },
                "rank of the median",
                ignoreNan);
    }

    static void mode(Backend backend, Strided in, int dim, Strided indices) {
        if (indices.numel() == 0) return;
        Strided[] all = sorted(backend, in, dim, false);
        Layout l = all[0].layout();
        long n = l.size(dim);
        Dtype dtype = in.dtype();
        Strided places = ScanDecompositions.along(ScanDecompositions.iota(backend, n), dim, l.sizes());
        Strided begins = Decompositions.fresh(backend, Dtype.INT64, l);
        backend.fill(begins, 0);
        Layout low = l.slice(dim, 0, n - 1, 1);
        Layout high = l.slice(dim, 1, n - 1, 1);
        Program begin = Decompositions.program(
                () -> {
                    Exprs e = new Exprs();
                    Dtype compute = dtype.computeType();
                    Expr differs =
                            e.input(0, dtype).cast(compute).ne(e.input(1, dtype).cast(compute));
                    Expr at = e.input(2, Dtype.INT64);
                    return new Program(
                            List.of(dtype, dtype, Dtype.INT64), List.of(), List.of(differs.where(at, at.like(0))));
                },
                "begin of a run",
                dtype);
        if (n > 1) {
            Strided[] neighbours = {
                all[0].with(high), all[0].with(low), places.with(places.layout().slice(dim, 1, n - 1, 1))
            };
            backend.pointwise(begin, new Strided[] {begins.with(high)}, neighbours, NONE);
        }
        Strided starts = Decompositions.fresh(backend, Dtype.INT64, l);
        backend.scan(Scan.MAX, begins, starts, dim);
        Program length = Decompositions.program(
                () -> {
                    Exprs e = new Exprs();
                    Expr run = e.input(0, Dtype.INT64).sub(e.input(1, Dtype.INT64));
                    return new Program(List.of(Dtype.INT64, Dtype.INT64), List.of(), List.of(run));
                },
                "length of a run");
        Strided at = Decompositions.fresh(backend, Dtype.INT64, resized(l, dim, 1));
        backend.reduce(Reduction.ARGMAX, length, at, new Strided[] {places, starts}, NONE);
        backend.gather(all[1], dim, at, indices);
    }

    /** Searches all values at once by bisection. */
    static void searchsorted(Backend backend, Strided sorted, Strided values, boolean right, Strided out) {
        long n = sorted.layout().size(1);
        if (values.numel() == 0) return;
        Strided low = Decompositions.fresh(backend, Dtype.INT64, values.layout());
        backend.fill(low, 0);
        Strided high = Decompositions.fresh(backend, Dtype.INT64, values.layout());
        backend.fill(high, n);
        Strided middle = Decompositions.fresh(backend, Dtype.INT64, values.layout());
        Strided there = Decompositions.fresh(backend, values.dtype(), values.layout());
        for (long left = n; left > 0; left /= 2) {
            backend.pointwise(halve(), new Strided[] {middle}, new Strided[] {low, high}, new long[] {n - 1});
            backend.gather(sorted, 1, middle, there);
            Strided newLow = Decompositions.fresh(backend, Dtype.INT64, values.layout());
            Strided newHigh = Decompositions.fresh(backend, Dtype.INT64, values.layout());
            backend.pointwise(
                    narrow(values.dtype(), right),
                    new Strided[] {newLow, newHigh},
                    new Strided[] {low, high, there, values},
                    NONE);
            low = newLow;
            high = newHigh;
        }
        backend.copy(low, out);
    }

    private static Expr middle(Expr low, Expr high) {
        return low.add(high).div(2);
    }

    private static Program halve() {
        return Decompositions.program(
                () -> {
                    Exprs e = new Exprs();
                    Expr middle = middle(e.input(0, Dtype.INT64), e.input(1, Dtype.INT64));
                    return new Program(
                            List.of(Dtype.INT64, Dtype.INT64),
                            List.of(Dtype.INT64),
                            List.of(middle.min(e.scalar(0, Dtype.INT64))));
                },
                "halve");
    }

    private static Program narrow(Dtype type, boolean right) {
        return Decompositions.program(
                () -> {
                    Exprs e = new Exprs();
                    Expr low = e.input(0, Dtype.INT64);
                    Expr high = e.input(1, Dtype.INT64);
                    Expr middle = middle(low, high);
                    Dtype compute = type.computeType();
                    Expr there = e.input(2, type).cast(compute);
                    Expr value = e.input(3, type).cast(compute);
                    Expr up = (right ? there.gt(value) : there.ge(value)).not().and(low.lt(high));
                    return new Program(
                            List.of(Dtype.INT64, Dtype.INT64, type, type),
                            List.of(),
                            List.of(
                                    up.where(middle.add(1), low),
                                    up.where(high, low.lt(high).where(middle, high))));
                },
                "narrow",
                type,
                right);
    }
}
