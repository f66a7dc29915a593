package dev.cotangent.internal.ops;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Internals;
import java.util.Arrays;

/** Checks and resolves memory overlap between an operand and the output of a write. */
public final class Overlap {
    private Overlap() {}

    /** Throws PyTorch's error if operand and output are dense ranges of one storage that overlap partially. */
    public static void check(Tensor self, Tensor operand) {
        check(self, operand, true);
    }

    /** Returns a layout in units that are comparable with another tensor's: of real numbers if only one is complex. */
    private static Layout numbers(Tensor x, Tensor other) {
        boolean isComplex = Internals.form(x).isComplex();
        boolean pairs = isComplex && !Internals.form(other).isComplex();
        return pairs ? Internals.layout(x).pairs() : Internals.layout(x);
    }

    /** Works as {@link #check}, but throws for identical ranges as well. */
    public static void checkDisjoint(Tensor self, Tensor... operands) {
        for (Tensor x : operands) check(self, x, false);
    }

    private static void check(Tensor self, Tensor x, boolean maySame) {
        Layout w = numbers(self, x);
        Layout r = numbers(x, self);
        if (x == self && maySame || Internals.storage(x) != Internals.storage(self) || r.numel() == 0 || w.numel() == 0)
            return;
        if (x != self && !(r.isNonOverlappingAndDense() && w.isNonOverlappingAndDense())) return;
        boolean disjoint = r.offset() + r.numel() <= w.offset() || w.offset() + w.numel() <= r.offset();
        boolean same = r.offset() == w.offset() && r.numel() == w.numel() && Arrays.equals(r.strides(), w.strides());
        if (!disjoint && !(same && maySame)) {
            throw new CotangentException("unsupported operation: some elements of the input tensor and the"
                    + " written-to tensor refer to a single memory location. Please clone() the tensor before"
                    + " performing the operation.");
        }
    }

    /**
     * Returns an operand of an in-place write that is safe to read: a copy if it overlaps the output other than
     * exactly.
     *
     * @param in the operand, expanded to the shape of {@code self}
     * @param x the original operand
     * @param self the output
     */
    public static Strided withoutOverlap(Strided in, Tensor x, Tensor self) {
        Layout w = Internals.layout(self);
        Layout r = Internals.layout(x);
        boolean sameForm = Internals.form(x).isComplex() == Internals.form(self).isComplex();
        if (in.storage() != Internals.storage(self) || sameForm && in.layout().equals(w)) return in;
        boolean apart = sameForm && (r.offset() >= w.storageSpan() || w.offset() >= r.storageSpan());
        if (r.numel() == 0 || apart) return in;
        Strided copy = Internals.data(x.detach().contiguousCopy());
        return copy.with(copy.layout().expand(w.sizes()));
    }
}
