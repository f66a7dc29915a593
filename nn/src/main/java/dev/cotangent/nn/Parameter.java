package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.AutogradMeta;

/** Tensors that modules learn: leaves that require a gradient and say so when printed. PyTorch's {@code nn.Parameter}. */
public final class Parameter {
    private Parameter() {}

    /** Wraps a tensor's memory as a parameter; {@code nn.Parameter(data)}. */
    public static Tensor of(Tensor data) {
        return of(data, true);
    }

    /**
     * Wraps a tensor's memory as a parameter; {@code nn.Parameter(data, requires_grad)}.
     *
     * @param requiresGrad false for one that is not trained, which alone may be of integers
     */
    public static Tensor of(Tensor data, boolean requiresGrad) {
        Tensor parameter = data.detach().requiresGrad_(requiresGrad);
        Internals.metaOrNew(parameter).setParameter();
        return parameter;
    }

    /** Returns whether a tensor is a parameter; {@code isinstance(tensor, nn.Parameter)}. */
    public static boolean is(Tensor tensor) {
        AutogradMeta meta = Internals.meta(tensor);
        return meta != null && meta.isParameter();
    }
}
