package dev.cotangent.internal.ops.nn;

import dev.cotangent.CotangentException;
import dev.cotangent.DivRounding;
import dev.cotangent.Dtype;
import dev.cotangent.PoolOptions;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.ValuesIndices;
import dev.cotangent.autograd.GradMode;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.backend.Windows;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.creation.Sequences;
import java.util.Arrays;

/** Pooling of the last one to three dimensions by windows: maxima, means, power means. */
public final class PoolOps {
    private PoolOps() {}

    // Maxima

    /** Implements {@code torch.nn.functional.max_pool1d} to {@code 3d}. */
    public static Tensor max(Tensor x, int dims, long[] kernel, PoolOptions options) {
        if (dims == 1) {
            checkLine(x, kernel, options);
            return line(pooled(x.unsqueeze(-2), 2, long1(kernel), ofLine(kernel, options), recorded(x)))
                    .values();
        }
        return pooled(x, dims, kernel, options, recorded(x)).values();
    }

    private static boolean recorded(Tensor x) {
        return GradMode.isEnabled() && x.requiresGrad();
    }

    /** Works as {@link #max} and returns the maxima's row-major indices in their planes, too. */
    public static ValuesIndices maxWithIndices(Tensor x, int dims, long[] kernel, PoolOptions options) {
        if (dims > 1) return pooled(x, dims, kernel, options, true);
        checkRank("max_pool1d", x, 2, 3);
        return line(pooled(x.unsqueeze(-2), 2, long1(kernel), ofLine(kernel, options), true));
    }

    private static ValuesIndices line(ValuesIndices image) {
        Tensor indices = image.indices();
        return new ValuesIndices(image.values().squeeze(-2), indices.dim() == 1 ? indices : indices.squeeze(-2));
    }

    /** Throws PyTorch's error of {@code checkDimRange}. */
    static void checkRank(String op, Tensor x, int least, int most) {
        if (x.dim() >= least && x.dim() <= most) return;
        throw new CotangentException("Expected " + least + " to " + most + " dimensions, but got " + x.dim()
                + "-dimensional tensor for argument #1 'self' (while checking arguments for " + op + ")");
    }

    private static void checkLine(Tensor x, long[] kernel, PoolOptions o) {
        long[] sizes = Internals.layout(x).sizes();
        boolean fits = sizes.length == 2 || sizes.length == 3;
        for (int d = Math.max(0, sizes.length - 2); d < sizes.length; d++) fits &= sizes[d] > 0;
        if (!fits) {
            throw new CotangentException(
                    "max_pool1d: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for input,"
                            + " but got:" + Arrays.toString(sizes));
        }
        long k = one("kernel_size must be an int, list of ints or tuple of ints of size 1", kernel);
        long[] given = o.getStride();
        long stride = given.length == 0
                ? k
                : one("stride must be None, an int, list of ints, or tuple of ints of size 1", given);
        long pad = one("padding must be an int, list of ints, or tuple of ints of size 1", o.getPadding());
        long dilation = one("dilation must be an int, list of ints or tuple of ints of size 1", o.getDilation());
        checkAbove("kernel_size", k);
        checkAbove("stride", stride);
        if (pad < 0) throw new CotangentException("max_pool1d() padding must be non-negative, but got " + pad);
        if (pad > k / 2) {
            throw new CotangentException("max_pool1d() padding should be at most half of kernel size, but got padding="
                    + pad + " and kernel_size=" + k);
        }
        checkAbove("dilation", dilation);
        if (x.dtype() == Dtype.BOOL) throw Promotion.notImplemented("max_pool1d_impl", x.dtype());
        PoolGeometry line = new PoolGeometry(
                new long[] {k}, new long[] {stride}, new long[] {pad}, new long[] {dilation}, o.isCeilMode());
        long n = line.outputs(x.size(-1), 0);
        if (n <= 0) throw new CotangentException("max_pool1d() Invalid computed output size: " + n);
    }

    private static long one(String message, long[] given) {
        if (given.length == 1) return given[0];
        throw new CotangentException("max_pool1d() " + message + " but got size " + given.length);
    }

    private static void checkAbove(String what, long value) {
        if (value > 0) return;
        throw new CotangentException("max_pool1d() " + what + " must be greater than zero, but got " + value);
    }

    private static long[] long1(long[] kernel) {
        return kernel.length == 1 ? new long[] {1, kernel[0]} : kernel;
    }

    /** Returns the options that pool an image of one row in the same way. */
    private static PoolOptions ofLine(long[] kernel, PoolOptions o) {
        long[] stride = o.getStride().length == 0 ? kernel : o.getStride();
        return o.stride(long1(stride)).padding(0, o.getPadding()[0]).dilation(1, o.getDilation()[0]);
    }

