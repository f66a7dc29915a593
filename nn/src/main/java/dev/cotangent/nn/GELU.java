package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Computes {@link Tensor#gelu(String)}; PyTorch's {@code nn.GELU}. */
public final class GELU extends Module {
    private final String approximate;

    /** Creates an exact one. */
    public GELU() {
        this("none");
    }

    /** Creates an exact one by "none", or by "tanh" the approximation by that function. */
    public GELU(String approximate) {
        this.approximate = approximate;
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.gelu(approximate);
    }

    @Override
    protected String extraRepr() {
        return "approximate='" + approximate + "'";
    }
}
