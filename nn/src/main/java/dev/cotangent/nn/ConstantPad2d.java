package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.nn.internal.PythonText;

/** Pads the last 2 dimensions with a value; PyTorch's {@code nn.ConstantPad2d}. */
public final class ConstantPad2d extends Module {
    private final long[] padding;
    private final Number value;

    /** Creates one with one padding for all sides. */
    public ConstantPad2d(long padding, Number value) {
        this(new long[] {padding}, value);
    }

    /** Creates one with a padding for each side: of the last dimension first, its beginning and end. */
    public ConstantPad2d(long[] padding, Number value) {
        this.padding = Sizes.sides(padding, 2, "ConstantPad2d");
        this.value = value;
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.pad(padding, "constant", value);
    }

    @Override
    protected String extraRepr() {
        return "padding=" + Sizes.text(padding) + ", value=" + PythonText.of(value);
    }
}
