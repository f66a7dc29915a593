package dev.cotangent.op;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Grad;
import java.util.Arrays;

/** In-place forms of operations that need all of their operands to compute any of the result. */
public final class Written {
    private Written() {}

    /** A result copied into the tensor it replaces; PyTorch's errors where the shape or the type does not fit. */
    public static Tensor into(Tensor self, Tensor result) {
        if (!Arrays.equals(self.layout().sizes(), result.layout().sizes())) {
            throw new CotangentException("Bad in-place call: input tensor size "
                    + Arrays.toString(self.layout().sizes()) + " and output tensor size "
                    + Arrays.toString(result.layout().sizes()) + " should match");
        }
        Promotion.checkCast(result.dtype(), self.dtype());
        return CopyOps.copyInPlace(self, result);
    }

    /** As {@link #into}, but a tensor of another shape takes the result's, which only one without gradient can. */
    public static Tensor resized(Tensor self, Tensor result) {
        if (self.requiresGrad()
                || Arrays.equals(self.layout().sizes(), result.layout().sizes())) {
            return into(self, result);
        }
        Grad.checkHistory(self, result);
        self.setData(result.detach().to(self.dtype()));
        self.version().bump();
        return self;
    }
}
