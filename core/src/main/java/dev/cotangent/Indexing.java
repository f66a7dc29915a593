package dev.cotangent;

import dev.cotangent.op.IndexOps;

/** Operations that pick elements and write them. */
public sealed interface Indexing permits Tensor {
    /** {@code self[index[i]] += source[i]} along a dimension, out of place; {@code torch.scatter_add}. */
    default Tensor scatterAdd(long dim, Tensor index, Tensor source) {
        return IndexOps.scatterAdd((Tensor) this, dim, index, source);
    }

    /** The elements at an index along a dimension; {@code torch.gather}. */
    default Tensor gather(long dim, Tensor index) {
        return IndexOps.gather((Tensor) this, dim, index);
    }
}
