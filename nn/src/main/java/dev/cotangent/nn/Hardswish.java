package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Computes {@link Tensor#hardswish()}, in place if asked for; PyTorch's {@code nn.Hardswish}. */
public final class Hardswish extends Module {
    private final boolean inplace;

    /** Creates one that makes a new tensor. */
    public Hardswish() {
        this(false);
    }

    /** Creates one that writes into its input if {@code inplace}. */
    public Hardswish(boolean inplace) {
        this.inplace = inplace;
    }

    @Override
    public Tensor forward(Tensor input) {
        return inplace ? input.hardswish_() : input.hardswish();
    }

    @Override
    protected String extraRepr() {
        return inplace ? "inplace=True" : "";
    }
}
