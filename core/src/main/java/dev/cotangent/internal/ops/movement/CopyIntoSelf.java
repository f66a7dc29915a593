package dev.cotangent.internal.ops.movement;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Promotion;
import java.util.Arrays;

/** In-place forms of operations that cannot write their result element by element. */
public final class CopyIntoSelf {
    private CopyIntoSelf() {}

    /** Copies a result into the tensor it replaces; throws PyTorch's errors if shape or type do not fit. */
    public static Tensor into(Tensor self, Tensor result) {
        if (!Arrays.equals(
                Internals.layout(self).sizes(), Internals.layout(result).sizes())) {
            throw new CotangentException("Bad in-place call: input tensor size "
                    + Arrays.toString(Internals.layout(self).sizes()) + " and output tensor size "
                    + Arrays.toString(Internals.layout(result).sizes()) + " should match");
        }
        Promotion.checkCast(result.dtype(), self.dtype());
        return CopyOps.copyInPlace(self, result);
    }

    /** Works as {@link #into}, but resizes a tensor of another shape, which must not require grad. */
    public static Tensor resized(Tensor self, Tensor result) {
        if (self.requiresGrad()
                || Arrays.equals(
                        Internals.layout(self).sizes(), Internals.layout(result).sizes())) {
            return into(self, result);
        }
        GradientRule.checkHistory(self, result);
        self.setData(result.detach().to(self.dtype()));
        Internals.version(self).bump();
        return self;
    }
}
