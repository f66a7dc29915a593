package dev.cotangent.autograd;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;

/** PyTorch's legacy {@code torch.autograd.Variable}: functions that return ordinary tensors. */
public final class Variable {
    private Variable() {}

    /** Returns an empty float32 tensor; {@code Variable()}. */
    public static Tensor of() {
        return Tensors.zeros(0);
    }

    /** Returns a leaf that aliases a tensor's memory; {@code Variable(tensor)}. */
    public static Tensor of(Tensor tensor) {
        return of(tensor, false);
    }

    /** Returns a leaf that aliases a tensor's memory; {@code Variable(tensor, requires_grad=...)}. */
    public static Tensor of(Tensor tensor, boolean requiresGrad) {
        if (requiresGrad && !tensor.dtype().isDifferentiable()) {
            throw new CotangentException("Only Tensors of floating point and complex dtype can require gradients");
        }
        return tensor.data().requiresGrad_(requiresGrad);
    }
}
