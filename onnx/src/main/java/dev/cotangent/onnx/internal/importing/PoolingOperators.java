package dev.cotangent.onnx.internal.importing;

import static dev.cotangent.onnx.internal.importing.ConvolutionOperators.before;
import static dev.cotangent.onnx.internal.importing.ConvolutionOperators.each;
import static dev.cotangent.onnx.internal.importing.ConvolutionOperators.isSymmetric;
import static dev.cotangent.onnx.internal.importing.ConvolutionOperators.padded;
import static dev.cotangent.onnx.internal.importing.ConvolutionOperators.pads;
import static dev.cotangent.onnx.internal.importing.ConvolutionOperators.spans;
import static dev.cotangent.onnx.internal.importing.ConvolutionOperators.spatial;
import static dev.cotangent.onnx.internal.importing.Operators.add;
import static dev.cotangent.onnx.internal.importing.Operators.tensor;
import static dev.cotangent.onnx.internal.importing.Operators.v;

import dev.cotangent.Dtype;
import dev.cotangent.PoolOptions;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValuesIndices;
import java.util.Arrays;
import java.util.List;

/** Pooling. */
final class PoolingOperators {
    private PoolingOperators() {}

    static void register() {
        tensor("AveragePool", v(7, 10, 11, 19, 22), PoolingOperators::averagePool);
        tensor("GlobalAveragePool", v(1, 22), c -> c.x(0).mean(all(c), true));
        tensor("GlobalLpPool", v(2, 22), c -> {
            double p = c.f("p", 2);
            return c.x(0).abs().pow(p).sum(all(c), true).pow(1 / p);
        });
        tensor("GlobalMaxPool", v(1, 22), c -> c.x(0).amax(all(c), true));
        tensor("LpPool", v(2, 11, 18, 22), PoolingOperators::lpPool);
        add("MaxPool", v(8, 10, 11, 12, 22), PoolingOperators::maxPool);
        tensor("MaxUnpool", v(9, 11, 22), PoolingOperators::maxUnpool);
    }

    private static int[] all(Call c) {
        return java.util.stream.IntStream.range(2, c.x(0).dim()).toArray();
    }

    /** The windows of a node. */
    private record Windows(
            long[] kernel, long[] strides, long[] dilations, long[][] pads, boolean ceil, long[] outputs) {}

    private static Windows windows(Call c, Tensor x) {
        int dims = x.dim() - 2;
        ConvolutionOperators.checkDims(c, dims);
        long[] kernel = c.ints("kernel_shape");
        if (kernel == null || kernel.length != dims) throw c.error("lacks a kernel_shape of " + dims + " dimensions");
        long[] strides = each(c, "strides", dims, 1);
        long[] dilations = each(c, "dilations", dims, 1);
        long[] spans = spans(kernel, dilations);
        long[] sizes = spatial(x);
        long[][] pads = pads(c, sizes, spans, strides);
        boolean ceil = c.flag("ceil_mode", false);
        long[] outputs = new long[dims];
        for (int d = 0; d < dims; d++) {
            long room = sizes[d] + pads[d][0] + pads[d][1] - spans[d];
            if (room < 0) throw c.error("has windows larger than its input of shape " + x.shape());
            outputs[d] = (ceil ? Math.ceilDiv(room, strides[d]) : room / strides[d]) + 1;
            // A window that begins in the padding behind the input does not count.
            if (ceil && (outputs[d] - 1) * strides[d] >= sizes[d] + pads[d][0]) outputs[d]--;
        }
        return new Windows(kernel, strides, dilations, pads, ceil, outputs);
    }

    /** Pads, behind as much as the windows need. */
    private static Tensor whole(Tensor x, Windows w, double value) {
        long[][] pads = new long[w.pads.length][2];
        long[] sizes = spatial(x);
        long[] spans = spans(w.kernel, w.dilations);
        for (int d = 0; d < pads.length; d++) {
            long needed = (w.outputs[d] - 1) * w.strides[d] + spans[d];
            pads[d][0] = w.pads[d][0];
            pads[d][1] = Math.max(w.pads[d][1], needed - sizes[d] - w.pads[d][0]);
        }
        return padded(x, pads, value);
    }

    private static List<Value> maxPool(Call c) {
        Tensor given = c.x(0);
        Dtype dtype = given.dtype();
        Tensor x = dtype.isFloatingPoint() ? given : given.toDouble();
        Windows w = windows(c, x);
        boolean inside = isSymmetric(w.pads) && !w.ceil;
        for (int d = 0; d < w.kernel.length; d++) inside &= 2 * w.pads[d][0] <= w.kernel[d];
        PoolOptions options = Tensors.poolOptions().stride(w.strides).dilation(w.dilations);
        Tensor from = inside ? x : whole(x, w, Double.NEGATIVE_INFINITY);
        if (inside) options = options.padding(before(w.pads));
        if (!c.wants(1)) {
            Tensor y = switch (w.kernel.length) {
                case 1 -> from.maxPool1d(w.kernel, options);
                case 2 -> from.maxPool2d(w.kernel, options);
                default -> from.maxPool3d(w.kernel, options);
            };
            return Value.of(y.to(dtype));
        }
        ValuesIndices y = switch (w.kernel.length) {
            case 1 -> from.maxPool1dWithIndices(w.kernel, options);
            case 2 -> from.maxPool2dWithIndices(w.kernel, options);
            default -> from.maxPool3dWithIndices(w.kernel, options);
        };
        return Value.of(y.values().to(dtype), positions(c, y.indices(), x, from, w, inside));
    }

