package dev.cotangent.internal.ops.reduction;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.GradMode;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.elementwise.ArithmeticOps;
import dev.cotangent.internal.ops.elementwise.ElementwiseOp;
import dev.cotangent.internal.ops.elementwise.MapReduction;
import dev.cotangent.internal.ops.elementwise.OpRegistry;
import dev.cotangent.internal.ops.elementwise.TernaryOp;
import org.jspecify.annotations.Nullable;

/** Softmax and log-softmax. */
public final class SoftmaxOps {
    // Operands: gradient, result, and the sum along the dimension of their product, or of the gradient alone.
    private static final TernaryOp SOFTMAX_GRADIENT = OpRegistry.ternary(
                    "softmax_data",
                    ElementwiseOp.TypePromotion.PROMOTE,
                    (g, y, sum) -> g.sub(sum).mul(y))
            .done();

    private static final TernaryOp LOG_SOFTMAX_GRADIENT = OpRegistry.ternary(
                    "log_softmax_data",
                    ElementwiseOp.TypePromotion.PROMOTE,
                    (g, y, sum) -> g.sub(y.exp().mul(sum)))
            .done();

    private SoftmaxOps() {}

    /** Computes {@code torch.softmax}; saves the result for the gradient. */
    public static Tensor softmax(Tensor input, int dim, @Nullable Dtype dtype) {
        Tensor x = dtype == null ? input : input.to(dtype);
        int d = Broadcast.dim(dim, x.dim());
        Tensor out = run(x, d, false);
        return GradientRule.of("SoftmaxBackward0", out)
                .input(
                        x,
                        out,
                        (g, y) -> isWhole(g, y)
                                ? backward(g, y, d, false)
                                : SOFTMAX_GRADIENT.call(g, y, ArithmeticOps.MUL.mapReduce(MapReduction.sum(d), g, y)))
                .done();
    }

    /** Computes {@code torch.log_softmax}; saves the result for the gradient. */
    public static Tensor logSoftmax(Tensor input, int dim, @Nullable Dtype dtype) {
        Tensor x = dtype == null ? input : input.to(dtype);
        int d = Broadcast.dim(dim, x.dim());
        Tensor out = run(x, d, true);
        return GradientRule.of("LogSoftmaxBackward0", out)
                .input(
                        x,
                        out,
                        (g, y) -> isWhole(g, y)
                                ? backward(g, y, d, true)
                                : LOG_SOFTMAX_GRADIENT.call(g, y, g.sum(new int[] {d}, true)))
                .done();
    }

    private static Tensor run(Tensor x, int dim, boolean log) {
        if (!x.dtype().isFloatingPoint()) {
            String where = x.dim() > 0 && dim == x.dim() - 1 ? "softmax_lastdim_kernel_impl" : "softmax_kernel_impl";
            throw Promotion.notImplemented((log ? "log_" : "") + where, x.dtype());
        }
        Tensor out = CreationOps.uninitializedLike(x);
        Internals.backend(x).softmax(line(x), line(out), dim, log);
        return out;
    }

    /** Returns whether the backend may compute the gradient fused: it does if the gradient is not recorded itself. */
    private static boolean isWhole(Tensor g, Tensor y) {
        return !GradMode.isEnabled() && g.dtype() == y.dtype();
    }

    private static Tensor backward(Tensor g, Tensor y, int dim, boolean log) {
        Tensor out = CreationOps.uninitializedLike(y);
        Internals.backend(y).softmaxBackward(line(g), line(y), line(out), dim, log);
        return out;
    }

    /** Returns the elements, a 0-dimensional tensor as one of size 1. */
    private static Strided line(Tensor x) {
        Strided s = Internals.strided(x);
        return x.dim() == 0 ? s.with(s.layout().unsqueeze(0)) : s;
    }
}
