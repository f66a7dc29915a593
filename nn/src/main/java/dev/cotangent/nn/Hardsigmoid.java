package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Computes {@link Tensor#hardsigmoid()}, in place if asked for; PyTorch's {@code nn.Hardsigmoid}. */
public final class Hardsigmoid extends Module {
    private final boolean inplace;

    /** Creates one that makes a new tensor. */
    public Hardsigmoid() {
        this(false);
    }

    /** Creates one that writes into its input if {@code inplace}. */
    public Hardsigmoid(boolean inplace) {
        this.inplace = inplace;
    }

    @Override
    public Tensor forward(Tensor input) {
        return inplace ? input.hardsigmoid_() : input.hardsigmoid();
    }

    @Override
    protected String extraRepr() {
        return inplace ? "inplace=True" : "";
    }
}
