package dev.cotangent.internal.ops.reduction;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.Broadcast;

/** Integrals of sampled functions by the trapezoidal rule. */
public final class TrapezoidOps {
    private TrapezoidOps() {}

    /** Computes {@code torch.trapezoid} of samples with spacing {@code dx}. */
    public static Tensor trapezoid(Tensor y, Number dx, int dim) {
        if (y.dim() > 0 && y.size(dim) == 0) return empty(y, dim);
        int d = dim(y, dim);
        long n = y.size(d);
        Tensor ends = y.select(d, 0).add(y.select(d, -1));
        return y.sum(d).sub(ends.div(2.0)).mul(dx);
    }

    /** Computes {@code torch.trapezoid} of samples at points {@code x}. */
    public static Tensor trapezoid(Tensor y, Tensor x, int dim) {
        if (y.dim() > 0 && y.size(dim) == 0) return empty(y, dim);
        return areas(y, x, dim(y, dim)).sum(dim).div(2.0);
    }

    /** Computes {@code torch.cumulative_trapezoid} of samples with spacing {@code dx}. */
    public static Tensor cumulative(Tensor y, Number dx, int dim) {
        int d = dim(y, dim);
        long n = y.size(d);
        return sums(y, d, n).mul(dx).div(2.0).cumsum(d);
    }

    /** Computes {@code torch.cumulative_trapezoid} of samples at points {@code x}. */
    public static Tensor cumulative(Tensor y, Tensor x, int dim) {
        int d = dim(y, dim);
        return areas(y, x, d).cumsum(dim).div(2.0);
    }

    private static int dim(Tensor y, int dim) {
        return Broadcast.dim(dim, y.dim());
    }

    /** Returns twice the areas between adjacent samples. */
    private static Tensor areas(Tensor y, Tensor x, int dim) {
        Tensor points = x;
        if (x.dim() == 1) {
            long[] shape = new long[y.dim()];
            java.util.Arrays.fill(shape, 1);
            if (x.size(0) != y.size(dim)) {
                throw new CotangentException("trapezoid: There must be one `x` value for each sample point");
            }
            shape[dim] = x.size(0);
            points = x.view(shape);
        } else if (x.dim() < y.dim()) {
            long[] shape = new long[y.dim()];
            java.util.Arrays.fill(shape, 1);
            long[] sizes = Internals.layout(x).sizes();
            System.arraycopy(sizes, 0, shape, shape.length - sizes.length, sizes.length);
            points = x.view(shape);
        }
        long m = points.size(dim);
        Tensor widths = points.narrow(dim, 1, m - 1).sub(points.narrow(dim, 0, m - 1));
        return sums(y, dim, y.size(dim)).mul(widths);
    }

    private static Tensor sums(Tensor y, int dim, long n) {
        return y.narrow(dim, 0, n - 1).add(y.narrow(dim, 1, n - 1));
    }

    private static Tensor empty(Tensor y, int dim) {
        return y.sum(dim).zerosLike();
    }
}