    private static ValuesIndices pooled(Tensor x, int dims, long[] kernel, PoolOptions options, boolean withIndices) {
        String op = "max_pool" + dims + "d";
        PoolGeometry geometry = PoolGeometry.of(op, dims, kernel, options);
        checkImage(x, dims);
        long[] outputs = geometry.outputs(x);
        geometry.check(x, outputs, dims == 3 ? "max_pool3d_with_indices_out_cpu_template" : op);
        if (x.dtype() == Dtype.BOOL) throw Promotion.notImplemented(op, x.dtype());
        return maxima("MaxPool" + dims + "DWithIndices", x, geometry.windows(x, outputs), withIndices);
    }

    private static void checkImage(Tensor x, int dims) {
        if (x.dim() == dims + 1 || x.dim() == dims + 2) return;
        throw new CotangentException(
                "non-empty " + (dims + 1) + "D or " + (dims + 2) + "D (batch mode) tensor expected for input");
    }

    /** Computes the maxima of windows, and their indices if requested, else an empty tensor. */
    static ValuesIndices maxima(String node, Tensor x, Windows[] windows, boolean withIndices) {
        Tensor out = CreationOps.uninitialized(x.dtype(), x.device(), sizes(x, windows));
        Tensor indices = CreationOps.uninitialized(
                Dtype.INT64, x.device(), withIndices ? Internals.layout(out).sizes() : new long[] {0});
        if (out.numel() > 0) {
            Internals.backend(x)
                    .windowMax(
                            planes(x, windows.length),
                            windows,
                            planes(out, windows.length),
                            withIndices ? planes(indices, windows.length) : null);
        }
        if (!withIndices) return new ValuesIndices(out, indices);
        return recorded(node, x, out, indices, windows.length);
    }

    /** Records that elements were taken from places of their planes. */
    static ValuesIndices recorded(String node, Tensor x, Tensor out, Tensor indices, int dims) {
        GradientRule.of(node + "Backward0", out, indices)
                .add(
                        x,
                        (g, saved) -> g[0] == null ? null : maxBackward(node, g[0], saved[0], saved[1], dims),
                        indices,
                        x)
                .done();
        return new ValuesIndices(out, indices);
    }

    /** Adds gradients where the maxima were. */
    static Tensor maxBackward(String node, Tensor g, Tensor indices, Tensor self, int dims) {
        Tensor out =
                CreationOps.zeros(g.dtype(), g.device(), Internals.layout(self).sizes());
        if (g.numel() > 0) {
            Internals.backend(g).addInPlanes(lines(g, dims), lines(indices, dims), lines(out, dims));
        }
        return GradientRule.of(node + "BackwardBackward0", out)
                .input(g, indices, (gg, at) -> picked(gg, at, dims))
                .input(self, self, (gg, saved) -> saved.zerosLike())
                .done();
    }

    /** Gathers elements of planes by row-major indices. */
    static Tensor picked(Tensor x, Tensor indices, int dims) {
        int lead = x.dim() - dims;
        if (indices.numel() == 0)
            return CreationOps.zeros(
                    x.dtype(), x.device(), Internals.layout(indices).sizes());
        return x.flatten(lead, -1)
                .gather(lead, indices.flatten(lead, -1))
                .reshape(Internals.layout(indices).sizes());
    }

    /** Implements {@code torch.ops.aten.max_pool2d_with_indices_backward}. */
    public static Tensor max2dBackward(Tensor g, Tensor self, long[] kernel, PoolOptions options, Tensor indices) {
        Promotion.device("max_pool2d_with_indices_backward", g, self, indices);
        PoolGeometry geometry = PoolGeometry.of("max_pool2d", 2, kernel, options);
        checkImage(self, 2);
        long[] outputs = geometry.outputs(self);
        geometry.check(self, outputs, "max_pool2d");
        long[] sizes = sizes(self, geometry.windows(self, outputs));
        checkSizes("gradOutput", g, sizes);
        checkSizes("indices", indices, sizes);
        if (indices.dtype() != Dtype.INT64) {
            throw new CotangentException("Expected tensor for argument #3 'indices' to have scalar type Long; but got "
                    + indices.type() + " instead (while checking arguments for max_pool2d_with_indices_backward)");
        }
        return maxBackward("MaxPool2DWithIndices", g, indices, self, 2);
    }

