package dev.cotangent;

import dev.cotangent.backend.Reduction;
import dev.cotangent.op.ReductionOps;

/** Operations that join elements: over all dimensions, or over some of them. */
public sealed interface Reductions permits Tensor {
    /** The sum of all elements, integers and bool as int64; {@code torch.sum}. */
    default Tensor sum() {
        return ReductionOps.sum((Tensor) this, null);
    }

    /** The sum over dimensions; {@code torch.sum}. */
    default Tensor sum(long... dims) {
        return ReductionOps.sum((Tensor) this, dims, false, null);
    }

    /** The sum over dimensions, which stay with size 1 where {@code keepDim}; {@code torch.sum}. */
    default Tensor sum(long[] dims, boolean keepDim) {
        return ReductionOps.sum((Tensor) this, dims, keepDim, null);
    }

    /** Summed over what broadcasting that shape to this one's made; {@code torch.Tensor.sum_to_size}. */
    default Tensor sumToSize(long... sizes) {
        return ReductionOps.sumToSize((Tensor) this, sizes);
    }

    /** Whether any element is not zero; {@code torch.any}. */
    default Tensor any() {
        return ReductionOps.truth(Reduction.ANY, (Tensor) this, null, false);
    }
}
