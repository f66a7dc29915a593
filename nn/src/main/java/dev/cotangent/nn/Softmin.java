package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Computes {@link Tensor#softmin} along a dimension; PyTorch's {@code nn.Softmin}. */
public final class Softmin extends Module {
    private final int dim;

    /** Creates one along a dimension; negative counts from the end. */
    public Softmin(int dim) {
        this.dim = dim;
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.softmin(dim);
    }

    @Override
    protected String extraRepr() {
        return "dim=" + dim;
    }
}
