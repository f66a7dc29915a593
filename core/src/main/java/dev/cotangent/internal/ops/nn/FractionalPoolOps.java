package dev.cotangent.internal.ops.nn;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.FractionalPoolOptions;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.ValuesIndices;
import dev.cotangent.backend.Layout;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.movement.ConcatenationOps;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Maxima over windows whose places are pseudo-random sequences: B. Graham, Fractional Max-Pooling, 2014. */
public final class FractionalPoolOps {
    private static final String[] NAMES = {"time", "height", "width"};

    private FractionalPoolOps() {}

    /** Implements {@code torch.nn.functional.fractional_max_pool2d_with_indices} and {@code 3d}. */
    public static ValuesIndices max(Tensor x, int dims, long[] kernel, FractionalPoolOptions options) {
        String op = "fractional_max_pool" + dims + "d";
        long[] k = PoolGeometry.each(
                kernel,
                dims,
                op + ": kernel_size must either be a single Int or tuple of " + (dims == 3 ? "three " : "") + "Ints");
        long[] outputs = outputs(op, x, dims, options);
        check(op, x, dims, k, outputs);
        Dtype dtype = x.dtype();
        if (!dtype.isFloatingPoint()) throw Promotion.notImplemented("check_uniform_bounds", dtype);
        boolean isBatch = x.dim() == dims + 2;
        long batch = isBatch ? x.size(0) : 1;
        long channels = x.size(-dims - 1);
        Tensor samples = options.getRandomSamples();
        if (samples == null) {
            samples = CreationOps.uninitialized(dtype, x.device(), batch, channels, dims)
                    .uniform_(0, 1);
        } else {
            checkSamples(samples, batch, channels, dims);
        }
        long[] plane = Arrays.copyOfRange(Internals.layout(x).sizes(), x.dim() - dims, x.dim());
        Tensor places = places(samples.detach().reshape(batch * channels, dims), plane, k, outputs);
        long[] sizes = Internals.layout(x).sizes().clone();
        System.arraycopy(outputs, 0, sizes, sizes.length - dims, dims);
        Tensor flat = Internals.wrap(PoolOps.lines(x, dims));
        long windows = places.size(1);
        long each = places.size(2);
        Tensor values = flat.gather(1, places.reshape(batch * channels, windows * each))
                .reshape(batch * channels, windows, each);
        ValuesIndices best = values.max(2, true);
        Tensor at = places.gather(2, best.indices());
        return PoolOps.recorded(
                "FractionalMaxPool" + dims + "D",
                x,
                Internals.wrap(Internals.strided(best.values()).with(Layout.contiguous(sizes))),
                Internals.wrap(Internals.strided(at).with(Layout.contiguous(sizes))),
                dims);
    }

    private static long[] outputs(String op, Tensor x, int dims, FractionalPoolOptions o) {
        long[] size = o.getOutputSize();
        double[] ratio = o.getOutputRatio();
        if (size.length > 0) {
            return PoolGeometry.each(size, dims, op + ": output_size must either be a single Int or tuple of Ints");
        }
        if (ratio.length == 0) {
            throw new ValueException(op + " requires specifying either an output_size or an output_ratio");
        }
        if (ratio.length != 1 && ratio.length != dims) {
            throw new ValueException(op + " requires output_ratio to either be a single Int or tuple of Ints.");
        }
        checkRank(op, x, dims);
        long[] out = new long[dims];
        for (int d = 0; d < dims; d++) {
            double part = ratio[ratio.length == 1 ? 0 : d];
            if (!(part > 0 && part < 1)) {
                throw new ValueException("output_ratio must be between 0 and 1 (got " + part + ")");
            }
            out[d] = (long) (x.size(d - dims) * part);
        }
        return out;
    }

    private static void checkRank(String op, Tensor x, int dims) {
        if (x.dim() == dims + 1 || x.dim() == dims + 2) return;
        throw new CotangentException(op + "(): Expected " + (dims + 1) + "D or " + (dims + 2) + "D tensor, but got: "
                + Arrays.toString(Internals.layout(x).sizes()));
    }

