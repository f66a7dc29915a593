package dev.cotangent.internal.ops.reduction;

import dev.cotangent.CotangentException;
import dev.cotangent.GradientOptions;
import dev.cotangent.Tensor;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.movement.ConcatenationOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Derivatives of sampled functions: three-point differences of second order inside, of first or second order at the
 * edges. Source: A. Quarteroni, R. Sacco, F. Saleri, "Numerical Mathematics" (2007), chapter 10.
 */
public final class FiniteDifferenceOps {
    private FiniteDifferenceOps() {}

    /** Implements {@code torch.gradient}. */
    public static List<Tensor> gradient(Tensor self, GradientOptions options) {
        int order = options.edgeOrder();
        if (order != 1 && order != 2) {
            throw new CotangentException("torch.gradient only supports edge_order=1 and edge_order=2.");
        }
        double[] spacing = options.spacing();
        List<Tensor> coordinates = options.coordinates();
        int[] dims = dims(self, options.dim(), Math.max(spacing.length, coordinates.size()));
        for (int d : dims) {
            if (self.size(d) < order + 1) {
                throw new CotangentException("torch.gradient expected each dimension size to be at least edge_order+1");
            }
        }
        for (Tensor c : coordinates) {
            if (c.dim() != 1) {
                throw new CotangentException(
                        "torch.gradient expected each element of spacing to have one dimension, but"
                                + " got an element with " + c.dim() + " dimensions!");
            }
        }
        List<Tensor> out = new ArrayList<>();
        for (int i = 0; i < dims.length; i++) {
            int d = dims[i];
            if (coordinates.isEmpty()) {
                double h = spacing.length == 0 ? options.distance() : spacing[i];
                out.add(uniform(self, d, h, order));
            } else {
                out.add(between(self, d, coordinates.get(i), order));
            }
        }
        return List.copyOf(out);
    }

    private static int[] dims(Tensor self, int[] named, int spacings) {
        boolean one = spacings == 0;
        if (named.length == 0) {
            if (!one && spacings != self.dim()) {
                throw new CotangentException("torch.gradient expected spacing to be unspecified, a scalar, or a list of"
                        + " length equal to 'self.dim() = " + self.dim() + "', since dim argument was not given, but"
                        + " got a list of length " + spacings);
            }
            int[] all = new int[self.dim()];
            for (int d = 0; d < all.length; d++) all[d] = d;
            return all;
        }
        if (!one && spacings != named.length) {
            throw new CotangentException(
                    "torch.gradient expected spacing to be unspecified, a scalar or it's spacing and"
                            + " dim arguments to have the same length, but got a spacing argument of length " + spacings
                            + " and a dim argument of length " + named.length + ".");
        }
        boolean[] seen = new boolean[Math.max(self.dim(), 1)];
        int[] dims = new int[named.length];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = Broadcast.dim(named[i], self.dim());
            if (seen[dims[i]]) {
                throw new CotangentException("dim " + dims[i] + " appears multiple times in the list of dims");
            }
            seen[dims[i]] = true;
        }
        return dims;
    }

    /** Samples at a distance from each other. */
    private static Tensor uniform(Tensor x, int d, double h, int order) {
        long n = x.size(d);
        Tensor inner = x.narrow(d, 2, n - 2).sub(x.narrow(d, 0, n - 2)).div(2 * h);
        Tensor first = order == 1
                ? x.narrow(d, 1, 1).sub(x.narrow(d, 0, 1)).div(h)
                : combined(x, d, 0, -1.5 / h, 2 / h, -0.5 / h);
        Tensor last = order == 1
                ? x.narrow(d, n - 1, 1).sub(x.narrow(d, n - 2, 1)).div(h)
                : combined(x, d, n - 3, 0.5 / h, -2 / h, 1.5 / h);
        return ConcatenationOps.cat(List.of(first, inner, last), d);
    }

    private static Tensor combined(Tensor x, int d, long from, double a, double b, double c) {
        return x.narrow(d, from, 1)
                .mul(a)
                .add(x.narrow(d, from + 1, 1).mul(b))
                .add(x.narrow(d, from + 2, 1).mul(c));
    }

    /** Samples at coordinates. */
    private static Tensor between(Tensor x, int d, Tensor coordinates, int order) {
        long n = x.size(d);
        Tensor steps = coordinates.diff();
        long[] shape = new long[x.dim()];
        Arrays.fill(shape, 1);
        shape[d] = -1;
        Tensor h = steps.view(shape);
        @Nullable Tensor inner = null;
        if (n > 2) {
            Tensor p = h.narrow(d, 0, n - 2);
            Tensor q = h.narrow(d, 1, n - 2);
            Tensor both = p.add(q);
            Tensor a = q.neg().div(p.mul(both));
            Tensor b = q.sub(p).div(p.mul(q));
            Tensor c = p.div(q.mul(both));
            inner = weighted(x, d, 0, n - 2, a, b, c);
        }
        Tensor first;
        Tensor last;
        if (order == 1) {
            first = x.narrow(d, 1, 1).sub(x.narrow(d, 0, 1)).div(h.narrow(d, 0, 1));
            last = x.narrow(d, n - 1, 1).sub(x.narrow(d, n - 2, 1)).div(h.narrow(d, n - 2, 1));
        } else {
            first = edge(x, d, 0, h.narrow(d, 0, 1), h.narrow(d, 1, 1), true);
            last = edge(x, d, n - 3, h.narrow(d, n - 3, 1), h.narrow(d, n - 2, 1), false);
        }
        return ConcatenationOps.cat(inner == null ? List.of(first, last) : List.of(first, inner, last), d);
    }

    /** Computes the slope of the parabola through three samples at the first or the last of them. */
    private static Tensor edge(Tensor x, int d, long from, Tensor p, Tensor q, boolean atFirst) {
        Tensor both = p.add(q);
        Tensor a = atFirst ? p.add(both).neg().div(p.mul(both)) : q.div(p.mul(both));
        Tensor b = atFirst ? both.div(p.mul(q)) : both.neg().div(p.mul(q));
        Tensor c = atFirst ? p.neg().div(q.mul(both)) : q.add(both).div(q.mul(both));
        return weighted(x, d, from, 1, a, b, c);
    }

    private static Tensor weighted(Tensor x, int d, long from, long n, Tensor a, Tensor b, Tensor c) {
        return x.narrow(d, from, n)
                .mul(a)
                .add(x.narrow(d, from + 1, n).mul(b))
                .add(x.narrow(d, from + 2, n).mul(c));
    }
}
