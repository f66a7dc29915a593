package dev.cotangent.data.transform;

import dev.cotangent.Dtype;
import dev.cotangent.NdArray;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import org.jspecify.annotations.Nullable;

/**
 * Changes brightness, contrast, saturation and hue at random, in random order; {@code torchvision.transforms.ColorJitter}. Images
 * are uint8, or floating point in [0, 1]. Immutable; each method returns a changed one.
 */
public final class ColorJitter implements Transform {
    private static final double MOST_HUE = 0.5;

    private final double @Nullable [] brightness;
    private final double @Nullable [] contrast;
    private final double @Nullable [] saturation;
    private final double @Nullable [] hue;

    /** Creates one that changes nothing yet. */
    public ColorJitter() {
        this(null, null, null, null);
    }

    private ColorJitter(
            double @Nullable [] brightness,
            double @Nullable [] contrast,
            double @Nullable [] saturation,
            double @Nullable [] hue) {
        this.brightness = brightness;
        this.contrast = contrast;
        this.saturation = saturation;
        this.hue = hue;
    }

    private static double @Nullable [] around(String name, double value) {
        if (!(value >= 0))
            throw new ValueException("If " + name + " is a single number, it must be non negative, got " + value);
        return value == 0 ? null : new double[] {Math.max(0, 1 - value), 1 + value};
    }

    /** Returns one with factors of brightness from {@code max(0, 1 - value)} to {@code 1 + value}. */
    public ColorJitter brightness(double value) {
        return new ColorJitter(around("brightness", value), contrast, saturation, hue);
    }

    /** Returns one with factors of contrast from {@code max(0, 1 - value)} to {@code 1 + value}. */
    public ColorJitter contrast(double value) {
        return new ColorJitter(brightness, around("contrast", value), saturation, hue);
    }

    /** Returns one with factors of saturation from {@code max(0, 1 - value)} to {@code 1 + value}. */
    public ColorJitter saturation(double value) {
        return new ColorJitter(brightness, contrast, around("saturation", value), hue);
    }

    /** Returns one that turns the hue by up to {@code value} of the circle, at most 0.5, in both directions. */
    public ColorJitter hue(double value) {
        if (!(value >= 0 && value <= MOST_HUE)) {
            throw new ValueException("hue values should be between 0 and 0.5, got " + value);
        }
        return new ColorJitter(brightness, contrast, saturation, value == 0 ? null : new double[] {-value, value});
    }

    @Override
    public Tensor apply(Tensor image) {
        Checks.colour("ColorJitter", image);
        // The draws and their order are torchvision's.
        long[] order = Tensors.randperm(4).toLongArray();
        double b = draw(brightness);
        double c = draw(contrast);
        double s = draw(saturation);
        double turn = draw(hue);
        Tensor t = image.detach();
        for (long step : order) {
            if (step == 0 && brightness != null) t = adjustBrightness(t, b);
            if (step == 1 && contrast != null) t = adjustContrast(t, c);
            if (step == 2 && saturation != null) t = adjustSaturation(t, s);
            if (step == 3 && hue != null) t = adjustHue(t, turn);
        }
        return t;
    }

    private static double draw(double @Nullable [] range) {
        return range == null ? 0 : Checks.uniform(range[0], range[1]);
    }

    /** Returns {@code ratio} of an image with the rest of another one. */
    private static Tensor blend(Tensor image, Tensor other, double ratio) {
        boolean bytes = image.dtype() == Dtype.UINT8;
        Tensor mixed = wide(image).mul(ratio).add(wide(other).mul(1 - ratio)).clamp(0, bytes ? 255 : 1);
        return mixed.to(image.dtype());
    }

    private static Tensor wide(Tensor image) {
        return image.dtype().isFloatingPoint() ? image : image.toFloat();
    }

    /** Multiplies an image's values by a factor; {@code adjust_brightness}. */
    public static Tensor adjustBrightness(Tensor image, double factor) {
        Checks.colour("adjustBrightness", image);
        return blend(image, image.zerosLike(), factor);
    }

