package dev.cotangent;

/** Rounding modes of a division: PyTorch's {@code rounding_mode}. */
public enum DivRounding {
    /** Towards zero, as Java's integer division. */
    TRUNC,
    /** Down, as Python's {@code //}. */
    FLOOR;

    /** Returns the mode of PyTorch's name, in lower case; throws PyTorch's error if there is none. */
    public static DivRounding of(String text) {
        DivRounding mode = EnumNames.named(values(), text);
        if (mode != null) return mode;
        throw new CotangentException(
                "div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '" + text + "'");
    }

    /** Returns PyTorch's name of the mode. */
    public String text() {
        return EnumNames.text(this);
    }
}
