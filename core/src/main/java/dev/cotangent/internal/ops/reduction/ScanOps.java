package dev.cotangent.internal.ops.reduction;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.ValuesIndices;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Scan;
import dev.cotangent.backend.Strided;
import dev.cotangent.backend.Transfers;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.indexing.GatherOps;
import dev.cotangent.internal.ops.movement.ConcatenationOps;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** Scans (cumulative reductions) along a dimension. */
public final class ScanOps {
    private ScanOps() {}

    static Tensor scan(Scan kind, Tensor x, int dim, Dtype type) {
        Tensor in = x.detach().to(type);
        if (x.dim() == 0) return in == x || Internals.storage(in) == Internals.storage(x) ? in.clone() : in;
        if (type.isComplex() && kind == Scan.PROD) return running(in, dim, Tensor::mul);
        Tensor out =
                CreationOps.uninitialized(type, x.device(), Internals.layout(x).sizes());
        if (x.numel() > 0 && type.isComplex()) {
            Internals.backend(x)
                    .scan(
                            kind,
                            Transfers.resolved(Internals.data(in)).pairs(),
                            Internals.data(out).pairs(),
                            dim);
            return out;
        }
        if (x.numel() > 0) Internals.backend(x).scan(kind, Internals.strided(in), Internals.strided(out), dim);
        return out;
    }

    /**
     * Returns the scan of an associative operation without a kernel of its own, in log(n) steps (Hillis and Steele, "Data
     * parallel algorithms").
     */
    private static Tensor running(Tensor x, int dim, BinaryOperator<Tensor> operation) {
        Tensor y = x.detach().clone();
        long n = x.dim() == 0 ? 1 : x.size(dim);
        for (long step = 1; step < n; step *= 2) {
            Tensor behind = operation.apply(y.narrow(dim, step, n - step), y.narrow(dim, 0, n - step));
            y = ConcatenationOps.cat(List.of(y.narrow(dim, 0, step), behind), dim);
        }
        return y;
    }

    /** Computes {@code torch.cumsum}; integers and bool accumulate in int64 unless a type is given. */
    public static Tensor cumsum(Tensor x, int dim, @Nullable Dtype dtype) {
        int d = Broadcast.dim(dim, x.dim());
        Tensor out = scan(Scan.SUM, x, d, dtype == null ? x.dtype().sumType() : dtype);
        return GradientRule.of("CumsumBackward0", out)
                .input(x, g -> reversed(g, d))
                .done();
    }

    /** Computes {@code torch.Tensor.cumsum_} in this tensor's type. */
    public static Tensor cumsumInPlace(Tensor x, int dim, @Nullable Dtype dtype) {
        int d = Broadcast.dim(dim, x.dim());
        checkType("cumsum_", x, dtype);
        GradientRule.checkInPlace(x);
        write(x, scan(Scan.SUM, x, d, x.dtype()));
        return GradientRule.of("CumsumBackward0", x)
                .input(x, g -> reversed(g, d))
                .inPlace(x);
    }

    static void checkType(String op, Tensor x, @Nullable Dtype dtype) {
        if (dtype != null && dtype != x.dtype()) {
            throw new CotangentException(op + "(): provided dtype must match the dtype of self tensor. Got: "
                    + x.dtype().scalarName() + " and " + dtype.scalarName() + ".");
        }
    }

    static void write(Tensor self, Tensor result) {
        Transfers.copy(Internals.data(result), Internals.data(self));
        Internals.version(self).bump();
    }

    /** Returns the reverse cumulative sum. */
    static Tensor reversed(Tensor g, int dim) {
        if (g.numel() <= 1 || g.size(dim) == 1) return g;
        Tensor out = CreationOps.uninitialized(
                g.dtype(), g.device(), Internals.layout(g).sizes());
        Strided from = Transfers.resolved(Internals.data(g));
        Strided to = Internals.data(out);
        if (from.form().isComplex()) {
            from = from.pairs();
            to = to.pairs();
        }
        Internals.backend(g).scan(Scan.SUM, backwards(from, dim), backwards(to, dim), dim);
        return GradientRule.of("FlipBackward0", out)
                .input(g, gg -> gg.cumsum(dim))
                .done();
    }

    /** Returns the elements with one dimension reversed. */
    private static Strided backwards(Strided s, int dim) {
        Layout l = s.layout();
        long[] strides = l.strides().clone();
        strides[dim] = -strides[dim];
        return s.with(Layout.of(l.sizes(), strides, l.offset() + (l.size(dim) - 1) * l.stride(dim)));
    }

