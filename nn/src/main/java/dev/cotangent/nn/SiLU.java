package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Computes {@link Tensor#silu()}, in place if asked for; PyTorch's {@code nn.SiLU}. */
public final class SiLU extends Module {
    private final boolean inplace;

    /** Creates one that makes a new tensor. */
    public SiLU() {
        this(false);
    }

    /** Creates one that writes into its input if {@code inplace}. */
    public SiLU(boolean inplace) {
        this.inplace = inplace;
    }

    @Override
    public Tensor forward(Tensor input) {
        return inplace ? input.silu_() : input.silu();
    }

    @Override
    protected String extraRepr() {
        return inplace ? "inplace=True" : "";
    }
}
