package dev.cotangent;

/** Says what padding is filled with: PyTorch's {@code mode}. */
public enum PadMode {
    /** One number. */
    CONSTANT,
    /** The elements mirrored at the edge, which is not repeated. */
    REFLECT,
    /** The element at the edge. */
    REPLICATE,
    /** The elements of the other side. */
    CIRCULAR;

    /** Returns the mode with PyTorch's name, in lower case; throws PyTorch's error if there is none. */
    public static PadMode of(String text) {
        PadMode mode = EnumNames.named(values(), text);
        if (mode != null) return mode;
        throw new UnsupportedException(
                "Unrecognised padding mode " + text + ": constant, reflect, replicate or circular");
    }

    /** Returns PyTorch's name of the mode. */
    public String text() {
        return EnumNames.text(this);
    }
}
