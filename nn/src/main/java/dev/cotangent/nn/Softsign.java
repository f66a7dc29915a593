package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Computes {@link Tensor#softsign()}; PyTorch's {@code nn.Softsign}. */
public final class Softsign extends Module {
    /** Creates the module, which has no parameters. */
    public Softsign() {}

    @Override
    public Tensor forward(Tensor input) {
        return input.softsign();
    }
}
