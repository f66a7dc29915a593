package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Pads the last 3 dimensions by reflection; PyTorch's {@code nn.ReflectionPad3d}. */
public final class ReflectionPad3d extends Module {
    private final long[] padding;

    /** Creates one with one padding for all sides, or one for each: of the last dimension first, its beginning and end. */
    public ReflectionPad3d(long... padding) {
        this.padding = Sizes.sides(padding, 3, "ReflectionPad3d");
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
