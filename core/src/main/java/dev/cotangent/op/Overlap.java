package dev.cotangent.op;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;

/** What happens when an operand shares memory with what is written. */
final class Overlap {
    private Overlap() {}

    /**
     * An operand of an in-place write, such that each element is read before it is written: itself where it is exactly
     * what is written or shares nothing, else a copy. PyTorch's error where two gapless ranges overlap in part.
     *
     * @param in the operand, expanded to the shape of {@code self}
     * @param x the operand as it was given
     * @param self what is written
     */
    static Strided apart(Strided in, Tensor x, Tensor self) {
        Layout w = self.layout();
        Layout r = x.layout();
        if (in.storage() != self.storage() || in.layout().equals(w)) return in;
        if (r.numel() == 0 || r.offset() >= w.extent() || w.offset() >= r.extent()) return in;
        if (r.isDense() && w.isDense()) {
            throw new CotangentException("unsupported operation: some elements of the input tensor and the written-to"
                    + " tensor refer to a single memory location. Please clone() the tensor before performing the"
                    + " operation.");
        }
        Strided copy = x.detach().contiguousCopy().strided();
        return copy.with(copy.layout().expand(w.sizes()));
    }
}
