package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Pads the last 2 dimensions with the other side; PyTorch's {@code nn.CircularPad2d}. */
public final class CircularPad2d extends Module {
    private final long[] padding;

    /** Creates one with one padding for all sides, or one for each: of the last dimension first, its beginning and end. */
    public CircularPad2d(long... padding) {
        this.padding = Sizes.sides(padding, 2, "CircularPad2d");
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
