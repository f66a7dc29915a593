package dev.cotangent.backend;

import dev.cotangent.Dtype;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import java.util.List;

/** Operations composed of scans and other primitives of {@link Backend}. */
final class ScanDecompositions {
    private static final long[] NONE = {};

    private ScanDecompositions() {}

    /** Returns 0, 1, 2 and so on. */
    static Strided iota(Backend backend, long n) {
        Layout line = Layout.contiguous(n);
        Strided ones = Decompositions.fresh(backend, Dtype.INT64, line);
        backend.fill(ones, 1);
        if (n == 0) return ones;
        backend.fill(ones.with(line.slice(0, 0, 1, 1)), 0);
        Strided all = Decompositions.fresh(backend, Dtype.INT64, line);
        backend.scan(Scan.SUM, ones, all, 0);
        return all;
    }

    /** Expands a vector along one dimension to a shape. */
    static Strided along(Strided vector, int dim, long[] sizes) {
        long[] strides = new long[sizes.length];
        strides[dim] = 1;
        return vector.with(Layout.of(sizes.clone(), strides, vector.layout().offset()));
    }

    static void extreme(Backend backend, Scan kind, Strided in, int dim, Strided values, Strided indices) {
        if (in.numel() == 0) return;
        backend.scan(kind, in, values, dim);
        long[] sizes = in.layout().sizes();
        Strided places = along(iota(backend, sizes[dim]), dim, sizes);
        Strided reached = Decompositions.fresh(backend, Dtype.INT64, in.layout());
        backend.pointwise(reached(in.dtype()), new Strided[] {reached}, new Strided[] {in, values, places}, NONE);
        backend.scan(Scan.MAX, reached, indices, dim);
    }

    /** Returns the third operand where the first is NaN or equals the second, else 0. */
    private static Program reached(Dtype dtype) {
        return Decompositions.program(
                () -> {
                    Exprs e = new Exprs();
                    Expr x = e.input(0, dtype).cast(dtype.computeType());
                    Expr there = x.eq(e.input(1, dtype).cast(dtype.computeType()));
                    if (dtype.isFloatingPoint()) there = there.or(x.ne(x));
                    Expr at = e.input(2, Dtype.INT64);
                    return new Program(
                            List.of(dtype, dtype, Dtype.INT64), List.of(), List.of(there.where(at, at.like(0))));
                },
                "reached",
                dtype);
    }

    /** Computes by a doubling (Hillis-Steele) scan in float64, which is accurate for any magnitudes. */
    static void logcumsumexp(Backend backend, Strided in, int dim, Strided out) {
        if (in.numel() == 0) return;
        long n = in.layout().size(dim);
        Strided sums = Decompositions.fresh(backend, Dtype.FLOAT64, in.layout());
        backend.copy(in, sums);
        for (long step = 1; step < n; step *= 2) {
            Strided next = Decompositions.fresh(backend, Dtype.FLOAT64, in.layout());
            Layout l = next.layout();
            Layout head = l.slice(dim, 0, step, 1);
            Layout low = l.slice(dim, 0, n - step, 1);
            Layout high = l.slice(dim, step, n - step, 1);
            backend.copy(sums.with(head), next.with(head));
            backend.pointwise(
                    logaddexp(),
                    new Strided[] {next.with(high)},
                    new Strided[] {sums.with(low), sums.with(high)},
                    NONE);
            sums = next;
        }
        backend.copy(sums, out);
    }

    private static Program logaddexp() {
        return Decompositions.program(
                () -> {
                    Exprs e = new Exprs();
                    Expr a = e.input(0, Dtype.FLOAT64);
                    Expr b = e.input(1, Dtype.FLOAT64);
                    Expr sum = a.max(b).add(a.sub(b).abs().neg().exp().log1p());
                    // The difference of two equal infinities is NaN.
                    Expr same = a.eq(b).and(a.abs().eq(Double.POSITIVE_INFINITY));
                    return new Program(List.of(Dtype.FLOAT64, Dtype.FLOAT64), List.of(), List.of(same.where(a, sum)));
                },
                "logaddexp");
    }
}
