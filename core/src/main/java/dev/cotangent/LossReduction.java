package dev.cotangent;

/** Reductions of element-wise losses: PyTorch's {@code reduction}. */
public enum LossReduction {
    /** No reduction. */
    NONE,
    /** The mean. */
    MEAN,
    /** The sum. */
    SUM,
    /** The sum divided by the size of the first dimension; only for {@link LossMethods#klDiv}. */
    BATCHMEAN;

    /** Returns the mode of PyTorch's name, in lower case; throws PyTorch's error if there is none. */
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
