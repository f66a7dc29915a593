package dev.cotangent;

/** Says by which formula GELU is computed: PyTorch's {@code approximate}. */
public enum GeluApproximation {
    /** With the error function. */
    NONE,
    /** With a hyperbolic tangent. */
    TANH;

    /** Returns the mode with PyTorch's name, in lower case; throws PyTorch's error if there is none. */
    public static GeluApproximation of(String text) {
        GeluApproximation mode = EnumNames.named(values(), text);
        if (mode != null) return mode;
        throw new CotangentException("approximate argument must be either none or tanh.");
    }

    /** Returns PyTorch's name of the mode. */
    public String text() {
        return EnumNames.text(this);
    }
}
