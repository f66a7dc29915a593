package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Returns its input; PyTorch's {@code nn.Identity}. */
public final class Identity extends Module {
    /** Creates the module, which has no parameters. */
    public Identity() {}

    @Override
    public Tensor forward(Tensor input) {
        return input;
    }
}
