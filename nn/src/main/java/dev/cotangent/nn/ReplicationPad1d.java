package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Pads the last dimension with copies of the border; PyTorch's {@code nn.ReplicationPad1d}. */
public final class ReplicationPad1d extends Module {
    private final long[] padding;

    /** Creates one with one padding for all sides, or one for each: of the last dimension first, its beginning and end. */
    public ReplicationPad1d(long... padding) {
        this.padding = Sizes.sides(padding, 1, "ReplicationPad1d");
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.pad(padding, "replicate", 0);
    }

    @Override
    protected String extraRepr() {
        return Sizes.text(padding);
    }
}
