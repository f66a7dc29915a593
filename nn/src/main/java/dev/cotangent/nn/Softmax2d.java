package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.ValueException;

/** Computes the softmax over the channels of images, N x C x H x W or C x H x W; PyTorch's {@code nn.Softmax2d}. */
public final class Softmax2d extends Module {
    /** Creates the module, which has no parameters. */
    public Softmax2d() {}

    @Override
    public Tensor forward(Tensor input) {
        if (input.dim() != 3 && input.dim() != 4) {
            throw new ValueException("Softmax2d: expected input to be 3D or 4D, got " + input.dim() + "D instead");
        }
        return input.softmax(-3);
    }
}
