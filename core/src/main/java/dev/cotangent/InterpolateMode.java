package dev.cotangent;

import dev.cotangent.internal.Arguments;

/** The interpolation of {@link ResamplingMethods#interpolate}: PyTorch's {@code mode}. */
public enum InterpolateMode {
    /** The element below, as OpenCV's nearest neighbour. */
    NEAREST,
    /** The nearest element. */
    NEAREST_EXACT,
    /** Linearly between two elements of a line. */
    LINEAR,
    /** Linearly along both dimensions of an image. */
    BILINEAR,
    /** By cubic convolution along both dimensions of an image (Keys 1981). */
    BICUBIC,
    /** Linearly along all three dimensions of a volume. */
    TRILINEAR,
    /** By the mean of an area, as adaptive average pooling. */
    AREA,
    /** By a windowed sinc along both dimensions of an image; only with antialiasing. */
    LANCZOS;

    /** Returns the mode with PyTorch's name, such as {@code "nearest-exact"}; throws PyTorch's error if there is none. */
    public static InterpolateMode of(String text) {
        Arguments.notNull("InterpolateMode.of", "text", text);
        for (InterpolateMode mode : values()) if (mode.text().equals(text)) return mode;
        throw new UnsupportedException("Input Error: Only 3D, 4D and 5D input Tensors supported for the modes:"
                + " nearest | linear | bilinear | bicubic | trilinear | lanczos | area | nearest-exact (got " + text
                + ")");
    }

    /** Returns PyTorch's name of the mode. */
    public String text() {
        return EnumNames.text(this).replace('_', '-');
    }
}