    private static void check(String op, Tensor x, int dims, long[] kernel, long[] outputs) {
        checkRank(op, x, dims);
        for (int d = x.dim() - dims - 1; d < x.dim(); d++) {
            if (x.size(d) > 0) continue;
            throw new CotangentException(
                    op + "(): Expected input to have non-zero size for non-batch dimensions, but" + " got "
                            + Arrays.toString(Internals.layout(x).sizes()) + " with dimension " + d + " being empty.");
        }
        String where = dims == 2 ? op : op + "_out";
        for (int d = 0; d < dims; d++) {
            long size = x.size(d - dims);
            if (outputs[d] < 1) {
                throw new CotangentException(
                        op + ": output_size must be greater than zero, but got " + Arrays.toString(outputs));
            }
            if (kernel[d] >= 1 && outputs[d] + kernel[d] - 1 <= size) continue;
            String name = NAMES[d + 3 - dims];
            throw new CotangentException(
                    where + "(): pool " + name + " " + kernel[d] + " too large relative to input " + name + " " + size);
        }
    }

    private static void checkSamples(Tensor samples, long batch, long channels, int dims) {
        if (samples.dim() != 3) {
            throw new CotangentException("Expect _random_samples to have 3 dimensions, got " + samples.dim());
        }
        long[] want = {batch, channels, dims};
        for (int d = 0; d < 3; d++) {
            boolean fits = d == 0 ? samples.size(0) >= batch : samples.size(d) == want[d];
            if (fits) continue;
            throw new CotangentException("Expect _random_samples.size(" + d + ") "
                    + (d == 0
                            ? "no less then input batch size."
                            : "equals to " + want[d] + "; got " + samples.size(d) + "."));
        }
    }

    /** Returns the indices of the elements of all windows in their planes: [planes, windows, elements]. */
    private static Tensor places(Tensor samples, long[] plane, long[] kernel, long[] outputs) {
        int dims = plane.length;
        Tensor all = null;
        for (int d = 0; d < dims; d++) {
            // The first sample of an image is that of its width, of a volume that of its time.
            Tensor sample = samples.select(1, dims == 2 ? 1 - d : d).unsqueeze(1);
            Tensor start = starts(sample, plane[d], kernel[d], outputs[d]);
            Tensor inner = CreationOps.arange(0, kernel[d], 1, Dtype.INT64, samples.device());
            // [planes, 1, .., outputs, .., 1, 1, .., kernel, ..]
            long[] shape = new long[1 + 2 * dims];
            Arrays.fill(shape, 1);
            shape[0] = start.size(0);
            shape[1 + d] = outputs[d];
            long[] within = new long[1 + 2 * dims];
            Arrays.fill(within, 1);
            within[1 + dims + d] = kernel[d];
            Tensor here = start.reshape(shape).add(inner.reshape(within));
            all = all == null ? here : all.mul(plane[d]).add(here);
        }
        return flat(all, dims);
    }

    private static Tensor flat(@Nullable Tensor all, int dims) {
        if (all == null) throw new IllegalStateException("no dimensions");
        return all.flatten(1 + dims, 2 * dims).flatten(1, dims);
    }

    /**
     * Draws the starts of windows: steps of one of two lengths in random order, the last window ending at the border.
     */
    private static Tensor starts(Tensor sample, long size, long kernel, long outputs) {
        Tensor last = CreationOps.full(Dtype.INT64, sample.device(), size - kernel, sample.size(0), 1);
        if (outputs == 1) return last;
        double alpha = (double) (size - kernel) / (outputs - 1);
        Tensor u = sample.to(sample.dtype().computeType());
        Tensor i = CreationOps.arange(0, outputs - 1, 1, u.dtype(), sample.device());
        Tensor places = u.add(i).mul(alpha).floor().sub(u.mul(alpha).floor());
        return ConcatenationOps.cat(java.util.List.of(places.to(Dtype.INT64), last), 1);
    }
}
