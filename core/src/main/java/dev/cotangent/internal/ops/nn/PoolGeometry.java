package dev.cotangent.internal.ops.nn;

import dev.cotangent.CotangentException;
import dev.cotangent.PoolOptions;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Windows;
import dev.cotangent.internal.Internals;
import java.util.Arrays;
import java.util.StringJoiner;

/**
 * Positions of the windows of a pooling operation, after PyTorch's {@code pooling_output_shape} and
 * {@code pool2d_shape_check}.
 *
 * @param kernel sizes of windows, as the other arrays of each of the last dimensions
 */
record PoolGeometry(long[] kernel, long[] stride, long[] padding, long[] dilation, boolean ceilMode) {
    private static final String[] COUNTS = {"", "one", "two", "three"};

    static PoolGeometry of(String op, int dims, long[] kernel, PoolOptions o) {
        String must = op.equals("avg_pool3d") ? "must" : "must either";
        String many = " be a single int, or a tuple of " + COUNTS[dims] + " ints";
        long[] k = each(kernel, dims, op + ": kernel_size " + must + many);
        long[] s = o.getStride();
        s = s.length == 0
                ? k
                : each(
                        s,
                        dims,
                        op + ": stride " + must + " be omitted, a single int, or a tuple of " + COUNTS[dims] + " ints");
        long[] p = each(o.getPadding(), dims, op + ": padding " + must + many);
        long[] d = each(
                o.getDilation(),
                dims,
                op + ": dilation must be either a single int, or a tuple of " + COUNTS[dims] + " ints");
        return new PoolGeometry(k, s, p, d, o.isCeilMode());
    }

    /** Expands one number to all dimensions, or throws if there are neither one nor that many. */
    static long[] each(long[] given, int dims, String message) {
        if (given.length == dims) return given;
        if (given.length != 1) throw new CotangentException(message);
        long[] all = new long[dims];
        Arrays.fill(all, given[0]);
        return all;
    }

    /** Returns the number of windows of each dimension. */
    long[] outputs(Tensor x) {
        int dims = kernel.length;
        long[] out = new long[dims];
        for (int d = 0; d < dims; d++) out[d] = outputs(x.size(d - dims), d);
        return out;
    }

    long outputs(long size, int d) {
        if (stride[d] == 0) throw new CotangentException("stride should not be zero");
        if (padding[d] < 0) {
            throw new CotangentException("pad must be non-negative, but got pad: " + padding[d]);
        }
        if (padding[d] > ((kernel[d] - 1) * dilation[d] + 1) / 2) {
            throw new CotangentException("pad should be at most half of effective kernel size, but got pad="
                    + padding[d] + ", kernel_size=" + kernel[d] + " and dilation=" + dilation[d]);
        }
        long room = size + 2 * padding[d] - dilation[d] * (kernel[d] - 1) - 1 + (ceilMode ? stride[d] - 1 : 0);
        long out = Math.floorDiv(room, stride[d]) + 1;
        // The last window begins inside the image.
        if (ceilMode && (out - 1) * stride[d] >= size + padding[d]) out--;
        return out;
    }

    /** Throws PyTorch's errors of windows of an image or a volume; {@code where} names the kernel that PyTorch calls. */
    void check(Tensor x, long[] outputs, String where) {
        int dims = kernel.length;
        checkPositive("kernel size", "k", kernel);
        checkPositive("stride", "d", stride);
        checkPositive("dilation", "dilation", dilation);
        checkEmpty(x, dims, where);
        for (int d = 0; d < dims; d++) {
            if (kernel[d] / 2 >= padding[d]) continue;
            String text = dims == 2
                    ? "padW = " + padding[1] + ", padH = " + padding[0] + ", kW = " + kernel[1] + ", kH = " + kernel[0]
                    : "kT: " + kernel[0] + " kW: " + kernel[2] + " kH: " + kernel[1] + " padT: " + padding[0]
                            + " padW: " + padding[2] + " padH: " + padding[1];
            throw new CotangentException("pad should be smaller than or equal to half of kernel size, but got " + text);
        }
        if (dims == 3 && where.startsWith("avg")) checkFits(x);
        for (long n : outputs) {
            if (n >= 1) continue;
            throw new CotangentException("Given input size: (" + planes(x, sizes(x)) + "). Calculated output size: ("
                    + planes(x, outputs) + "). Output size is too small");
        }
    }

