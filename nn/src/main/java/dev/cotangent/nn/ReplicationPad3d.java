package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Pads the last 3 dimensions with copies of the border; PyTorch's {@code nn.ReplicationPad3d}. */
public final class ReplicationPad3d extends Module {
    private final long[] padding;

    /** Creates one with one padding for all sides, or one for each: of the last dimension first, its beginning and end. */
    public ReplicationPad3d(long... padding) {
        this.padding = Sizes.sides(padding, 3, "ReplicationPad3d");
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
