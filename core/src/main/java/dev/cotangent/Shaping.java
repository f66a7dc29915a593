package dev.cotangent;

import dev.cotangent.op.CopyOps;
import dev.cotangent.op.ViewOps;

/** Operations on shape: views where strides can express the result, copies where not. */
public sealed interface Shaping permits Tensor {
    /** The same memory under another shape, one size may be -1; {@code torch.Tensor.view}. */
    default Tensor view(long... sizes) {
        return ViewOps.view((Tensor) this, sizes);
    }

    /** Another shape, a view where possible; {@code torch.reshape}. */
    default Tensor reshape(long... sizes) {
        return ViewOps.reshape((Tensor) this, sizes);
    }

    /** One index of a dimension, which goes away; {@code torch.select}. */
    default Tensor select(long dim, long index) {
        return ViewOps.select((Tensor) this, dim, index);
    }

    /** The dimensions in another order; {@code torch.permute}. */
    default Tensor permute(long... dims) {
        return ViewOps.permute((Tensor) this, dims);
    }

    /** Two dimensions swapped; {@code torch.transpose}. */
    default Tensor transpose(long a, long b) {
        return ViewOps.transpose((Tensor) this, a, b, "TransposeBackward0");
    }

    /** A matrix transposed; fewer dimensions as they are; {@code torch.t}. */
    default Tensor t() {
        return ViewOps.t((Tensor) this);
    }

    /** A new dimension of size 1; {@code torch.unsqueeze}. */
    default Tensor unsqueeze(long dim) {
        return ViewOps.unsqueeze((Tensor) this, dim);
    }

    /** Without a dimension, if its size is 1; {@code torch.squeeze}. */
    default Tensor squeeze(long dim) {
        return ViewOps.squeeze((Tensor) this, dim);
    }

    /** Without the dimensions of size 1; {@code torch.squeeze}. */
    default Tensor squeeze() {
        return ViewOps.squeeze((Tensor) this);
    }

    /** Broadcast to a shape without copying, -1 keeps a size; {@code torch.Tensor.expand}. */
    default Tensor expand(long... sizes) {
        return ViewOps.expand((Tensor) this, sizes);
    }

    /** Any strides over the storage; {@code torch.as_strided}. */
    default Tensor asStrided(long[] sizes, long[] strides, long offset) {
        return ViewOps.asStrided((Tensor) this, sizes, strides, offset);
    }

    /** Row-major: itself, or a copy; {@code torch.Tensor.contiguous}. */
    default Tensor contiguous() {
        Tensor t = (Tensor) this;
        return t.isContiguous() ? t : CopyOps.contiguousCopy(t);
    }

    /** A row-major copy, always with memory of its own. */
    default Tensor contiguousCopy() {
        return CopyOps.contiguousCopy((Tensor) this);
    }
}
