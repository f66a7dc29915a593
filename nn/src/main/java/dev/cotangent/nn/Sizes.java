package dev.cotangent.nn;

import dev.cotangent.PoolOptions;
import dev.cotangent.UnfoldOptions;
import dev.cotangent.ValueException;
import dev.cotangent.nn.internal.PythonText;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists of sizes. */
final class Sizes {
    private Sizes() {}

    /** Returns the text of a tuple, in which {@link PoolOptions#KEEP} is None. */
    static String text(long[] sizes) {
        return PythonText.of(Arrays.stream(sizes).mapToObj(Sizes::orNone).toList());
    }

    private static @Nullable Long orNone(long size) {
        return size == PoolOptions.KEEP ? null : size;
    }

    /** Returns one size for both sides of each dimension, or the sizes of all sides as given. */
    static long[] sides(long[] padding, int dims, String module) {
        long[] all = padding.length == 1 ? repeated(padding[0], 2 * dims) : padding.clone();
        if (all.length != 2 * dims) {
            throw new ValueException(module + " takes one padding or " + 2 * dims + ", but got " + padding.length + ": "
                    + text(padding));
        }
        return all;
    }

    /** Returns the text of sizes as they were given: one as a number. */
    static String given(long[] sizes) {
        return sizes.length == 1 ? PythonText.of(orNone(sizes[0])) : text(sizes);
    }

    /** Returns the text of the options of sliding blocks. */
    static String text(UnfoldOptions options) {
        return ", dilation=" + given(options.dilation()) + ", padding=" + given(options.padding()) + ", stride="
                + given(options.stride());
    }

    private static String given(List<Long> values) {
        return given(values.stream().mapToLong(Long::longValue).toArray());
    }

    /** Returns one size for each dimension, or sizes as given. */
    static long[] each(long[] sizes, int dims) {
        return sizes.length == 1 ? repeated(sizes[0], dims) : sizes;
    }

    private static long[] repeated(long size, int count) {
        long[] all = new long[count];
        Arrays.fill(all, size);
        return all;
    }
}
