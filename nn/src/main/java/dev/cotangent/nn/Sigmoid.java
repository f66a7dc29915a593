package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Computes {@link Tensor#sigmoid()}; PyTorch's {@code nn.Sigmoid}. */
public final class Sigmoid extends Module {
    /** Creates the module, which has no parameters. */
    public Sigmoid() {}

    @Override
    public Tensor forward(Tensor input) {
        return input.sigmoid();
    }
}
