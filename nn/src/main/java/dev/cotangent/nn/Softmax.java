package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Computes {@link Tensor#softmax} along a dimension; PyTorch's {@code nn.Softmax}. */
public final class Softmax extends Module {
    private final int dim;

    /** Creates one along a dimension; negative counts from the end. */
    public Softmax(int dim) {
        this.dim = dim;
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.softmax(dim);
    }

    @Override
    protected String extraRepr() {
        return "dim=" + dim;
    }
}
