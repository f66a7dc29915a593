package dev.cotangent.internal.ops.reduction;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.GradMode;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Scan;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Axes;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.elementwise.PrologueReduction;
import dev.cotangent.internal.ops.movement.ConcatenationOps;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Products and cumulative products. Gradients divide by the elements, with other formulas where one is zero. */
public final class ProdOps {
    private ProdOps() {}

    /** Computes {@code torch.prod} over all dimensions. */
    public static Tensor prod(Tensor x, @Nullable Dtype dtype) {
        Tensor out = product(x, Axes.all(x), dtype);
        return GradientRule.of("ProdBackward0", out)
                .input(x, x, out, ProdOps::wholeBackward)
                .done();
    }

    /** Computes {@code torch.prod} along a dimension. */
    public static Tensor prod(Tensor x, int dim, boolean keepdim, @Nullable Dtype dtype) {
        Axes axes = Axes.one(x, dim, keepdim);
        int d = Broadcast.dim(dim, x.dim());
        Tensor out = product(x, axes, dtype);
        return GradientRule.of("ProdBackward1", out)
                .input(x, x, out, (g, self, y) -> backward(axes.restore(g), self, axes.restore(y), d))
                .done();
    }

    private static Tensor product(Tensor x, Axes axes, @Nullable Dtype dtype) {
        Dtype type = dtype == null ? x.dtype().sumType() : dtype;
        if (type.isComplex()) return complexProduct(x.detach().to(type), axes);
        if (x.dtype().isComplex()) x = x.detach().to(type);
        return PrologueReduction.IDENTITY.reduce(Reduction.PROD, axes, type, type, x);
    }

    /** Multiplies the halves of the reduced elements with each other until one is left. */
    private static Tensor complexProduct(Tensor x, Axes axes) {
        int[] dims = axes.dims();
        int[] order = new int[x.dim()];
        int n = 0;
        long[] sizes = new long[x.dim() - dims.length + 1];
        for (int d = 0; d < x.dim(); d++) {
            int at = d;
            if (Arrays.stream(dims).anyMatch(r -> r == at)) continue;
            sizes[n] = x.size(d);
            order[n++] = d;
        }
        System.arraycopy(dims, 0, order, n, dims.length);
        long count = axes.count();
        sizes[n] = count;
        Tensor y = x.permute(order).reshape(sizes);
        if (count == 0) return CreationOps.ones(x.dtype(), x.device(), axes.result());
        for (long half = count / 2; half > 0; half = count / 2) {
            Tensor product = y.narrow(-1, 0, half).mul(y.narrow(-1, half, half));
            y = count % 2 == 0 ? product : ConcatenationOps.cat(List.of(product, y.narrow(-1, count - 1, 1)), -1);
            count = y.size(-1);
        }
        return Internals.wrap(Internals.data(y.reshape(axes.result()).clone()));
    }

    private static Tensor wholeBackward(Tensor g, Tensor self, Tensor y) {
        if (self.dim() == 0) return g;
        if (self.detach().all().itemBoolean()) return g.mul(y.div(self).conj());
        return withoutEach(g, self.reshape(-1), 0)
                .reshape(Internals.layout(self).sizes());
    }

    private static Tensor backward(Tensor g, Tensor self, Tensor y, int dim) {
        if (self.dim() == 0) return g;
        if (self.detach().all().itemBoolean()) return g.mul(y.div(self).conj());
        return withoutEach(g, self, dim);
    }

    /**
     * Returns a gradient times, for each element, the product of all others: exclusive prefix times suffix products.
     */
    private static Tensor withoutEach(Tensor g, Tensor x, int dim) {
        long n = x.size(dim);
        if (x.numel() == 0) return x.zerosLike();
        if (n == 1) return g.expand(Internals.layout(x).sizes());
        Tensor ones = x.narrow(dim, 0, 1).detach().onesLike();
        Tensor before = ConcatenationOps.cat(List.of(ones, x.narrow(dim, 0, n - 1)), dim)
                .cumprod(dim);
        Tensor behind = x.narrow(dim, 1, n - 1).flip(dim);
        Tensor after =
                ConcatenationOps.cat(List.of(ones, behind), dim).cumprod(dim).flip(dim);
        return g.mul(before.mul(after).conj());
    }

    /** Computes {@code torch.cumprod}. */
    public static Tensor cumprod(Tensor x, int dim, @Nullable Dtype dtype) {
        int d = Broadcast.dim(dim, x.dim());
        Tensor out = ScanOps.scan(Scan.PROD, x, d, dtype == null ? x.dtype().sumType() : dtype);
        return GradientRule.of("CumprodBackward0", out)
                .input(x, x, out, (g, self, y) -> runningBackward(g, self.conj(), y.conj(), d))
                .done();
    }

    /** Computes {@code torch.Tensor.cumprod_}. */
    public static Tensor cumprodInPlace(Tensor x, int dim, @Nullable Dtype dtype) {
        int d = Broadcast.dim(dim, x.dim());
        ScanOps.checkType("cumprod_", x, dtype);
        GradientRule.checkInPlace(x);
        Tensor before = x.requiresGrad() ? x.clone() : x;
        ScanOps.write(x, ScanOps.scan(Scan.PROD, x, d, x.dtype()));
        return GradientRule.of("CumprodBackward0", x)
                .input(x, before, x, (g, self, y) -> runningBackward(g, self.conj(), y.conj(), d))
                .inPlace(x);
    }

    /**
     * Computes the gradient of cumulative products {@code y} of {@code x}: the reverse cumulative sum of {@code g * y},
     * divided by {@code x}. At the first zero, products without it replace {@code y}; after it, the gradient is these
     * products times the zero, which matters for double backward only.
     */
    private static Tensor runningBackward(Tensor g, Tensor x, Tensor y, int dim) {
        if (x.numel() <= 1 || x.size(dim) == 1) return g;
        Tensor zero = x.detach().eq(0);
        if (!zero.any().itemBoolean()) return ScanOps.reversed(g.mul(y), dim).div(x);
        Tensor seen = zero.cumsum(dim);
        Tensor first = zero.logicalAnd(seen.eq(1));
        Tensor notBefore = seen.ne(0);
        Tensor notFirst = first.logicalNot();
        Tensor others = x.maskedFill(first, 1);
        Tensor otherProducts = others.cumprod(dim);
        Tensor before = ScanOps.reversed(g.mul(y), dim).div(x.maskedFill(notBefore, 1));
        Tensor at = ScanOps.reversed(g.mul(otherProducts), dim);
        Tensor sum = before.maskedFill(notBefore, 0).add(at.maskedFill(notFirst, 0));
        if (!GradMode.isEnabled()) return sum;
        Tensor zeros = x.maskedFill(notFirst, 0).sum(new int[] {dim}, true);
        Tensor behind = notFirst.logicalAnd(notBefore).logicalNot();
        return sum.add(zeros.mul(runningBackward(g, others, otherProducts, dim)).maskedFill(behind, 0));
    }
}
