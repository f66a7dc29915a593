package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Divides a dimension into several; PyTorch's {@code nn.Unflatten}. */
public final class Unflatten extends Module {
    private final int dim;
    private final long[] unflattenedSize;

    /** Creates one of a dimension; one of the sizes may be -1. */
    public Unflatten(int dim, long... unflattenedSize) {
        this.dim = dim;
        this.unflattenedSize = unflattenedSize.clone();
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.unflatten(dim, unflattenedSize);
    }

    @Override
    protected String extraRepr() {
        return "dim=" + dim + ", unflattened_size=" + Sizes.text(unflattenedSize);
    }
}
