package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Computes {@link Tensor#logSoftmax} along a dimension; PyTorch's {@code nn.LogSoftmax}. */
public final class LogSoftmax extends Module {
    private final int dim;

    /** Creates one along a dimension; negative counts from the end. */
    public LogSoftmax(int dim) {
        this.dim = dim;
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.logSoftmax(dim);
    }

    @Override
    protected String extraRepr() {
        return "dim=" + dim;
    }
}
