package dev.cotangent;

/** Says what a quantile between two elements is: PyTorch's {@code interpolation}. */
public enum Interpolation {
    /** Their weighted mean. */
    LINEAR,
    /** The lower one. */
    LOWER,
    /** The higher one. */
    HIGHER,
    /** Their mean. */
    MIDPOINT,
    /** The nearer one. */
    NEAREST;

    /** Returns the mode with PyTorch's name, such as {@code "linear"}; throws PyTorch's error if there is none. */
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
