package dev.cotangent.nn;

import dev.cotangent.PoolOptions;
import dev.cotangent.nn.internal.PythonText;
import java.util.StringJoiner;

/** Sizes of windows as PyTorch's modules print them: one number, or a tuple. */
final class WindowText {
    private WindowText() {}

    /** Returns one number for all dimensions, or a tuple. */
    static String of(long[] sizes) {
        return sizes.length == 1 ? one(sizes[0]) : tuple(sizes);
    }

    /** Returns a tuple of one number for each dimension. */
    static String each(long[] sizes, int dims) {
        if (sizes.length == dims) return tuple(sizes);
        long[] all = new long[dims];
        java.util.Arrays.fill(all, sizes[0]);
        return tuple(all);
    }

    private static String tuple(long[] sizes) {
        StringJoiner text = new StringJoiner(", ", "(", sizes.length == 1 ? ",)" : ")");
        for (long s : sizes) text.add(one(s));
        return text.toString();
    }

    private static String one(long size) {
        return size == PoolOptions.KEEP ? "None" : Long.toString(size);
    }

    /** Returns the stride, which is the size of windows if none was given. */
    static long[] stride(long[] kernelSize, PoolOptions options) {
        long[] stride = options.getStride();
        return stride.length == 0 ? kernelSize : stride;
    }

    /** Returns {@code True} or {@code False}. */
    static String of(boolean value) {
        return PythonText.of(value);
    }
}
