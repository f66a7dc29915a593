package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Computes {@link Tensor#tanh()}; PyTorch's {@code nn.Tanh}. */
public final class Tanh extends Module {
    /** Creates the module, which has no parameters. */
    public Tanh() {}

    @Override
    public Tensor forward(Tensor input) {
        return input.tanh();
    }
}
