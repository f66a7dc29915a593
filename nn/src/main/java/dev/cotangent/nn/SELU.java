package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Computes {@link Tensor#selu()}, in place if asked for; PyTorch's {@code nn.SELU}. */
public final class SELU extends Module {
    private final boolean inplace;

    /** Creates one that makes a new tensor. */
    public SELU() {
        this(false);
    }

    /** Creates one that writes into its input if {@code inplace}. */
    public SELU(boolean inplace) {
        this.inplace = inplace;
    }

    @Override
    public Tensor forward(Tensor input) {
        return inplace ? input.selu_() : input.selu();
    }

    @Override
    protected String extraRepr() {
        return inplace ? "inplace=True" : "";
    }
}
