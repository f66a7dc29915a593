package dev.cotangent;

/** Formulas of GELU: PyTorch's {@code approximate}. */
public enum GeluApproximation {
    /** Exact, by the error function. */
    NONE,
    /** Approximated by the hyperbolic tangent. */
    TANH;

    /** Returns the mode of PyTorch's name, in lower case; throws PyTorch's error if there is none. */
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
