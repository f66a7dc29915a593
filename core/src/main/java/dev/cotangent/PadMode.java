package dev.cotangent;

/** Padding modes: PyTorch's {@code mode}. */
public enum PadMode {
    /** A constant. */
    CONSTANT,
    /** Reflection at the edge, without repeating it. */
    REFLECT,
    /** Replication of the edge element. */
    REPLICATE,
    /** Wrap-around. */
    CIRCULAR;

    /** Returns the mode of PyTorch's name, in lower case; throws PyTorch's error if there is none. */
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
