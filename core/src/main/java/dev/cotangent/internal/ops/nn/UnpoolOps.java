package dev.cotangent.internal.ops.nn;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.IndexException;
import dev.cotangent.PoolOptions;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.backend.Scatter;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import java.util.Arrays;
import java.util.StringJoiner;

/** The inverse of maxima over windows: elements back at their places, zeros elsewhere. */
public final class UnpoolOps {
    private UnpoolOps() {}

    /** Implements {@code torch.nn.functional.max_unpool1d} to {@code 3d}. */
    public static Tensor max(
            Tensor x, int dims, Tensor indices, long[] kernel, PoolOptions options, long[] outputSize) {
        PoolGeometry g = PoolGeometry.of("max_unpool" + dims + "d", dims, kernel, options);
        long[] sizes = sizes(x, dims, g, outputSize);
        if (dims > 1) return unpooled(x, dims, indices, g, sizes);
        PoolGeometry column = PoolGeometry.of(
                "max_unpool2d",
                2,
                new long[] {g.kernel()[0], 1},
                options.stride(1).padding(0));
        return unpooled(x.unsqueeze(-1), 2, indices.unsqueeze(-1), column, new long[] {sizes[0], 1})
                .squeeze(-1);
    }

    /** Returns the given sizes, or the smallest that the windows cover. */
    private static long[] sizes(Tensor x, int dims, PoolGeometry g, long[] given) {
        long[] least = new long[dims];
        for (int d = 0; d < dims; d++) {
            least[d] = (x.size(d - dims) - 1) * g.stride()[d] + g.kernel()[d] - 2 * g.padding()[d];
        }
        if (given.length == 0) return least;
        long[] sizes = given.length == dims + 2 ? Arrays.copyOfRange(given, 2, given.length) : given.clone();
        if (sizes.length != dims) {
            throw new ValueException("output_size should be a sequence containing " + dims + " or " + (dims + 2)
                    + " elements, but it has a length of '" + given.length + "'");
        }
        for (int d = 0; d < dims; d++) {
            long low = least[d] - g.stride()[d];
            long high = least[d] + g.stride()[d];
            if (low < sizes[d] && sizes[d] < high) continue;
            throw new ValueException("invalid output_size \"" + text(sizes) + "\" (dim " + d + " must be between " + low
                    + " and " + high + ")");
        }
        return sizes;
    }

    private static String text(long[] sizes) {
        StringJoiner text = new StringJoiner(", ", "(", sizes.length == 1 ? ",)" : ")");
        for (long s : sizes) text.add("" + s);
        return text.toString();
    }

    private static Tensor unpooled(Tensor x, int dims, Tensor indices, PoolGeometry g, long[] outputs) {
        check(x, dims, indices, g);
        long[] sizes = Internals.layout(x).sizes().clone();
        System.arraycopy(outputs, 0, sizes, sizes.length - dims, dims);
        Tensor out = CreationOps.zeros(x.dtype(), x.device(), sizes);
        if (x.numel() > 0) {
            try {
                Internals.backend(out)
                        .scatter(
                                Scatter.SET,
                                PoolOps.lines(out, dims),
                                1,
                                PoolOps.lines(indices, dims),
                                PoolOps.lines(x, dims));
            } catch (IndexException e) {
                throw invalid(indices, outputs, e);
            }
        }
        return GradientRule.of("MaxUnpool" + dims + "DBackward0", out)
                .input(x, indices, (gradient, at) -> PoolOps.picked(gradient, at, dims))
                .done();
    }

    private static void check(Tensor x, int dims, Tensor indices, PoolGeometry g) {
        if (indices.dtype() != Dtype.INT64) {
            throw new CotangentException("elements in indices should be type int64"
                    + (dims == 2 ? " but got: " + indices.dtype().scalarName() : ""));
        }
        long[] sizes = Internals.layout(x).sizes();
        if (sizes.length != dims + 1 && sizes.length != dims + 2) {
            throw new CotangentException("Input to max_unpooling" + dims + "d should be a " + (dims + 1) + "d or "
                    + (dims + 2) + "d Tensor, but got a tensor with " + sizes.length + " dimensions.");
        }
        if (!Arrays.equals(sizes, Internals.layout(indices).sizes())) {
            throw new CotangentException("Expected shape of indices to be same as that of the input tensor ("
                    + Arrays.toString(sizes) + ") but got indices tensor with shape: "
                    + Arrays.toString(Internals.layout(indices).sizes()));
        }
        for (int d = sizes.length - dims - 1; d < sizes.length; d++) {
            if (sizes[d] > 0) continue;
            throw new CotangentException("max_unpooling" + dims + "d_forward_out_cpu(): Expected input to have non-zero"
                    + " size for non-batch dimensions, but got " + Arrays.toString(sizes) + " with dimension " + d
                    + " being empty.");
        }
        for (long s : g.stride()) {
            if (s > 0 || dims == 2) continue;
            throw new CotangentException(
                    "strides should be greater than zero, but got stride: " + Arrays.toString(g.stride()));
        }
        if (!x.dtype().isFloatingPoint()) throw Promotion.notImplemented("max_unpool" + dims + "d", x.dtype());
        Promotion.device("max_unpool" + dims + "d", x, indices);
    }

    private static CotangentException invalid(Tensor indices, long[] outputs, IndexException failure) {
        long volume = 1;
        StringJoiner text = new StringJoiner("x");
        for (long s : outputs) {
            volume *= s;
            text.add("" + s);
        }
        for (long i : indices.contiguous().toLongArray()) {
            if (i >= 0 && i < volume) continue;
            return new CotangentException(
                    "Found an invalid max index: " + i + " (output volumes are of size " + text + ")");
        }
        return failure;
    }
}
