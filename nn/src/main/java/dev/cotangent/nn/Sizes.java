package dev.cotangent.nn;

import dev.cotangent.UnfoldOptions;
import dev.cotangent.nn.internal.PythonText;
import java.util.Arrays;
import java.util.List;

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

    /** Returns the text of sizes as they were given: one as a number. */
    static String given(long[] sizes) {
        return sizes.length == 1 ? String.valueOf(sizes[0]) : text(sizes);
    }

    /** Returns the text of the options of sliding blocks. */
    static String text(UnfoldOptions options) {
        return ", dilation=" + given(options.dilation()) + ", padding=" + given(options.padding()) + ", stride="
                + given(options.stride());
    }

    private static String given(List<Long> values) {
        return given(values.stream().mapToLong(Long::longValue).toArray());
    }

    /** Returns one size for both dimensions, or sizes as given. */
    static long[] pair(long[] sizes) {
        return sizes.length == 1 ? new long[] {sizes[0], sizes[0]} : sizes;
    }
}
