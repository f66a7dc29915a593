package dev.cotangent;

/** Says how the rows of a bag are combined: PyTorch's {@code mode} of {@code embedding_bag}. */
public enum BagMode {
    /** Their sum. */
    SUM,
    /** Their mean. */
    MEAN,
    /** The largest of each column. */
    MAX;

    /** Returns the mode with PyTorch's name, in lower case; throws PyTorch's error if there is none. */
    public static BagMode of(String text) {
        BagMode mode = EnumNames.named(values(), text);
        if (mode != null) return mode;
        throw new ValueException("mode has to be one of sum, mean or max, but got " + text);
    }

    /** Returns PyTorch's name of the mode. */
    public String text() {
        return EnumNames.text(this);
    }
}
