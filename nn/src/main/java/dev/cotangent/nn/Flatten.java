package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Flattens dimensions into one, all but the first by default; PyTorch's {@code nn.Flatten}. */
public final class Flatten extends Module {
    private final int startDim;
    private final int endDim;

    /** Creates one that leaves the first dimension as it is. */
    public Flatten() {
        this(1, -1);
    }

    /** Creates one of the dimensions from one to another, both included. */
    public Flatten(int startDim, int endDim) {
        this.startDim = startDim;
        this.endDim = endDim;
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.flatten(startDim, endDim);
    }

    @Override
    protected String extraRepr() {
        return "start_dim=" + startDim + ", end_dim=" + endDim;
    }
}
