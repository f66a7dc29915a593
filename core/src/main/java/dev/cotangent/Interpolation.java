package dev.cotangent;

/** Interpolation modes of quantiles between two elements: PyTorch's {@code interpolation}. */
public enum Interpolation {
    /** The weighted mean. */
    LINEAR,
    /** The lower element. */
    LOWER,
    /** The higher element. */
    HIGHER,
    /** The mean. */
    MIDPOINT,
    /** The nearer element. */
    NEAREST;

    /** Returns the mode of PyTorch's name, such as {@code "linear"}; throws PyTorch's error if there is none. */
    public static Interpolation of(String text) {
        Interpolation mode = EnumNames.named(values(), text);
        if (mode != null) return mode;
        throw new CotangentException(
                "quantile() interpolation must be one of linear, lower, higher, midpoint or nearest, " + "but got "
                        + text);
    }

    /** Returns PyTorch's name of the mode. */
    public String text() {
        return EnumNames.text(this);
    }
}