    private static void checkSizes(String what, Tensor t, long[] sizes) {
        if (Arrays.equals(Internals.layout(t).sizes(), sizes)) return;
        throw new CotangentException("Expected a tensor of shape " + Arrays.toString(sizes) + " for " + what
                + " of max_pool2d_with_indices_backward, but got "
                + Arrays.toString(Internals.layout(t).sizes()));
    }

    // Sums and means

    /** Implements {@code torch.nn.functional.avg_pool1d} to {@code 3d}. */
    public static Tensor avg(Tensor x, int dims, long[] kernel, PoolOptions o) {
        if (dims == 1) {
            checkRank("avg_pool1d", x, 2, 3);
            checkOne("avg_pool1d", "kernel_size", kernel);
            if (o.getStride().length > 0) checkOne("avg_pool1d", "stride", o.getStride());
            checkOne("avg_pool1d", "padding", o.getPadding());
            return avg(x.unsqueeze(-2), 2, long1(kernel), ofLine(kernel, o)).squeeze(-2);
        }
        String op = "avg_pool" + dims + "d";
        PoolGeometry geometry = PoolGeometry.of(op, dims, kernel, o.dilation(1));
        Long divisor = o.getDivisorOverride();
        if (divisor != null && divisor == 0) throw new CotangentException("divisor must be not zero");
        if (dims == 3) checkImage(x, dims);
        long[] outputs = geometry.outputs(x);
        geometry.check(x, outputs, op);
        Dtype dtype = x.dtype();
        if (!dtype.isFloatingPoint() && dtype != Dtype.INT64) {
            throw Promotion.notImplemented(dims == 2 ? op : "avg_pool3d_out_frame", dtype);
        }
        Windows[] windows = geometry.windows(x, outputs);
        for (int d = 0; d < dims; d++) windows[d] = withoutPad(geometry, windows[d], d);
        String node = "AvgPool" + dims + "D";
        if (divisor != null) return sums(node, x, windows, divisor);
        double[][] counts = new double[dims][];
        for (int d = 0; d < dims; d++) {
            counts[d] = geometry.counts(windows[d].size(), windows[d].outputs(), d, o.isCountIncludePad());
        }
        return means(node, x, windows, counts);
    }

    /** Removes padding from windows; a window outside of the image has no elements and a sum of 0. */
    private static Windows withoutPad(PoolGeometry g, Windows w, int d) {
        int[] count = w.count();
        for (int o = 0; o < count.length; o++) {
            if (o * g.stride()[d] - g.padding()[d] >= w.size()) count[o] = 0;
        }
        return w;
    }

    private static void checkOne(String op, String argument, long[] given) {
        if (given.length == 1) return;
        throw new CotangentException(
                op + "() argument '" + argument + "' should contain one int (got " + given.length + ")");
    }

    /** Computes the means of windows, given the number of elements of each. */
    private static Tensor means(String node, Tensor x, Windows[] windows, double[][] counts) {
        double divisor = 1;
        boolean isUniform = true;
        for (double[] of : counts) {
            for (double c : of) isUniform &= c == of[0];
            if (of.length > 0) divisor *= of[0];
        }
        if (isUniform) return sums(node, x, windows, divisor);
        if (!x.dtype().isFloatingPoint()) return integerMeans(node, x, windows, counts);
        Windows[] weighted = new Windows[windows.length];
        for (int d = 0; d < weighted.length; d++) weighted[d] = weighted(windows[d], counts[d]);
        return sums(node, x, weighted, 1);
    }

    private static Tensor integerMeans(String node, Tensor x, Windows[] windows, double[][] counts) {
        Tensor sums = sums(node, x, windows, 1);
        for (int d = 0; d < counts.length; d++) {
            long[] shape = new long[counts.length];
            Arrays.fill(shape, 1);
            shape[d] = counts[d].length;
            double[] of = counts[d];
            Tensor each = Sequences.longs(
                    CreationOps.uninitialized(Dtype.INT64, x.device(), of.length), i -> (long) of[(int) i]);
            sums = sums.div(each.reshape(shape), DivRounding.TRUNC);
        }
        return sums;
    }

    private static Windows weighted(Windows w, double[] counts) {
        double[] weights = new double[w.outputs() * w.most()];
        for (int o = 0; o < w.outputs(); o++) {
            Arrays.fill(weights, o * w.most(), o * w.most() + w.count()[o], 1 / counts[o]);
        }
        return new Windows(w.size(), w.first(), w.count(), 1, w.most(), weights);
    }

    /**
     * Computes weighted sums over windows. Their gradient depends on the input, as PyTorch's does, with a gradient of
     * zero.
     */
    static Tensor sums(String node, Tensor x, Windows[] windows, double divisor) {
        return GradientRule.of(node + "Backward0", windowSum(x, windows, divisor))
                .input(x, x, (g, self) -> sumsBackward(node, g, self, windows, divisor))
                .done();
    }

