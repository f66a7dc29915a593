package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Computes {@link Tensor#tanhshrink()}; PyTorch's {@code nn.Tanhshrink}. */
public final class Tanhshrink extends Module {
    @Override
    public Tensor forward(Tensor input) {
        return input.tanhshrink();
    }
}
