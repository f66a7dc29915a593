package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Pads the last 2 dimensions by reflection; PyTorch's {@code nn.ReflectionPad2d}. */
public final class ReflectionPad2d extends Module {
    private final long[] padding;

    /** Creates one with one padding for all sides, or one for each: of the last dimension first, its beginning and end. */
    public ReflectionPad2d(long... padding) {
        this.padding = Sizes.sides(padding, 2, "ReflectionPad2d");
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.pad(padding, "reflect", 0);
    }

    @Override
    protected String extraRepr() {
        return Sizes.text(padding);
    }
}
