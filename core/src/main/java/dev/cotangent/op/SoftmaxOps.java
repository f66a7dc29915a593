package dev.cotangent.op;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Grad;
import dev.cotangent.backend.Strided;
import org.jspecify.annotations.Nullable;

/** Softmax and its logarithm. */
public final class SoftmaxOps {
    // Operands: gradient, result, and the sum along the dimension of their product, or of the gradient.
    private static final Elementwise SOFTMAX_GRADIENT = Elementwise.row(
                    "softmax_data",
                    Elementwise.Typing.PROMOTE,
                    3,
                    0,
                    (x, p) -> x[0].sub(x[2]).mul(x[1]))
            .done();

    private static final Elementwise LOG_SOFTMAX_GRADIENT = Elementwise.row(
                    "log_softmax_data",
                    Elementwise.Typing.PROMOTE,
                    3,
                    0,
                    (x, p) -> x[0].sub(x[1].exp().mul(x[2])))
            .done();

    private SoftmaxOps() {}

    /** {@code torch.softmax}: the result is kept for the gradient. */
    public static Tensor softmax(Tensor input, long dim, @Nullable Dtype dtype) {
        Tensor x = dtype == null ? input : input.to(dtype);
        int d = Broadcast.dim(dim, x.dim());
        Tensor out = run(x, d, false);
        return Grad.of("SoftmaxBackward0", out)
                .input(x, out, (g, y) -> SOFTMAX_GRADIENT.call(g, y, ArithmeticOps.MUL.sum(new long[] {d}, g, y)))
                .done();
    }

    /** {@code torch.log_softmax}: the result is kept for the gradient. */
    public static Tensor logSoftmax(Tensor input, long dim, @Nullable Dtype dtype) {
        Tensor x = dtype == null ? input : input.to(dtype);
        int d = Broadcast.dim(dim, x.dim());
        Tensor out = run(x, d, true);
        return Grad.of("LogSoftmaxBackward0", out)
                .input(x, out, (g, y) -> LOG_SOFTMAX_GRADIENT.call(g, y, g.sum(new long[] {d}, true)))
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
