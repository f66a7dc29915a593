package dev.cotangent.cpu;

import dev.cotangent.Dtype;

/** Converts contiguous elements of one dtype in memory to another, to the bit as {@link DtypeConversions} does. */
public abstract class Conversion {
    /** A pair of dtypes, and the loop over single elements. */
    public record Pair(Dtype from, Dtype to, Conversion scalar) {}

    /** Converts {@code n} elements, each array from its own start on. */
    public abstract void run(Object x, int i, Object y, int o, int n);
}
