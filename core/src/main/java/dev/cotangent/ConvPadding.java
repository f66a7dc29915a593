package dev.cotangent;

/** Padding of a convolution by name, for an output of a known size: PyTorch's {@code padding} as a text. */
public enum ConvPadding {
    /** None. */
    VALID,
    /** As much as the output needs to have the input's size; strides must be 1. An odd element is padded at the end. */
    SAME;

    /** Returns the mode with PyTorch's name, {@code "valid"} or {@code "same"}; throws PyTorch's error if there is none. */
    public static ConvPadding of(String text) {
        ConvPadding mode = EnumNames.named(values(), text);
        if (mode != null) return mode;
        throw new CotangentException("Invalid padding string: '" + text + "': valid or same");
    }

    /** Returns PyTorch's name of the mode. */
    public String text() {
        return EnumNames.text(this);
    }
}
