package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Computes {@link Tensor#mish()}, in place if asked for; PyTorch's {@code nn.Mish}. */
public final class Mish extends Module {
    private final boolean inplace;

    /** Creates one that makes a new tensor. */
    public Mish() {
        this(false);
    }

    /** Creates one that writes into its input if {@code inplace}. */
    public Mish(boolean inplace) {
        this.inplace = inplace;
    }

    @Override
    public Tensor forward(Tensor input) {
        return inplace ? input.mish_() : input.mish();
    }

    @Override
    protected String extraRepr() {
        return inplace ? "inplace=True" : "";
    }
}
