package dev.cotangent;

import dev.cotangent.op.ScanOps;
import org.jspecify.annotations.Nullable;

/** Running results along a dimension; of this shape. */
public sealed interface Scans permits Tensor {
    /** Running sums, integers and bool as int64; {@code torch.cumsum}. */
    default Tensor cumsum(long dim) {
        return ScanOps.cumsum((Tensor) this, dim, null);
    }

    /** Running sums of the elements converted to a type; {@code torch.cumsum}. */
    default Tensor cumsum(long dim, @Nullable Dtype dtype) {
        return ScanOps.cumsum((Tensor) this, dim, dtype);
    }

    /** {@link #cumsum(long)} in place, in this tensor's type; {@code torch.Tensor.cumsum_}. */
    default Tensor cumsum_(long dim) {
        return ScanOps.cumsumInPlace((Tensor) this, dim, null);
    }

    /** {@link #cumsum_(long)}; a type other than this tensor's is an error. {@code torch.Tensor.cumsum_}. */
    default Tensor cumsum_(long dim, @Nullable Dtype dtype) {
        return ScanOps.cumsumInPlace((Tensor) this, dim, dtype);
    }
}
