package dev.cotangent;

import dev.cotangent.internal.Arguments;

/**
 * Options of {@link ResamplingMethods#gridSample}. Immutable; each method returns changed options.
 *
 * @param mode between the elements
 * @param paddingMode beyond the border
 * @param alignCorners whether -1 and 1 are the centres of the corners' elements, not their outer edges
 */
public record GridSampleOptions(Mode mode, PaddingMode paddingMode, boolean alignCorners) {
    static final GridSampleOptions DEFAULT = new GridSampleOptions(Mode.BILINEAR, PaddingMode.ZEROS, false);

    /** PyTorch's {@code mode}. */
    public enum Mode {
        /** Linearly along each dimension. */
        BILINEAR,
        /** The nearest element; of two the one with the even index. */
        NEAREST,
        /** By cubic convolution, of images. */
        BICUBIC;

        /** Returns the mode with PyTorch's name; throws PyTorch's error if there is none. */
        public static Mode of(String text) {
            Mode mode = EnumNames.named(values(), text);
            if (mode != null) return mode;
            throw new ValueException("nn.functional.grid_sample(): expected mode to be 'bilinear', 'nearest' or"
                    + " 'bicubic', but got: '" + text + "'");
        }
    }

    /** PyTorch's {@code padding_mode}. */
    public enum PaddingMode {
        /** Zeros. */
        ZEROS,
        /** The element at the border. */
        BORDER,
        /** The elements mirrored at the border. */
        REFLECTION;

        /** Returns the mode with PyTorch's name; throws PyTorch's error if there is none. */
        public static PaddingMode of(String text) {
            PaddingMode mode = EnumNames.named(values(), text);
            if (mode != null) return mode;
            throw new ValueException("nn.functional.grid_sample(): expected padding_mode to be 'zeros', 'border', or"
                    + " 'reflection', but got: '" + text + "'");
        }
    }

    /** Sets PyTorch's {@code mode}. */
    public GridSampleOptions mode(Mode value) {
        return new GridSampleOptions(Arguments.notNull("GridSampleOptions", "mode", value), paddingMode, alignCorners);
    }

    /** Sets PyTorch's {@code mode}, such as {@code "bicubic"}. */
    public GridSampleOptions mode(String value) {
        return mode(Mode.of(value));
    }

    /** Sets PyTorch's {@code padding_mode}. */
    public GridSampleOptions paddingMode(PaddingMode value) {
        return new GridSampleOptions(mode, Arguments.notNull("GridSampleOptions", "padding_mode", value), alignCorners);
    }

    /** Sets PyTorch's {@code padding_mode}, such as {@code "border"}. */
    public GridSampleOptions paddingMode(String value) {
        return paddingMode(PaddingMode.of(value));
    }

    /** Sets PyTorch's {@code align_corners}. */
    public GridSampleOptions alignCorners(boolean value) {
        return new GridSampleOptions(mode, paddingMode, value);
    }
}
