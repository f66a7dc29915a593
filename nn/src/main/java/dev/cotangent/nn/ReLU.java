package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Computes {@link Tensor#relu()}, in place if asked for; PyTorch's {@code nn.ReLU}. */
public final class ReLU extends Module {
    private final boolean inplace;

    /** Creates one that makes a new tensor. */
    public ReLU() {
        this(false);
    }

    /** Creates one that writes into its input if {@code inplace}. */
    public ReLU(boolean inplace) {
        this.inplace = inplace;
    }

    @Override
    public Tensor forward(Tensor input) {
        return inplace ? input.relu_() : input.relu();
    }

    @Override
    protected String extraRepr() {
        return inplace ? "inplace=True" : "";
    }
}