    /** Computes {@code torch.cummax} and {@code torch.cummin}; ties select the last index. */
    public static ValuesIndices cummax(Scan kind, Tensor x, int dim) {
        int d = Broadcast.dim(dim, x.dim());
        Tensor values;
        Tensor index;
        if (x.dim() == 0) {
            values = x.detach().clone();
            index = CreationOps.zeros(Dtype.INT64, x.device());
        } else {
            values = CreationOps.uninitialized(
                    x.dtype(), x.device(), Internals.layout(x).sizes());
            index = CreationOps.uninitialized(
                    Dtype.INT64, x.device(), Internals.layout(x).sizes());
            if (x.numel() > 0)
                Internals.backend(x)
                        .scanExtreme(
                                kind, Internals.strided(x), d, Internals.strided(values), Internals.strided(index));
        }
        long[] sizes = Internals.layout(x).sizes();
        GradientRule.of(kind == Scan.MAX ? "CummaxBackward0" : "CumminBackward0", values, index)
                .add(
                        x,
                        (g, saved) -> {
                            if (g[0] == null || sizes.length == 0) return g[0];
                            return GatherOps.sum(sizes, d, saved[0], g[0]);
                        },
                        index)
                .done();
        return new ValuesIndices(values, index);
    }

    /** Computes {@code torch.logcumsumexp} in float64. */
    public static Tensor logcumsumexp(Tensor x, int dim) {
        int d = Broadcast.dim(dim, x.dim());
        if (!x.dtype().isDifferentiable()) {
            throw Promotion.notImplemented("logcumsumexp_out_cpu", x.dtype());
        }
        Tensor result;
        if (x.dtype().isComplex()) {
            result = running(x, d, Tensor::logaddexp);
        } else if (x.dim() == 0 || x.size(d) == 1) {
            result = Internals.wrap(Internals.strided(x.detach().clone()));
        } else {
            result = CreationOps.uninitialized(
                    x.dtype(), x.device(), Internals.layout(x).sizes());
            if (x.numel() > 0) Internals.backend(x).logcumsumexp(Internals.strided(x), d, Internals.strided(result));
        }
        return GradientRule.of("LogcumsumexpBackward0", result)
                .input(x, x, result, (g, self, y) -> logcumsumexpBackward(g, self, y, d))
                .done();
    }

    private static Tensor logcumsumexpBackward(Tensor g, Tensor self, Tensor y, int dim) {
        if (g.dim() == 0 || g.numel() == 0) return g;
        if (g.dtype().isComplex()) {
            Tensor logs = g.log().sub(y.conj());
            return logs.flip(dim).logcumsumexp(dim).flip(dim).add(self.conj()).exp();
        }
        return part(g, self, y, dim).sub(part(g.neg(), self, y, dim));
    }

    /** Returns one sign's part of the gradient, in logarithms. */
    private static Tensor part(Tensor g, Tensor self, Tensor y, int dim) {
        double lowest = -Promotion.largest(g.dtype());
        Tensor logs = g.log().maskedFill(g.detach().gt(0).logicalNot(), lowest);
        return logs.sub(y).flip(dim).logcumsumexp(dim).flip(dim).add(self).exp();
    }

    /** Computes {@code torch.diff}: the {@code n}-th forward difference. */
    public static Tensor diff(Tensor x, long n, int dim, @Nullable Tensor prepend, @Nullable Tensor append) {
        if (x.dim() == 0) throw new CotangentException("diff expects input to be at least one-dimensional");
        if (n < 0) throw new CotangentException("order must be non-negative but got " + n);
        int d = Broadcast.dim(dim, x.dim());
        if (prepend != null) checkConcatenable(prepend, x, d, "prepend");
        if (append != null) checkConcatenable(append, x, d, "append");
        Tensor y = x;
        if (n > 0 && (prepend != null || append != null)) {
            List<Tensor> all = new ArrayList<>();
            if (prepend != null) all.add(prepend);
            all.add(x);
            if (append != null) all.add(append);
            y = ConcatenationOps.cat(all, d);
        }
        if (n == 0) return y.clone();
        for (long i = Math.min(n, y.size(d)); i > 0; i--) {
            long m = y.size(d);
            long rest = Math.max(m - 1, 0);
            Tensor high = y.narrow(d, Math.min(1, m), rest);
            Tensor low = y.narrow(d, 0, rest);
            y = y.dtype() == Dtype.BOOL ? high.logicalXor(low) : high.sub(low);
        }
        return y;
    }

    private static void checkConcatenable(Tensor extra, Tensor x, int dim, String name) {
        if (extra.dim() != x.dim()) {
            throw new CotangentException("diff expects prepend or append to be the same dimension as input");
        }
        for (int d = 0; d < x.dim(); d++) {
            if (extra.size(d) != x.size(d) && d != dim) {
                throw new CotangentException("diff expects the shape of tensor to prepend or append to match that of"
                        + " input except along the differencing dimension; input.size(" + d + ") = " + x.size(d)
                        + ", but got tensor.size(" + d + ") = " + extra.size(d));
            }
        }
    }
}
