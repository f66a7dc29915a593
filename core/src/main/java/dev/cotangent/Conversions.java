package dev.cotangent;

import dev.cotangent.autograd.GradMode;
import dev.cotangent.op.CopyOps;
import dev.cotangent.op.Factories;
import dev.cotangent.op.HostOps;
import dev.cotangent.op.Promotion;

/** Other dtypes, other devices, Java values, and copies in place. */
public sealed interface Conversions permits Tensor {
    /** On a device and of a dtype; itself where that changes nothing. {@code torch.Tensor.to}. */
    default Tensor to(Device device, Dtype dtype) {
        return CopyOps.to((Tensor) this, device, dtype);
    }

    /** On a device; its backward copies the gradient back. {@code torch.Tensor.to}. */
    default Tensor to(Device device) {
        return CopyOps.to((Tensor) this, device, ((Tensor) this).dtype());
    }

    /** Of a dtype. {@code torch.Tensor.to}. */
    default Tensor to(Dtype dtype) {
        return CopyOps.to((Tensor) this, ((Tensor) this).device(), dtype);
    }

    /** In the memory of the first CUDA device. {@code torch.Tensor.cuda}. */
    default Tensor cuda() {
        return to(Device.cuda());
    }

    /** In the memory of a CUDA device. {@code torch.Tensor.cuda}. */
    default Tensor cuda(int index) {
        return to(Device.cuda(index));
    }

    /** In the CPU's memory. {@code torch.Tensor.cpu}. */
    default Tensor cpu() {
        return to(Device.cpu());
    }

    /** Elements of another tensor, broadcast and converted, written here. {@code torch.Tensor.copy_}. */
    default Tensor copy_(Tensor source) {
        return CopyOps.copyInPlace((Tensor) this, source);
    }

    /** All elements set to 0. {@code torch.Tensor.zero_}. */
    default Tensor zero_() {
        return HostOps.fill((Tensor) this, 0, "ZeroBackward0");
    }

    /** All elements set to a number. {@code torch.Tensor.fill_}. */
    default Tensor fill_(Number value) {
        return HostOps.fill((Tensor) this, value, "FillBackward1");
    }

    /** Zeros of this shape, dtype and device. {@code torch.zeros_like}. */
    default Tensor zerosLike() {
        return Factories.emptyLike((Tensor) this);
    }

    /** Ones of this shape, dtype and device. {@code torch.ones_like}. */
    default Tensor onesLike() {
        return Factories.onesLike((Tensor) this);
    }

    /** The only element as a double; a ValueException where there is not exactly one. {@code torch.Tensor.item}. */
    default double item() {
        return Double.longBitsToDouble(HostOps.item((Tensor) this, Dtype.FLOAT64));
    }

    /** The only element as a long. {@code torch.Tensor.item}. */
    default long itemLong() {
        return HostOps.item((Tensor) this, Dtype.INT64);
    }

    /** Whether the only element is not zero. Python's {@code bool(tensor)}. */
    default boolean itemBoolean() {
        Tensor t = (Tensor) this;
        if (t.numel() != 1) {
            throw new CotangentException("Boolean value of Tensor with "
                    + (t.numel() == 0 ? "no values" : "more than one value") + " is ambiguous");
        }
        return HostOps.item(t, Dtype.BOOL) != 0;
    }

    /** The elements, row-major, as a new array. */
    default double[] toDoubleArray() {
        return HostOps.doubles((Tensor) this);
    }

    /** The elements, row-major, as a new array. */
    default float[] toFloatArray() {
        return HostOps.floats((Tensor) this);
    }

    /** The elements, row-major, as a new array; floating point without its fraction. */
    default long[] toLongArray() {
        return HostOps.longs((Tensor) this);
    }

    /**
     * The elements as an array without history, sharing memory where the CPU's backend keeps that in Java arrays. {@code
     * torch.Tensor.numpy}.
     */
    default NdArray numpy() {
        Tensor t = (Tensor) this;
        if (!t.device().isCpu()) {
            throw new TypeException("can't convert " + t.device()
                    + " device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory first.");
        }
        if (GradMode.isEnabled() && t.requiresGrad()) {
            throw new CotangentException(
                    "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.");
        }
        return NdArray.sharing(t.strided());
    }

    /**
     * A leaf of its own with copies of the elements and of the gradient; only of a leaf. {@code copy.deepcopy}.
     */
    default Tensor deepCopy() {
        Tensor t = (Tensor) this;
        if (!t.isLeaf()) {
            throw new CotangentException(
                    "Only Tensors created explicitly by the user (graph leaves) support the deepcopy"
                            + " protocol at the moment");
        }
        Tensor copy = t.detach().clone().requiresGrad_(t.requiresGrad());
        Tensor grad = t.grad();
        if (grad != null) copy.setGrad(grad.deepCopy());
        return copy;
    }

    /** The common dtype of this and another operand; {@code torch.result_type}. */
    default Dtype resultType(Tensor other) {
        return Promotion.resultType(this, other);
    }
}
