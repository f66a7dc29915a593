package dev.cotangent.data.transform;

import dev.cotangent.ValueException;
import dev.cotangent.internal.Arguments;

/** How {@link Resize} computes pixels between pixels; torchvision's {@code InterpolationMode}. */
public enum Filter {
    /** The nearest pixel. */
    NEAREST(0),
    /** Linear between two pixels, over all that a pixel of a smaller image covers. */
    BILINEAR(1),
    /** Cubic between four pixels with a = -0.5 (Keys 1981), over all that a pixel of a smaller image covers. */
    BICUBIC(2);

    private final int support;

    Filter(int support) {
        this.support = support;
    }

    /** Returns the one of a name such as {@code bilinear}; throws a ValueException of another. */
    public static Filter of(String name) {
        Arguments.notNull("Filter", "name", name);
        for (Filter f : values()) if (f.name().equalsIgnoreCase(name)) return f;
        throw new ValueException("there is no filter '" + name + "', only nearest, bilinear and bicubic");
    }

    int support() {
        return support;
    }

    double weight(double distance) {
        double x = Math.abs(distance);
        if (this == BILINEAR) return x < 1 ? 1 - x : 0;
        if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
        return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
    }
}
