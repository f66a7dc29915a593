package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** {@link Tensor#gelu()}, exact; PyTorch's {@code nn.GELU}. */
public final class GELU extends Module {
    @Override
    public Tensor forward(Tensor input) {
        return input.gelu();
    }

    @Override
    protected String extraRepr() {
        return "approximate='none'";
    }
}
