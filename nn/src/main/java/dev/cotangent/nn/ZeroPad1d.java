package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Pads the last dimension with zeros; PyTorch's {@code nn.ZeroPad1d}. */
public final class ZeroPad1d extends Module {
    private final long[] padding;

    /** Creates one with one padding for all sides, or one for each: of the last dimension first, its beginning and end. */
    public ZeroPad1d(long... padding) {
        this.padding = Sizes.sides(padding, 1, "ZeroPad1d");
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
