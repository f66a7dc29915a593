package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Computes {@link Tensor#relu6()}, in place if asked for; PyTorch's {@code nn.ReLU6}. */
public final class ReLU6 extends Module {
    private final boolean inplace;

    /** Creates one that makes a new tensor. */
    public ReLU6() {
        this(false);
    }

    /** Creates one that writes into its input if {@code inplace}. */
    public ReLU6(boolean inplace) {
        this.inplace = inplace;
    }

    @Override
    public Tensor forward(Tensor input) {
        return inplace ? input.relu6_() : input.relu6();
    }

    @Override
    protected String extraRepr() {
        return inplace ? "inplace=True" : "";
    }
}
