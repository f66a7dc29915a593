package dev.cotangent.op;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Grad;
import dev.cotangent.backend.Strided;
import org.jspecify.annotations.Nullable;

/** Softmax and its logarithm. */
public final class SoftmaxOps {
    private SoftmaxOps() {}

    /** {@code torch.softmax}: the result is kept for the gradient. */
    public static Tensor softmax(Tensor input, long dim, @Nullable Dtype dtype) {
        Tensor x = dtype == null ? input : input.to(dtype);
        int d = Broadcast.dim(dim, x.dim());
        Tensor out = run(x, d, false);
        return Grad.of("SoftmaxBackward0", out)
                .input(x, out, (g, y) -> {
                    Tensor gy = g.mul(y);
                    return gy.sub(y.mul(gy.sum(new long[] {d}, true)));
                })
                .done();
    }

    /** {@code torch.log_softmax}: the result is kept for the gradient. */
    public static Tensor logSoftmax(Tensor input, long dim, @Nullable Dtype dtype) {
        Tensor x = dtype == null ? input : input.to(dtype);
        int d = Broadcast.dim(dim, x.dim());
        Tensor out = run(x, d, true);
        return Grad.of("LogSoftmaxBackward0", out)
                .input(x, out, (g, y) -> g.sub(y.exp().mul(g.sum(new long[] {d}, true))))
                .done();
    }

    private static Tensor run(Tensor x, int dim, boolean log) {
        if (!x.dtype().isFloatingPoint()) {
            String where = x.dim() > 0 && dim == x.dim() - 1 ? "softmax_lastdim_kernel_impl" : "softmax_kernel_impl";
            throw new CotangentException("\"" + (log ? "log_" : "") + where + "\" not implemented for '"
                    + x.dtype().scalarName() + "'");
        }
        Tensor out = Factories.emptyLike(x);
        Strided from = x.strided();
        Strided to = out.strided();
        if (x.dim() == 0) {
            from = from.with(from.layout().unsqueeze(0));
            to = to.with(to.layout().unsqueeze(0));
        }
        x.backend().softmax(from, to, dim, log);
        return out;
    }
}
