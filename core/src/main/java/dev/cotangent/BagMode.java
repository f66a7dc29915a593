package dev.cotangent;

/** Reductions of a bag's rows: PyTorch's {@code mode} of {@code embedding_bag}. */
public enum BagMode {
    /** The sum. */
    SUM,
    /** The mean. */
    MEAN,
    /** The maximum of each column. */
    MAX;

    /** Returns the mode of PyTorch's name, in lower case; throws PyTorch's error if there is none. */
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
