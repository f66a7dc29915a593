package dev.cotangent;

/** Says how much a convolution pads so that its output has a size known beforehand: PyTorch's {@code padding} as a text. */
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
