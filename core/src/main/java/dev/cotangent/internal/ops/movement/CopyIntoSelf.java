package dev.cotangent.internal.ops.movement;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Promotion;
import java.util.Arrays;

/** In-place forms of operations that need all of their operands to compute any of the result. */
public final class CopyIntoSelf {
    private CopyIntoSelf() {}

    /** A result copied into the tensor it replaces; PyTorch's errors where the shape or the type does not fit. */
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

    /** As {@link #into}, but a tensor of another shape takes the result's, which only one without gradient can. */
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
