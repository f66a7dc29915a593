package dev.cotangent;

/** Reductions of values scattered to one element: PyTorch's {@code reduce}. */
public enum ScatterReduction {
    /** The sum. */
    SUM,
    /** The product. */
    PROD,
    /** The mean. */
    MEAN,
    /** The maximum. */
    AMAX,
    /** The minimum. */
    AMIN;

    /** Returns the mode of PyTorch's name, in lower case; throws PyTorch's error if there is none. */
    public static ScatterReduction of(String text) {
        ScatterReduction mode = EnumNames.named(values(), text);
        if (mode != null) return mode;
        throw new CotangentException("reduce argument must be either sum, prod, mean, amax or amin, got " + text);
    }

    /** Returns PyTorch's name of the mode. */
    public String text() {
        return EnumNames.text(this);
    }
}
