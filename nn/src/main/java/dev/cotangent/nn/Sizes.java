package dev.cotangent.nn;

import dev.cotangent.nn.internal.PythonText;
import java.util.Arrays;

/** Lists of sizes. */
final class Sizes {
    private Sizes() {}

    /** Returns the text of a tuple. */
    static String text(long[] sizes) {
        return PythonText.of(Arrays.stream(sizes).boxed().toList());
    }

    /** Returns one size for both sides of each dimension, or the sizes of all sides as given. */
    static long[] sides(long[] padding, int dims, String module) {
        long[] all = padding.clone();
        if (all.length == 1) {
            all = new long[2 * dims];
            Arrays.fill(all, padding[0]);
        }
        if (all.length != 2 * dims) {
            throw new dev.cotangent.ValueException(module + " takes one padding or " + 2 * dims + ", but got "
                    + padding.length + ": " + text(padding));
        }
        return all;
    }
}