    /** Converts indices within a padded plane to positions in the whole input. */
    private static Tensor positions(Call c, Tensor index, Tensor x, Tensor from, Windows w, boolean inside) {
        boolean columnMajor = c.flag("storage_order", false);
        long[] sizes = spatial(x);
        long[] padded = spatial(from);
        Tensor at = index.zerosLike();
        Tensor rest = index;
        long stride = 1;
        Tensor[] coordinates = new Tensor[sizes.length];
        for (int d = sizes.length - 1; d >= 0; d--) {
            coordinates[d] = rest.remainder(padded[d]).sub(inside ? 0 : w.pads[d][0]);
            rest = rest.floorDivide(padded[d]);
        }
        for (int k = 0; k < sizes.length; k++) {
            int d = columnMajor ? k : sizes.length - 1 - k;
            at = at.add(coordinates[d].mul(stride));
            stride *= sizes[d];
        }
        long[] shape = new long[x.dim()];
        Arrays.fill(shape, 1);
        shape[0] = x.size(0);
        shape[1] = x.size(1);
        Tensor planes = Tensors.arange(x.size(0) * x.size(1)).to(x.device()).reshape(shape);
        return at.add(planes.mul(stride));
    }

    private static Tensor averagePool(Call c) {
        Tensor x = c.x(0);
        Windows w = windows(c, x);
        boolean padsCount = c.flag("count_include_pad", false);
        boolean simple = isSymmetric(w.pads) && !w.ceil;
        for (int d = 0; d < w.kernel.length; d++) simple &= w.dilations[d] == 1 && 2 * w.pads[d][0] <= w.kernel[d];
        if (simple) {
            PoolOptions options = Tensors.poolOptions()
                    .stride(w.strides)
                    .padding(before(w.pads))
                    .countIncludePad(padsCount);
            return switch (w.kernel.length) {
                case 1 -> x.avgPool1d(w.kernel, options);
                case 2 -> x.avgPool2d(w.kernel, options);
                default -> x.avgPool3d(w.kernel, options);
            };
        }
        Tensor counted = x.detach().narrow(0, 0, 1).narrow(1, 0, 1).onesLike();
        if (padsCount) counted = padded(counted, w.pads, 1);
        Windows rest = padsCount
                ? new Windows(w.kernel, w.strides, w.dilations, new long[w.pads.length][2], w.ceil, w.outputs)
                : w;
        return sums(x, w).div(sums(counted, rest));
    }

    /** Returns the sums of windows: a convolution of each plane with ones. */
    private static Tensor sums(Tensor x, Windows w) {
        Tensor from = whole(x, w, 0);
        long[] planes = from.shape().toArray();
        planes[0] *= planes[1];
        planes[1] = 1;
        long[] ones = new long[w.kernel.length + 2];
        ones[0] = 1;
        ones[1] = 1;
        System.arraycopy(w.kernel, 0, ones, 2, w.kernel.length);
        Tensor kernel = x.newOnes(ones);
        var options = Tensors.convOptions().stride(w.strides).dilation(w.dilations);
        Tensor y = from.reshape(planes);
        y = switch (w.kernel.length) {
            case 1 -> y.conv1d(kernel, null, options);
            case 2 -> y.conv2d(kernel, null, options);
            default -> y.conv3d(kernel, null, options);
        };
        long[] sizes = y.shape().toArray();
        sizes[0] = x.size(0);
        sizes[1] = x.size(1);
        y = y.reshape(sizes);
        for (int d = 0; d < w.outputs.length; d++) y = y.narrow(2 + d, 0, w.outputs[d]);
        return y;
    }

    private static Tensor lpPool(Call c) {
        Tensor x = c.x(0);
        double p = c.f("p", 2);
        return sums(x.abs().pow(p), windows(c, x)).pow(1 / p);
    }

    /** Puts values back where a {@code MaxPool} found them. */
    private static Tensor maxUnpool(Call c) {
        Tensor x = c.x(0);
        Tensor index = c.x(1);
        int dims = x.dim() - 2;
        long[] kernel = c.ints("kernel_shape");
        if (kernel == null || kernel.length != dims) throw c.error("lacks a kernel_shape of " + dims + " dimensions");
        long[] strides = each(c, "strides", dims, 1);
        long[] pads = c.ints("pads");
        long[] small = x.shape().toArray();
        for (int d = 0; d < dims; d++) {
            long padding = pads == null ? 0 : pads[d] + pads[d + dims];
            small[2 + d] = (x.size(2 + d) - 1) * strides[d] + kernel[d] - padding;
        }
        long[] sizes = c.has(2) ? c.longs(2) : small;
        // The indices are of the smallest output that has these windows.
        long all = Arrays.stream(small).reduce(1, (a, b) -> a * b);
        Tensor y = x.newZeros(all).scatter(0, index.reshape(-1), x.reshape(-1)).reshape(small);
        long[][] more = new long[dims][2];
        for (int d = 0; d < dims; d++) more[d][1] = sizes[sizes.length - dims + d] - small[2 + d];
        return padded(y, more, 0);
    }
}
