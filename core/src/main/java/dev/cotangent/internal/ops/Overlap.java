package dev.cotangent.internal.ops;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Internals;
import java.util.Arrays;

/** What happens when an operand shares memory with what is written. */
public final class Overlap {
    private Overlap() {}

    /** PyTorch's error where an operand and what is written are gapless ranges of one storage that overlap in part. */
    public static void check(Tensor self, Tensor operand) {
        check(self, operand, true);
    }

    /** As {@link #check}, where what is written elsewhere must not be read either: the same range is an error as well. */
    public static void checkApart(Tensor self, Tensor... operands) {
        for (Tensor x : operands) check(self, x, false);
    }

    private static void check(Tensor self, Tensor x, boolean maySame) {
        Layout w = Internals.layout(self);
        Layout r = Internals.layout(x);
        if (x == self && maySame || Internals.storage(x) != Internals.storage(self) || r.numel() == 0 || w.numel() == 0)
            return;
        if (x != self && !(r.isNonOverlappingAndDense() && w.isNonOverlappingAndDense())) return;
        boolean apart = r.offset() + r.numel() <= w.offset() || w.offset() + w.numel() <= r.offset();
        boolean same = r.offset() == w.offset() && r.numel() == w.numel() && Arrays.equals(r.strides(), w.strides());
        if (!apart && !(same && maySame)) {
            throw new CotangentException("unsupported operation: some elements of the input tensor and the"
                    + " written-to tensor refer to a single memory location. Please clone() the tensor before"
                    + " performing the operation.");
        }
    }

    /**
     * An operand of an in-place write, such that each element is read before it is written: itself where it is exactly
     * what is written or shares nothing, else a copy.
     *
     * @param in the operand, expanded to the shape of {@code self}
     * @param x the operand as it was given
     * @param self what is written
     */
    public static Strided apart(Strided in, Tensor x, Tensor self) {
        Layout w = Internals.layout(self);
        Layout r = Internals.layout(x);
        if (in.storage() != Internals.storage(self) || in.layout().equals(w)) return in;
        if (r.numel() == 0 || r.offset() >= w.storageSpan() || w.offset() >= r.storageSpan()) return in;
        Strided copy = Internals.strided(x.detach().contiguousCopy());
        return copy.with(copy.layout().expand(w.sizes()));
    }
}
