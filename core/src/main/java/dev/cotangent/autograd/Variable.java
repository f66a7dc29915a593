package dev.cotangent.autograd;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;

/** PyTorch's old {@code torch.autograd.Variable}: a tensor, marked or not; there is no other kind of tensor. */
public final class Variable {
    private Variable() {}

    /** An empty tensor of float32; {@code Variable()}. */
    public static Tensor of() {
        return Tensors.zeros(0);
    }

    /** The tensor's memory as a leaf; {@code Variable(tensor)}. */
    public static Tensor of(Tensor tensor) {
        return of(tensor, false);
    }

    /** The tensor's memory as a leaf that requires a gradient or not; {@code Variable(tensor, requires_grad=...)}. */
    public static Tensor of(Tensor tensor, boolean requiresGrad) {
        if (requiresGrad && !tensor.dtype().isFloatingPoint()) {
            throw new CotangentException("Only Tensors of floating point and complex dtype can require gradients");
        }
        return tensor.data().requiresGrad_(requiresGrad);
    }
}
