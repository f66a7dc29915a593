package dev.cotangent.data.transform;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Arguments;

/**
 * Cuts out a part of random area, shape and place and resizes it; {@code torchvision.transforms.RandomResizedCrop}. Immutable.
 */
public final class RandomResizedCrop implements Transform {
    private static final int TRIES = 10;

    private final int height;
    private final int width;
    private final double[] scale;
    private final double[] ratio;
    private final Filter filter;

    /** Creates one of a square: from 0.08 to 1 of the area, of a shape from 3:4 to 4:3. */
    public RandomResizedCrop(int size) {
        this(size, size);
    }

    /** Creates one of a height and a width: from 0.08 to 1 of the area, of a shape from 3:4 to 4:3. */
    public RandomResizedCrop(int height, int width) {
        this(
                Checks.size("RandomResizedCrop", height),
                Checks.size("RandomResizedCrop", width),
                new double[] {0.08, 1},
                new double[] {3.0 / 4, 4.0 / 3},
                Filter.BILINEAR);
    }

    private RandomResizedCrop(int height, int width, double[] scale, double[] ratio, Filter filter) {
        this.height = height;
        this.width = width;
        this.scale = scale;
        this.ratio = ratio;
        this.filter = filter;
    }

    private static double[] range(String name, double from, double to) {
        if (from > 0 && from <= to) return new double[] {from, to};
        throw new ValueException("RandomResizedCrop: " + name + " should be of kind (min, max), both positive, got "
                + from + " and " + to);
    }

    /** Returns one of another share of the area; torchvision's {@code scale}. */
    public RandomResizedCrop scale(double from, double to) {
        return new RandomResizedCrop(height, width, range("scale", from, to), ratio, filter);
    }

    /** Returns one of another range of width to height; torchvision's {@code ratio}. */
    public RandomResizedCrop ratio(double from, double to) {
        return new RandomResizedCrop(height, width, scale, range("ratio", from, to), filter);
    }

    /** Returns one with another filter; torchvision's {@code interpolation}. */
    public RandomResizedCrop filter(Filter value) {
        Arguments.notNull("RandomResizedCrop", "interpolation", value);
        return new RandomResizedCrop(height, width, scale, ratio, value);
    }

    @Override
    public Tensor apply(Tensor image) {
        Checks.image("RandomResizedCrop", image);
        long h = image.size(-2);
        long w = image.size(-1);
        // As torchvision: the logarithms and the exponential are float32.
        float low = (float) Math.log((float) ratio[0]);
        float high = (float) Math.log((float) ratio[1]);
        for (int i = 0; i < TRIES; i++) {
            double area = (double) h * w * Checks.uniform(scale[0], scale[1]);
            double shape = Tensors.empty(1).uniform_(low, high).exp().itemDouble();
            long cropWidth = (long) Math.rint(Math.sqrt(area * shape));
            long cropHeight = (long) Math.rint(Math.sqrt(area / shape));
            if (cropWidth > 0 && cropWidth <= w && cropHeight > 0 && cropHeight <= h) {
                long top = Checks.below(h - cropHeight + 1);
                long left = Checks.below(w - cropWidth + 1);
                return cut(image, top, left, cropHeight, cropWidth);
            }
        }
        double shape = (double) w / h;
        long cropWidth = shape > ratio[1] ? (long) Math.rint(h * ratio[1]) : w;
        long cropHeight = shape < ratio[0] ? (long) Math.rint(w / ratio[0]) : h;
        return cut(image, (h - cropHeight) / 2, (w - cropWidth) / 2, cropHeight, cropWidth);
    }

    private Tensor cut(Tensor image, long top, long left, long cropHeight, long cropWidth) {
        return Resampling.resize(CenterCrop.crop(image, top, left, cropHeight, cropWidth), height, width, filter);
    }

    /** Returns such as {@code RandomResizedCrop(size=(224, 224), scale=(0.08, 1.0))}. */
    @Override
    public String toString() {
        return "RandomResizedCrop(size=(" + height + ", " + width + "), scale=(" + scale[0] + ", " + scale[1] + "))";
    }
}