    /** Moves an image's values away from the mean of its gray image by a factor; {@code adjust_contrast}. */
    public static Tensor adjustContrast(Tensor image, double factor) {
        Checks.colour("adjustContrast", image);
        Tensor mean = wide(Grayscale.gray(image)).mean(new int[] {-3, -2, -1}, true);
        return blend(image, mean, factor);
    }

    /** Moves an image's values away from its gray image by a factor; {@code adjust_saturation}. */
    public static Tensor adjustSaturation(Tensor image, double factor) {
        Checks.colour("adjustSaturation", image);
        return image.size(-3) == 1 ? image : blend(image, Grayscale.gray(image), factor);
    }

    /** Turns the hue of an image by a part of the circle, from -0.5 to 0.5; {@code adjust_hue}. */
    public static Tensor adjustHue(Tensor image, double factor) {
        Checks.colour("adjustHue", image);
        if (!(factor >= -MOST_HUE && factor <= MOST_HUE)) {
            throw new ValueException("hue_factor (" + factor + ") is not in [-0.5, 0.5].");
        }
        if (image.size(-3) == 1) return image;
        boolean bytes = image.dtype() == Dtype.UINT8;
        float[] values = (bytes ? image.toFloat().div(255) : image).detach().toFloatArray();
        int plane = Math.toIntExact(image.size(-2) * image.size(-1));
        float turn = (float) factor;
        for (int start = 0; start < values.length; start += 3 * plane) {
            for (int i = start; i < start + plane; i++) turnHue(values, i, plane, turn);
        }
        Tensor rotated = Tensors.fromNumpy(
                NdArray.wrap(Dtype.FLOAT32, values, image.shape().toArray()));
        // 255.999, so that each byte has an equal share of [0, 1].
        Tensor result = bytes ? rotated.mul(255.999) : rotated;
        return result.to(image.device(), image.dtype());
    }

    /** Rotates the hue of one pixel, converted to hue, saturation and value and back. */
    private static void turnHue(float[] rgb, int at, int plane, float turn) {
        float r = rgb[at];
        float g = rgb[at + plane];
        float b = rgb[at + 2 * plane];
        float most = Math.max(r, Math.max(g, b));
        float range = most - Math.min(r, Math.min(g, b));
        float s = range == 0 ? 0 : range / most;
        float divisor = range == 0 ? 1 : range;
        float rc = (most - r) / divisor;
        float gc = (most - g) / divisor;
        float bc = (most - b) / divisor;
        float sixths = most == r ? bc - gc : most == g ? 2 + rc - bc : 4 + gc - rc;
        float h = (sixths / 6 + 1) % 1;
        h = (h + turn) % 1;
        if (h < 0) h += 1;
        float sector = (float) Math.floor(h * 6);
        float f = h * 6 - sector;
        float p = Math.clamp(most * (1 - s), 0, 1);
        float q = Math.clamp(most * (1 - s * f), 0, 1);
        float t = Math.clamp(most * (1 - s * (1 - f)), 0, 1);
        switch ((int) sector % 6) {
            case 0 -> set(rgb, at, plane, most, t, p);
            case 1 -> set(rgb, at, plane, q, most, p);
            case 2 -> set(rgb, at, plane, p, most, t);
            case 3 -> set(rgb, at, plane, p, q, most);
            case 4 -> set(rgb, at, plane, t, p, most);
            default -> set(rgb, at, plane, most, p, q);
        }
    }

    private static void set(float[] rgb, int at, int plane, float r, float g, float b) {
        rgb[at] = r;
        rgb[at + plane] = g;
        rgb[at + 2 * plane] = b;
    }

    /** Returns such as {@code ColorJitter(brightness=(0.5, 1.5), contrast=None, saturation=None, hue=None)}. */
    @Override
    public String toString() {
        return "ColorJitter(brightness=" + text(brightness) + ", contrast=" + text(contrast) + ", saturation="
                + text(saturation) + ", hue=" + text(hue) + ")";
    }

    private static String text(double @Nullable [] range) {
        return range == null ? "None" : "(" + range[0] + ", " + range[1] + ")";
    }
}
