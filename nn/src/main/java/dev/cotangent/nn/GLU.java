package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Computes {@link Tensor#glu()} along a dimension; PyTorch's {@code nn.GLU}. */
public final class GLU extends Module {
    private final int dim;

    /** Creates one along the last dimension. */
    public GLU() {
        this(-1);
    }

    /** Creates one along a dimension; negative counts from the end. */
    public GLU(int dim) {
        this.dim = dim;
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.glu(dim);
    }

    @Override
    protected String extraRepr() {
        return "dim=" + dim;
    }
}
