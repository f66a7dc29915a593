package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Pads the last 2 dimensions with zeros; PyTorch's {@code nn.ZeroPad2d}. */
public final class ZeroPad2d extends Module {
    private final long[] padding;

    /** Creates one with one padding for all sides, or one for each: of the last dimension first, its beginning and end. */
    public ZeroPad2d(long... padding) {
        this.padding = Sizes.sides(padding, 2, "ZeroPad2d");
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.pad(padding, "constant", 0);
    }

    @Override
    protected String extraRepr() {
        return Sizes.text(padding);
    }
}