    private static Tensor sumsBackward(String node, Tensor g, Tensor self, Windows[] windows, double divisor) {
        return GradientRule.of(node + "BackwardBackward0", windowSum(g, transposed(windows), divisor))
                .input(g, gg -> sums(node, gg, windows, divisor))
                .input(self, self, (gg, saved) -> saved.zerosLike())
                .done();
    }

    /** Works as {@link #sums} with a gradient that does not depend on the input. */
    static Tensor linear(String node, Tensor x, Windows[] windows) {
        return GradientRule.of(node + "Backward0", windowSum(x, windows, 1))
                .input(
                        x,
                        g -> GradientRule.of(node + "BackwardBackward0", windowSum(g, transposed(windows), 1))
                                .input(g, gg -> linear(node, gg, windows))
                                .done())
                .done();
    }

    private static Windows[] transposed(Windows[] windows) {
        Windows[] back = new Windows[windows.length];
        for (int d = 0; d < back.length; d++) back[d] = windows[d].transposed();
        return back;
    }

    private static Tensor windowSum(Tensor x, Windows[] windows, double divisor) {
        Tensor out = CreationOps.uninitialized(x.dtype(), x.device(), sizes(x, windows));
        if (out.numel() > 0) {
            Internals.backend(x).windowSum(planes(x, windows.length), windows, divisor, planes(out, windows.length));
        }
        return out;
    }

    // Adaptive windows

    /** Implements {@code torch.nn.functional.adaptive_avg_pool1d} to {@code 3d}; of all dimensions. */
    public static Tensor adaptiveAvg(Tensor x, int dims, long[] outputSize) {
        String op = "adaptive_avg_pool" + dims + "d";
        if (dims == 1) {
            checkOne(op, "output_size", outputSize);
            checkRank(op, x, 2, 3);
            return adaptiveAvg(x.unsqueeze(-2), 2, new long[] {1, outputSize[0]})
                    .squeeze(-2);
        }
        if (outputSize.length != dims) {
            throw new CotangentException(op + ": output_size must be " + dims);
        }
        for (long s : outputSize) {
            if (s >= 0) continue;
            StringBuilder text = new StringBuilder("{" + outputSize[0] + ", " + outputSize[1]);
            if (dims == 3) text.append(",").append(outputSize[2]);
            throw new CotangentException(
                    op + ": elements of output_size must be greater than or equal to 0 but received " + text + "}");
        }
        checkAdaptive(op, x, dims, "", dims == 3);
        boolean isWhole = Arrays.stream(outputSize).allMatch(s -> s == 1);
        if (!x.dtype().isFloatingPoint()) {
            throw Promotion.notImplemented(dims == 2 ? op : op + "_cpu", x.dtype());
        }
        if (isWhole) return x.mean(dims == 2 ? new int[] {-1, -2} : new int[] {-1, -2, -3}, true);
        Windows[] windows = adaptive(x, outputSize);
        double[][] counts = new double[dims][];
        for (int d = 0; d < dims; d++) {
            counts[d] = Arrays.stream(windows[d].count()).asDoubleStream().toArray();
        }
        return means("AdaptiveAvgPool" + dims + "D", x, windows, counts);
    }

    /** Implements {@code torch.nn.functional.adaptive_max_pool1d} to {@code 3d} with indices. */
    public static ValuesIndices adaptiveMax(Tensor x, int dims, long[] outputSize) {
        String op = "adaptive_max_pool" + dims + "d";
        if (dims == 1) {
            checkOne(op, "output_size", outputSize);
            checkRank(op, x, 2, 3);
            checkFilled(op, x, 1);
            return line(adaptiveMax(x.unsqueeze(-2), 2, new long[] {1, outputSize[0]}));
        }
        if (outputSize.length != dims) {
            throw new CotangentException(op + "(): internal error: output_size.size() must be " + dims);
        }
        checkAdaptive(op, x, dims, ":", true);
        long[] sizes = Internals.layout(x).sizes().clone();
        System.arraycopy(outputSize, 0, sizes, sizes.length - dims, dims);
        for (long s : outputSize) {
            if (s >= 0) continue;
            throw new CotangentException(
                    "Trying to create tensor with negative dimension " + s + ": " + Arrays.toString(sizes));
        }
        if (!x.dtype().isFloatingPoint()) {
            throw Promotion.notImplemented(dims == 2 ? op : op + "_cpu", x.dtype());
        }
        return maxima("AdaptiveMaxPool" + dims + "D", x, adaptive(x, outputSize), true);
    }

