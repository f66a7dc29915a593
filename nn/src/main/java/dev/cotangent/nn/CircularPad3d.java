package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Pads the last 3 dimensions with the other side; PyTorch's {@code nn.CircularPad3d}. */
public final class CircularPad3d extends Module {
    private final long[] padding;

    /** Creates one with one padding for all sides, or one for each: of the last dimension first, its beginning and end. */
    public CircularPad3d(long... padding) {
        this.padding = Sizes.sides(padding, 3, "CircularPad3d");
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.pad(padding, "circular", 0);
    }

    @Override
    protected String extraRepr() {
        return Sizes.text(padding);
    }
}
