package dev.cotangent.data.transform;

import dev.cotangent.PadMode;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Arguments;

/** Adds pixels around an image; {@code torchvision.transforms.Pad}. Immutable. */
public final class Pad implements Transform {
    private final int left;
    private final int top;
    private final int right;
    private final int bottom;
    private final double fill;
    private final PadMode mode;

    /** Creates one that adds zeros on each side. */
    public Pad(int padding) {
        this(padding, padding, padding, padding);
    }

    /** Creates one that adds zeros. */
    public Pad(int left, int top, int right, int bottom) {
        this(left, top, right, bottom, 0, PadMode.CONSTANT);
        if (Math.min(Math.min(left, top), Math.min(right, bottom)) < 0) {
            throw new ValueException("Pad: a padding is not negative, got " + this);
        }
    }

    private Pad(int left, int top, int right, int bottom, double fill, PadMode mode) {
        this.left = left;
        this.top = top;
        this.right = right;
        this.bottom = bottom;
        this.fill = fill;
        this.mode = mode;
    }

    /** Returns one that adds another value; torchvision's {@code fill}. */
    public Pad fill(double value) {
        return new Pad(left, top, right, bottom, value, PadMode.CONSTANT);
    }

    /** Returns one that repeats or mirrors the image; torchvision's {@code padding_mode}. */
    public Pad mode(PadMode value) {
        return new Pad(left, top, right, bottom, fill, Arguments.notNull("Pad", "padding_mode", value));
    }

    @Override
    public Tensor apply(Tensor image) {
        Checks.image("Pad", image);
        long[] sides = {left, right, top, bottom};
        if (mode == PadMode.CONSTANT) return image.pad(sides, (Number) fill);
        Tensor padded = image.toFloat().pad(sides, mode);
        return padded.to(image.dtype());
    }

    /** Returns such as {@code Pad(padding=(1, 1, 1, 1), fill=0.0, padding_mode=constant)}. */
    @Override
    public String toString() {
        return "Pad(padding=(" + left + ", " + top + ", " + right + ", " + bottom + "), fill=" + fill
                + ", padding_mode=" + mode.text() + ")";
    }
}
