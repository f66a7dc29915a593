package dev.cotangent.op;

import dev.cotangent.Tensor;
import dev.cotangent.autograd.Grad;
import dev.cotangent.backend.Scatter;

/** Gathering and scattering by index tensors. */
public final class IndexOps {
    private IndexOps() {}

    /** {@code torch.gather}. */
    public static Tensor gather(Tensor x, long dim, Tensor index) {
        int d = Broadcast.dim(dim, x.dim());
        Tensor out = Factories.zeros(x.dtype(), x.device(), index.layout().sizes());
        x.backend().gather(x.strided(), d, index.strided(), out.strided());
        long[] sizes = x.layout().sizes();
        return Grad.of("GatherBackward0", out)
                .input(
                        x,
                        index,
                        (g, i) -> Factories.zeros(g.dtype(), g.device(), sizes).scatterAdd(d, i, g))
                .none(index)
                .done();
    }

    /** {@code torch.scatter_add}. */
    public static Tensor scatterAdd(Tensor x, long dim, Tensor index, Tensor source) {
        int d = Broadcast.dim(dim, x.dim());
        Tensor out = x.detach().clone();
        long[] part = index.layout().sizes();
        Tensor from = source;
        for (int k = 0; k < part.length; k++)
            if (from.size(k) != part[k]) from = ViewOps.slice(from, k, 0L, part[k], 1);
        out.backend().scatter(Scatter.ADD, out.strided(), d, index.strided(), from.strided());
        return Grad.of("ScatterAddBackward0", out)
                .input(x, g -> g)
                .none(index)
                .input(source, index, (g, i) -> g.gather(d, i))
                .done();
    }
}
