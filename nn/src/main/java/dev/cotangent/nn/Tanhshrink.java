package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Computes {@link Tensor#tanhshrink()}; PyTorch's {@code nn.Tanhshrink}. */
public final class Tanhshrink extends Module {
    /** Creates the module, which has no parameters. */
    public Tanhshrink() {}

    @Override
    public Tensor forward(Tensor input) {
        return input.tanhshrink();
    }
}
