package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Pads the last dimension with the other side; PyTorch's {@code nn.CircularPad1d}. */
public final class CircularPad1d extends Module {
    private final long[] padding;

    /** Creates one with one padding for all sides, or one for each: of the last dimension first, its beginning and end. */
    public CircularPad1d(long... padding) {
        this.padding = Sizes.sides(padding, 1, "CircularPad1d");
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
