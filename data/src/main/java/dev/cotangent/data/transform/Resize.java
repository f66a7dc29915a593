package dev.cotangent.data.transform;

import dev.cotangent.Tensor;
import dev.cotangent.internal.Arguments;
import java.util.Locale;

/** Resizes an image, with antialiasing; {@code torchvision.transforms.Resize}. Immutable. */
public final class Resize implements Transform {
    private final int height;
    private final int width;
    private final Filter filter;

    /** Creates one to a height and a width, linearly. */
    public Resize(int height, int width) {
        this(Checks.size("Resize", height), Checks.size("Resize", width), Filter.BILINEAR);
    }

    /** Creates one that resizes the shorter edge to a length, keeping the proportions, with linear interpolation. */
    public Resize(int size) {
        this(Checks.size("Resize", size), 0, Filter.BILINEAR);
    }

    private Resize(int height, int width, Filter filter) {
        this.height = height;
        this.width = width;
        this.filter = filter;
    }

    /** Returns one with another filter; torchvision's {@code interpolation}. */
    public Resize filter(Filter value) {
        return new Resize(height, width, Arguments.notNull("Resize", "interpolation", value));
    }

    @Override
    public Tensor apply(Tensor image) {
        Checks.image("Resize", image);
        if (width > 0) return Resampling.resize(image, height, width, filter);
        long h = image.size(-2);
        long w = image.size(-1);
        long longer = (long) ((double) height * Math.max(h, w) / Math.max(1, Math.min(h, w)));
        return h <= w
                ? Resampling.resize(image, height, Math.toIntExact(longer), filter)
                : Resampling.resize(image, Math.toIntExact(longer), height, filter);
    }

    /** Returns such as {@code Resize(size=(32, 32), interpolation=bilinear)}. */
    @Override
    public String toString() {
        String size = width > 0 ? "(" + height + ", " + width + ")" : "" + height;
        return "Resize(size=" + size + ", interpolation=" + filter.name().toLowerCase(Locale.ROOT) + ")";
    }
}