    private void checkFits(Tensor x) {
        long[] sizes = sizes(x);
        for (int d = 0; d < 3; d++) {
            if (sizes[d] + 2 * padding[d] >= kernel[d]) continue;
            throw new CotangentException("input image (T: " + sizes[0] + " H: " + sizes[1] + " W: " + sizes[2]
                    + ") smaller than kernel size (kT: " + kernel[0] + " kH: " + kernel[1] + " kW: " + kernel[2] + ")");
        }
    }

    private static void checkEmpty(Tensor x, int dims, String where) {
        long[] sizes = Internals.layout(x).sizes();
        boolean fits = sizes.length == dims + 1 || sizes.length == dims + 2;
        for (int d = sizes.length - dims - 1; fits && d < sizes.length; d++) {
            if (sizes[d] > 0) continue;
            if (dims == 3) {
                throw new CotangentException(
                        where + "(): Expected input's non-batch dimensions to have positive length,"
                                + " but input has a shape of " + Arrays.toString(sizes) + " and non-batch dimension "
                                + (d - (sizes.length - dims - 1)) + " has length zero!");
            }
            fits = false;
        }
        if (!fits) {
            throw new CotangentException(
                    "Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got:"
                            + Arrays.toString(sizes));
        }
    }

    private static void checkPositive(String what, String prefix, long[] values) {
        for (long v : values) {
            if (v > 0) continue;
            StringJoiner text = new StringJoiner(" ");
            for (int d = 0; d < values.length; d++) {
                text.add(prefix + "THW".charAt(d + 3 - values.length) + ": " + values[d]);
            }
            throw new CotangentException(what + " should be greater than zero, but got " + text);
        }
    }

    private long[] sizes(Tensor x) {
        long[] sizes = Internals.layout(x).sizes();
        return Arrays.copyOfRange(sizes, sizes.length - kernel.length, sizes.length);
    }

    private String planes(Tensor x, long[] sizes) {
        StringJoiner text = new StringJoiner("x");
        text.add("" + x.size(-kernel.length - 1));
        for (long s : sizes) text.add("" + s);
        return text.toString();
    }

    /** Returns the windows of maxima. */
    Windows[] windows(Tensor x, long[] outputs) {
        int dims = kernel.length;
        Windows[] all = new Windows[dims];
        for (int d = 0; d < dims; d++) {
            int size = Math.toIntExact(x.size(d - dims));
            int n = Math.toIntExact(outputs[d]);
            int[] first = new int[n];
            int[] count = new int[n];
            for (int o = 0; o < n; o++) {
                long start = o * stride[d] - padding[d];
                long end = Math.min(start + (kernel[d] - 1) * dilation[d] + 1, size);
                if (start < 0) start += Math.ceilDiv(-start, dilation[d]) * dilation[d];
                // A window between the elements takes the nearest.
                start = Math.min(start, size - 1);
                first[o] = (int) start;
                count[o] = (int) Math.max(1, Math.ceilDiv(end - start, dilation[d]));
            }
            all[d] = Windows.of(size, first, count, Math.toIntExact(dilation[d]));
        }
        return all;
    }

    /** Returns how many elements a window counts, padding included or not. */
    double[] counts(long size, int outputs, int d, boolean includePad) {
        double[] counts = new double[outputs];
        for (int o = 0; o < outputs; o++) {
            long start = o * stride[d] - padding[d];
            long end = Math.min(start + kernel[d], size + padding[d]);
            if (!includePad) end = Math.min(end, size);
            counts[o] = Math.max(1, end - (includePad ? start : Math.max(0, start)));
        }
        return counts;
    }
}
