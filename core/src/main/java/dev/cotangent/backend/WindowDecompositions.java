package dev.cotangent.backend;

import dev.cotangent.Dtype;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sums and maxima over windows, dimension by dimension, written with the primitives of {@link Backend}. */
final class WindowDecompositions {
    private static final long[] NONE = {};

    private WindowDecompositions() {}

    static void sum(Backend backend, Strided in, Windows[] windows, double divisor, Strided out) {
        if (out.numel() == 0) return;
        Dtype wide = in.dtype().isFloatingPoint() ? in.dtype().computeType() : Dtype.INT64;
        Strided sum = Decompositions.fresh(backend, wide, in.layout());
        backend.copy(in, sum);
        for (int i = windows.length - 1; i >= 0; i--) {
            if (!windows[i].isIdentity()) sum = along(backend, sum, windows[i], i + 1);
        }
        if (divisor != 1) {
            long bits = wide == Dtype.INT64 ? (long) divisor : Double.doubleToRawLongBits(divisor);
            backend.pointwise(Decompositions.divide(wide), new Strided[] {sum}, new Strided[] {sum}, new long[] {bits});
        }
        backend.copy(sum, out);
    }

    /** Computes the weighted sums along one dimension, adding up one element of all windows at a time. */
    private static Strided along(Backend backend, Strided in, Windows w, int dim) {
        Dtype wide = in.dtype();
        long[] sizes = in.layout().sizes().clone();
        sizes[dim] = w.outputs();
        Layout layout = Layout.contiguous(sizes);
        Strided sum = Decompositions.fresh(backend, wide, layout);
        backend.fill(sum, 0);
        Strided picked = Decompositions.fresh(backend, wide, layout);
        Program add = Decompositions.program(
                () -> {
                    Exprs e = new Exprs();
                    Expr before = e.input(0, wide);
                    Expr product = e.input(1, wide).mul(e.input(2, wide));
                    Expr isIn = e.input(3, Dtype.INT64).ne(0);
                    return new Program(
                            List.of(wide, wide, wide, Dtype.INT64),
                            List.of(),
                            List.of(isIn.where(before.add(product), before)));
                },
                "add window",
                wide);
        for (int k = 0; k < w.most(); k++) {
            backend.gather(in, dim, spread(places(backend, w, k), dim, sizes), picked);
            Strided[] ins = {
                sum, picked, spread(weights(backend, w, k, wide), dim, sizes), spread(isIn(backend, w, k), dim, sizes)
            };
            backend.pointwise(add, new Strided[] {sum}, ins, NONE);
        }
        return sum;
    }

    static void max(Backend backend, Strided in, Windows[] windows, Strided out, @Nullable Strided indices) {
        if (out.numel() == 0) return;
        long[] plane = in.layout().sizes().clone();
        plane[0] = 1;
        long[] line = {Layout.contiguous(plane).numel()};
        Strided at = ScanDecompositions.iota(backend, line[0])
                .with(Layout.contiguous(plane).expand(in.layout().sizes()));
        Strided best = in;
        for (int i = windows.length - 1; i >= 0; i--) {
            if (windows[i].isIdentity()) continue;
            Strided[] pair = maxAlong(backend, best, at, windows[i], i + 1);
            best = pair[0];
            at = pair[1];
        }
        backend.copy(best, out);
        if (indices != null) backend.copy(at, indices);
    }

    /**
     * Computes the largest elements along one dimension and their indices: of equal elements the first, of NaN the
     * last.
     */
    private static Strided[] maxAlong(Backend backend, Strided in, Strided at, Windows w, int dim) {
        Dtype dtype = in.dtype();
        long[] sizes = in.layout().sizes().clone();
        sizes[dim] = w.outputs();
        Layout layout = Layout.contiguous(sizes);
        Strided best = Decompositions.fresh(backend, dtype, layout);
        Strided from = Decompositions.fresh(backend, Dtype.INT64, layout);
        Strided value = Decompositions.fresh(backend, dtype, layout);
        Strided index = Decompositions.fresh(backend, Dtype.INT64, layout);
        Program larger = Decompositions.program(
                () -> {
                    Exprs e = new Exprs();
                    Dtype wide = dtype.computeType();
                    Expr old = e.input(0, dtype);
                    Expr x = e.input(1, dtype);
                    Expr a = old.cast(wide);
                    Expr b = x.cast(wide);
                    Expr isIn = e.input(4, Dtype.INT64).ne(0);
                    Expr take = b.gt(a).or(b.ne(b)).and(isIn);
                    Expr place = take.where(e.input(3, Dtype.INT64), e.input(2, Dtype.INT64));
                    return new Program(
                            List.of(dtype, dtype, Dtype.INT64, Dtype.INT64, Dtype.INT64),
                            List.of(),
                            List.of(take.where(b, a).cast(dtype), place));
                },
                "larger in window",
                dtype);
        for (int k = 0; k < w.most(); k++) {
            Strided places = spread(places(backend, w, k), dim, sizes);
            backend.gather(in, dim, places, k == 0 ? best : value);
            backend.gather(at, dim, places, k == 0 ? from : index);
            if (k == 0) continue;
            Strided[] ins = {best, value, from, index, spread(isIn(backend, w, k), dim, sizes)};
            backend.pointwise(larger, new Strided[] {best, from}, ins, NONE);
        }
        return new Strided[] {best, from};
    }

    /** Returns the index of element {@code k} of each window, or of the last one of a window that has less. */
    private static Strided places(Backend backend, Windows w, int k) {
        long[] values = new long[w.outputs()];
        for (int o = 0; o < values.length; o++) {
            int last = Math.clamp(w.count()[o] - 1, 0, k);
            values[o] = Math.clamp((long) w.first()[o] + (long) last * w.step(), 0, w.size() - 1);
        }
        return longs(backend, values);
    }

    private static Strided isIn(Backend backend, Windows w, int k) {
        long[] values = new long[w.outputs()];
        for (int o = 0; o < values.length; o++) if (k < w.count()[o] && w.weight(o, k) != 0) values[o] = 1;
        return longs(backend, values);
    }

    private static Strided longs(Backend backend, long[] values) {
        Strided out = Decompositions.fresh(backend, Dtype.INT64, Layout.contiguous(values.length));
        backend.write(out.storage(), 0, MemorySegment.ofArray(values));
        return out;
    }

    private static Strided weights(Backend backend, Windows w, int k, Dtype wide) {
        if (wide == Dtype.INT64) return isIn(backend, w, k);
        double[] values = new double[w.outputs()];
        for (int o = 0; o < values.length; o++) if (k < w.count()[o]) values[o] = w.weight(o, k);
        Strided exact = Decompositions.fresh(backend, Dtype.FLOAT64, Layout.contiguous(values.length));
        backend.write(exact.storage(), 0, MemorySegment.ofArray(values));
        if (wide == Dtype.FLOAT64) return exact;
        Strided out = Decompositions.fresh(backend, wide, exact.layout());
        backend.copy(exact, out);
        return out;
    }

    private static Strided spread(Strided line, int dim, long[] sizes) {
        return ScanDecompositions.along(line, dim, sizes);
    }
}
