package dev.cotangent.internal.ops.linalg;

import dev.cotangent.CotangentException;
import dev.cotangent.DistanceMode;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.movement.ConcatenationOps;
import java.util.Arrays;
import java.util.List;

/** Distances of all pairs of points, the last dimension holding the coordinates of one. */
public final class DistanceOps {
    /** From more points on Euclidean distances are computed by a product of matrices. */
    private static final long FEW = 25;

    private DistanceOps() {}

    /** Implements {@code torch.cdist}. */
    public static Tensor cdist(Tensor x1, Tensor x2, double p, DistanceMode mode) {
        checkFloats(x1, "X1");
        checkFloats(x2, "X2");
        if (x1.dim() < 2) throw rank("X1", x1);
        if (x2.dim() < 2) throw rank("X2", x2);
        if (x1.size(-1) != x2.size(-1)) {
            throw new CotangentException(
                    "X1 and X2 must have the same number of columns. X1: " + x1.size(-1) + " X2: " + x2.size(-1));
        }
        if (!(p >= 0)) throw new CotangentException("cdist only supports non-negative p values");
        Promotion.device("cdist", x1, x2);
        if (x1.dtype() != x2.dtype()) {
            throw new CotangentException("expected scalar type " + x1.dtype().scalarName() + " but found "
                    + x2.dtype().scalarName());
        }
        Broadcast.shape(batch(x1), batch(x2));
        boolean many = x1.size(-2) > FEW || x2.size(-2) > FEW;
        boolean byProduct = mode == DistanceMode.USE_MM_FOR_EUCLID_DIST
                || mode == DistanceMode.USE_MM_FOR_EUCLID_DIST_IF_NECESSARY && many;
        Tensor out = p == 2 && byProduct && x1.size(-1) > 0
                ? byProduct(x1.detach(), x2.detach())
                : distances(x1.detach(), x2.detach(), p);
        return GradientRule.of("CdistBackward0", out)
                .add(x1, (g, saved) -> backward(g[0], saved, p, false), x1, x2, out)
                .add(x2, (g, saved) -> backward(g[0], saved, p, true), x1, x2, out)
                .done();
    }

    private static void checkFloats(Tensor x, String name) {
        if (x.dtype().isFloatingPoint()) return;
        throw new CotangentException("cdist only supports floating-point dtypes, " + name + " got: "
                + x.dtype().scalarName());
    }

    private static CotangentException rank(String name, Tensor x) {
        return new CotangentException("cdist only supports at least 2D tensors, " + name + " got: " + x.dim() + "D");
    }

    private static long[] batch(Tensor x) {
        return Arrays.copyOf(Internals.layout(x).sizes(), x.dim() - 2);
    }

    /** Computes |a|^2 - 2 a b + |b|^2 as one product of matrices. */
    private static Tensor byProduct(Tensor x1, Tensor x2) {
        Dtype compute = x1.dtype().computeType();
        Tensor a = x1.to(compute);
        Tensor b = x2.to(compute);
        Tensor squareA = a.square().sum(-1, true);
        Tensor squareB = b.square().sum(-1, true);
        Tensor left = ConcatenationOps.cat(List.of(a.mul(-2), squareA, squareA.onesLike()), -1);
        Tensor right = ConcatenationOps.cat(List.of(b, squareB.onesLike(), squareB), -1);
        return left.matmul(right.mT()).clampMin(0).sqrt().to(x1.dtype());
    }

    /** Reduces the differences without storing them. */
    private static Tensor distances(Tensor x1, Tensor x2, double p) {
        Dtype compute = x1.dtype().computeType();
        Tensor d =
                x1.to(compute).unsqueeze(-2).sub(x2.to(compute).unsqueeze(-3)).abs();
        return norm(d, p).to(x1.dtype());
    }

    private static Tensor norm(Tensor d, double p) {
        if (d.size(-1) == 0) return d.sum(-1);
        if (p == 0) return d.ne(0).to(d.dtype()).sum(-1);
        if (p == 1) return d.sum(-1);
        if (p == 2) return d.square().sum(-1).sqrt();
        if (Double.isInfinite(p)) return d.amax(-1);
        return d.pow(p).sum(-1).pow(1 / p);
    }

    /**
     * Computes the gradient of one operand: the derivatives of its distances, summed over the other operand's points.
     */
    private static Tensor backward(Tensor g, Tensor[] saved, double p, boolean second) {
        Tensor d = saved[0].unsqueeze(-2).sub(saved[1].unsqueeze(-3));
        Tensor slope = slope(d, g.unsqueeze(-1), saved[2].unsqueeze(-1), p);
        Tensor own = saved[second ? 1 : 0];
        Tensor sum = slope.sum(second ? -3 : -2);
        return (second ? sum.neg() : sum).sumToSize(Internals.layout(own).sizes());
    }

    private static Tensor slope(Tensor d, Tensor g, Tensor distance, double p) {
        if (p == 0) return d.mul(0).mul(g);
        if (p == 1) return d.sign().mul(g);
        Tensor zero = distance.eq(0);
        if (p == 2) return d.mul(g).div(distance).maskedFill(zero, 0);
        if (Double.isInfinite(p))
            return d.sign().mul(g).mul(d.abs().eq(distance).to(d.dtype()));
        Tensor power = d.abs().pow(p - 1).mul(d.sign());
        if (p < 1) zero = zero.logicalOr(d.eq(0));
        return power.mul(g).div(distance.pow(p - 1)).maskedFill(zero, 0);
    }

    /** Implements {@code torch.nn.functional.pdist}. */
    public static Tensor pdist(Tensor x, double p) {
        if (x.dim() != 2) throw new CotangentException("pdist only supports 2D tensors, got: " + x.dim() + "D");
        if (!x.dtype().isFloatingPoint()) throw new CotangentException("pdist only supports floating-point dtypes");
        if (!(p >= 0)) throw new CotangentException("pdist only supports non-negative p values");
        long n = x.size(0);
        Tensor all = distances(x.detach(), x.detach(), p);
        Tensor place = CreationOps.triangle(true, n, n, 1, Dtype.INT64, x.device());
        Tensor pairs = place.select(0, 0).mul(n).add(place.select(0, 1));
        Tensor out = Internals.wrap(Internals.strided(all.reshape(-1).indexSelect(0, pairs)));
        return GradientRule.of("PdistBackward0", out)
                .add(
                        x,
                        (g, saved) -> {
                            Tensor square = g[0].newZeros(n * n)
                                    .indexAdd(0, saved[2], g[0])
                                    .view(n, n);
                            Tensor[] both = {saved[0], saved[0], saved[1]};
                            return backward(square, both, p, false).add(backward(square, both, p, true));
                        },
                        x,
                        all,
                        pairs)
                .done();
    }
}
