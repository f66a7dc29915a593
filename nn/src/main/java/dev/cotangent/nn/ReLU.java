package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** {@link Tensor#relu}; PyTorch's {@code nn.ReLU}. */
public final class ReLU extends Module {
    @Override
    public Tensor forward(Tensor input) {
        return input.relu();
    }
}
