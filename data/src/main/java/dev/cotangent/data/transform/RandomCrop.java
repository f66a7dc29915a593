package dev.cotangent.data.transform;

import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Arguments;
import org.jspecify.annotations.Nullable;

/** Cuts out a part at a random place; {@code torchvision.transforms.RandomCrop}. Immutable. */
public final class RandomCrop implements Transform {
    private final int height;
    private final int width;
    private final @Nullable Pad padding;

    /** Creates one of a square. */
    public RandomCrop(int size) {
        this(size, size);
    }

    /** Creates one of a height and a width. */
    public RandomCrop(int height, int width) {
        this(Checks.size("RandomCrop", height), Checks.size("RandomCrop", width), null);
    }

    private RandomCrop(int height, int width, @Nullable Pad padding) {
        this.height = height;
        this.width = width;
        this.padding = padding;
    }

    /** Returns one that adds pixels around the image before; torchvision's {@code padding}. */
    public RandomCrop padding(int value) {
        return padding(new Pad(value));
    }

    /** Returns one that adds pixels around the image before; torchvision's {@code padding}, {@code fill}, {@code padding_mode}. */
    public RandomCrop padding(Pad value) {
        return new RandomCrop(height, width, Arguments.notNull("RandomCrop", "padding", value));
    }

    @Override
    public Tensor apply(Tensor image) {
        Checks.image("RandomCrop", image);
        Tensor t = padding == null ? image : padding.apply(image);
        long h = t.size(-2);
        long w = t.size(-1);
        if (h < height || w < width) {
            throw new ValueException("Required crop size (" + height + ", " + width
                    + ") is larger than input image size (" + h + ", " + w + "): give a padding, or a Resize before");
        }
        if (h == height && w == width) return t;
        long top = Checks.below(h - height + 1);
        long left = Checks.below(w - width + 1);
        return CenterCrop.crop(t, top, left, height, width);
    }

    /** Returns such as {@code RandomCrop(size=(32, 32), padding=None)}. */
    @Override
    public String toString() {
        return "RandomCrop(size=(" + height + ", " + width + "), padding=" + (padding == null ? "None" : padding) + ")";
    }
}
