package dev.cotangent;

/** Says how values that meet at one place are combined: PyTorch's {@code reduce}. */
public enum ScatterReduction {
    /** Their sum. */
    SUM,
    /** Their product. */
    PROD,
    /** Their mean. */
    MEAN,
    /** The largest. */
    AMAX,
    /** The smallest. */
    AMIN;

    /** Returns the mode with PyTorch's name, in lower case; throws PyTorch's error if there is none. */
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
