package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Pads the last 2 dimensions with copies of the border; PyTorch's {@code nn.ReplicationPad2d}. */
public final class ReplicationPad2d extends Module {
    private final long[] padding;

    /** Creates one with one padding for all sides, or one for each: of the last dimension first, its beginning and end. */
    public ReplicationPad2d(long... padding) {
        this.padding = Sizes.sides(padding, 2, "ReplicationPad2d");
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
