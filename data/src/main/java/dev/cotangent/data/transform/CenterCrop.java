package dev.cotangent.data.transform;

import dev.cotangent.Tensor;

/** Cuts out the middle, with zeros around an image that is smaller; {@code torchvision.transforms.CenterCrop}. */
public record CenterCrop(int height, int width) implements Transform {
    /** Checks the sizes. */
    public CenterCrop {
        Checks.size("CenterCrop", height);
        Checks.size("CenterCrop", width);
    }

    /** Creates one of a square. */
    public CenterCrop(int size) {
        this(size, size);
    }

    @Override
    public Tensor apply(Tensor image) {
        Checks.image("CenterCrop", image);
        Tensor t = image;
        int h = (int) t.size(-2);
        int w = (int) t.size(-1);
        if (h < height || w < width) {
            int x = Math.max(width - w, 0);
            int y = Math.max(height - h, 0);
            t = new Pad(x / 2, y / 2, (x + 1) / 2, (y + 1) / 2).apply(t);
        }
        return crop(
                t,
                (long) Math.rint((t.size(-2) - height) / 2.0),
                (long) Math.rint((t.size(-1) - width) / 2.0),
                height,
                width);
    }

    static Tensor crop(Tensor image, long top, long left, long height, long width) {
        return image.narrow(-2, top, height).narrow(-1, left, width);
    }

    /** Returns such as {@code CenterCrop(size=(24, 24))}. */
    @Override
    public String toString() {
        return "CenterCrop(size=(" + height + ", " + width + "))";
    }
}