    private static void checkAdaptive(String op, Tensor x, int dims, String colon, boolean withChannels) {
        if (x.dim() != dims + 1 && x.dim() != dims + 2) {
            throw new CotangentException(op + "(): Expected " + (dims + 1) + "D or " + (dims + 2) + "D tensor, but got"
                    + colon + " " + Arrays.toString(Internals.layout(x).sizes()));
        }
        checkFilled(op, x, withChannels ? x.dim() - dims - 1 : x.dim() - dims);
    }

    private static void checkFilled(String op, Tensor x, int from) {
        if (op.equals("adaptive_max_pool1d")) from = x.dim() - 2;
        for (int d = from; d < x.dim(); d++) {
            if (x.size(d) > 0) continue;
            throw new CotangentException(op + "(): Expected input to have non-zero size for non-batch dimensions, but"
                    + " input has sizes " + Arrays.toString(Internals.layout(x).sizes()) + " with dimension " + d
                    + " being empty");
        }
    }

    /**
     * Returns windows of about equal sizes that cover all: from {@code floor(o * size / n)} to
     * {@code ceil((o + 1) * size / n)}.
     */
    private static Windows[] adaptive(Tensor x, long[] outputSize) {
        Windows[] all = new Windows[outputSize.length];
        for (int d = 0; d < all.length; d++) {
            int size = Math.toIntExact(x.size(d - all.length));
            int n = Math.toIntExact(outputSize[d]);
            int[] first = new int[n];
            int[] count = new int[n];
            for (int o = 0; o < n; o++) {
                first[o] = (int) ((long) o * size / n);
                count[o] = (int) Math.ceilDiv((o + 1L) * size, n) - first[o];
            }
            all[d] = Windows.of(size, first, count, 1);
        }
        return all;
    }

    // Power means

    /** Implements {@code torch.nn.functional.lp_pool1d} to {@code 3d}: roots of sums of powers, without padding. */
    public static Tensor lp(Tensor x, int dims, Number normType, long[] kernel, PoolOptions options) {
        PoolOptions o = options.padding(0).countIncludePad(true);
        Tensor mean = avg(x.pow(normType), dims, kernel, o);
        double count = 1;
        for (int d = 0; d < dims; d++) count *= kernel[kernel.length == 1 ? 0 : d];
        return mean.sign().mul(mean.abs().relu()).mul(count).pow(1 / normType.doubleValue());
    }

    // Layouts

    /** Returns the shape with the numbers of windows as its last sizes. */
    private static long[] sizes(Tensor x, Windows[] windows) {
        long[] sizes = Internals.layout(x).sizes().clone();
        for (int d = 0; d < windows.length; d++) {
            sizes[sizes.length - windows.length + d] = windows[d].outputs();
        }
        return sizes;
    }

    /** Collapses all but the last {@code dims} dimensions to one. */
    static Strided planes(Tensor x, int dims) {
        long[] sizes = Internals.layout(x).sizes();
        long[] to = new long[dims + 1];
        to[0] = 1;
        for (int d = 0; d < sizes.length - dims; d++) to[0] *= sizes[d];
        System.arraycopy(sizes, sizes.length - dims, to, 1, dims);
        return viewed(x, to);
    }

    /** Collapses to planes and their elements. */
    static Strided lines(Tensor x, int dims) {
        long planes = 1;
        long elements = 1;
        long[] sizes = Internals.layout(x).sizes();
        for (int d = 0; d < sizes.length; d++) {
            if (d < sizes.length - dims) planes *= sizes[d];
            else elements *= sizes[d];
        }
        return viewed(x, planes, elements);
    }

    private static Strided viewed(Tensor x, long... sizes) {
        Strided s = Internals.strided(x);
        Layout view = s.layout().view(sizes);
        if (view != null) return s.with(view);
        Tensor dense = x.detach().contiguous();
        return Internals.strided(dense).with(Layout.contiguous(sizes));
    }

    /** Returns output sizes of all dimensions, with the input's for {@link PoolOptions#KEEP}. */
    public static long[] adaptiveSizes(Tensor x, int dims, long[] sizes) {
        if (dims > 1 && x.dim() <= sizes.length) {
            throw new ValueException("Input dimension should be at least " + (sizes.length + 1));
        }
        long[] out = sizes.length == 1 && dims > 1 ? PoolGeometry.each(sizes, dims, "") : sizes.clone();
        for (int d = 0; d < out.length; d++) {
            if (out[d] == PoolOptions.KEEP && x.dim() >= out.length) out[d] = x.size(d - out.length);
        }
        return out;
    }
}
