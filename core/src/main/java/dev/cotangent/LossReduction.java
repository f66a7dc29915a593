package dev.cotangent;

/** Says what becomes of the losses of single elements: PyTorch's {@code reduction}. */
public enum LossReduction {
    /** They are the result. */
    NONE,
    /** Their mean. */
    MEAN,
    /** Their sum. */
    SUM,
    /** Their sum divided by the size of the first dimension; of {@link LossMethods#klDiv} alone. */
    BATCHMEAN;

    /** Returns the mode with PyTorch's name, in lower case; throws PyTorch's error if there is none. */
    public static LossReduction of(String text) {
        LossReduction mode = EnumNames.named(values(), text);
        if (mode != null) return mode;
        throw new ValueException(text + " is not a valid value for reduction: none, mean or sum");
    }

    /** Returns PyTorch's name of the mode. */
    public String text() {
        return EnumNames.text(this);
    }
}
