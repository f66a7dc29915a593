package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Convolution;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions of float32, float64 and the half types, which are computed in float32: matrix products in which the
 * matrix of patches exists only in packed form (implicit GEMM: Chetlur and others, cuDNN, 2014; explicit in Chellapilla
 * and others 2006). Additional memory is that of a few padded images, and of the rearranged weights.
 */
final class ConvolutionGemm {
    private static final WorkerPool ALONE = new WorkerPool(1);

    private static final int DIMS = 3;

    /** Inner indices of a product for a weight's gradient at least, if there are as many. */
    private static final int DEPTH = 2048;

    /** Elements of padded images for the gradient of a depthwise weight, which fit the second cache. */
    private static final int DOTS = 1 << 16;

    /** Elements of padded images for it. */
    private static final int ROOM = 1 << 22;

    private final CpuBackend backend;
    private final WorkerPool pool;
    private final MatMul matMul;

    ConvolutionGemm(CpuBackend backend, WorkerPool pool, MatMul matMul) {
        this.backend = backend;
        this.pool = pool;
        this.matMul = matMul;
    }

    /** Returns whether it supports a convolution. */
    static boolean takes(Dtype dtype, Convolution conv, Strided... all) {
        for (Strided s : all) if (s.numel() == 0) return false;
        return dtype.isFloatingPoint() && conv.dims() <= DIMS;
    }

    /** The sizes and steps of a convolution, of three dimensions by those of size 1 in front. */
    private static final class Shape {
        final int[] inner = {1, 1, 1};
        final int[] kernel = {1, 1, 1};
        final int[] outer = {1, 1, 1};
        final int[] stride = {1, 1, 1};
        final int[] padding = {0, 0, 0};
        final int[] dilation = {1, 1, 1};
        final int images;
        final int groups;
        final int channels;
        final int filters;
        final int taps;

        Shape(Strided in, Strided weight, Strided out, Convolution conv) {
            int dims = conv.dims();
            for (int d = 0; d < dims; d++) {
                int to = DIMS - dims + d;
                inner[to] = (int) in.layout().size(d + 2);
                kernel[to] = (int) weight.layout().size(d + 2);
                outer[to] = (int) out.layout().size(d + 2);
                stride[to] = (int) conv.stride(d);
                padding[to] = (int) conv.padding(d);
                dilation[to] = (int) conv.dilation(d);
            }
            images = (int) in.layout().size(0);
            groups = (int) conv.groups();
            channels = (int) in.layout().size(1) / groups;
            filters = (int) out.layout().size(1) / groups;
            taps = kernel[0] * kernel[1] * kernel[2];
        }

        int innerSize() {
            return inner[0] * inner[1] * inner[2];
        }

        int outerSize() {
            return outer[0] * outer[1] * outer[2];
        }

        /** Returns the geometry of the forward convolution. */
        Correlation forward() {
            int[] after = new int[DIMS];
            for (int d = 0; d < DIMS; d++) {
                int needed = (outer[d] - 1) * stride[d] + dilation[d] * (kernel[d] - 1) + 1;
                // What nobody reads is padded nevertheless if the image has it.
                after[d] = Math.max(0, needed - inner[d] - padding[d]);
            }
            PaddedImages images = new PaddedImages(channels, groups * channels, inner, padding, after, stride[2]);
            int[] rows = new int[channels * taps];
            int n = 0;
            for (int c = 0; c < channels; c++) {
                for (int z = 0; z < kernel[0]; z++) {
                    for (int y = 0; y < kernel[1]; y++) {
                        for (int x = 0; x < kernel[2]; x++) {
                            int at = images.at(z * dilation[0], y * dilation[1], x * dilation[2]);
                            rows[n++] = c * images.channel + at;
                        }
                    }
                }
            }
            int[] lines = new int[outer[0] * outer[1]];
            for (int z = 0, i = 0; z < outer[0]; z++) {
                for (int y = 0; y < outer[1]; y++) lines[i++] = images.at(z * stride[0], y * stride[1], 0);
            }
            return Correlation.of(images, rows, lines, outer[2]);
        }
    }

    void forward(Strided in, Strided weight, @Nullable Strided bias, Convolution conv, Strided out) {
        Shape s = new Shape(in, weight, out, conv);
        Dtype dtype = weight.dtype().computeType();
        Strided x = dense(in, dtype);
        Strided w = dense(weight, dtype);
        Strided y = target(out, dtype);
        int l = s.outerSize();
        int all = s.groups * s.filters;
        s.forward()
                .run(
                        backend,
                        pool,
                        dtype,
                        x.storage().memory(),
                        (int) x.layout().offset(),
                        s.images,
                        s.groups,
                        s.filters,
                        new Correlation.Weights(
                                w.storage().memory(), (int) w.layout().offset()),
                        vector(bias, dtype),
                        (group, image, some) -> result(y, image * all + group * s.filters, l, all));
        finish(y, out);
        discard(x, in);
        discard(w, weight);
    }

    /** Returns the result, channels counted over images, from a channel on. */
    private static Gemm.Result result(Strided y, int channel, int positions, int channels) {
        int start = (int) y.layout().offset() + channel * positions;
        Gemm.Matrix first =
                new Gemm.Matrix(RegisterCodec.of(y.dtype()), y.storage().memory(), start, positions, 1);
        return new Gemm.Result(first, positions, channels * positions);
    }

    /**
     * Computes the input's gradient: for inputs whose indices have the same remainders by the strides, the correlation
     * of the output's gradient with those elements of the kernel that reach it.
     */
    void inputBackward(Strided g, Strided weight, @Nullable Strided bias, Convolution conv, Strided out) {
        Shape s = new Shape(out, weight, g, conv);
        Dtype dtype = weight.dtype().computeType();
        Strided from = dense(g, dtype);
        Strided w = dense(weight, dtype);
        Strided to = target(out, dtype);
        Object summands = vector(bias, dtype);
        for (int z = 0; z < Math.min(s.stride[0], s.inner[0]); z++) {
            for (int y = 0; y < Math.min(s.stride[1], s.inner[1]); y++) {
                for (int x = 0; x < Math.min(s.stride[2], s.inner[2]); x++) {
                    Phase phase = Phase.of(s, z, y, x);
                    inputBackward(s, phase, dtype, from, w, summands, to);
                }
            }
        }
        finish(to, out);
        discard(from, g);
        discard(w, weight);
    }

    /**
     * Inputs of the same remainders.
     *
     * @param first the first of them
     * @param count how many there are
     * @param taps for each dimension the elements of the kernel that reach them
     * @param shifts for each of those how far its output is from the input, by the stride
     */
    private record Phase(int[] first, int[] count, int[][] taps, int[][] shifts) {
        static Phase of(Shape s, int... first) {
            int[] count = new int[DIMS];
            int[][] taps = new int[DIMS][];
            int[][] shifts = new int[DIMS][];
            for (int d = 0; d < DIMS; d++) {
                count[d] = Math.ceilDiv(s.inner[d] - first[d], s.stride[d]);
                List<Integer> some = new ArrayList<>();
                for (int k = 0; k < s.kernel[d]; k++) {
                    if (Math.floorMod(first[d] + s.padding[d] - k * s.dilation[d], s.stride[d]) == 0) some.add(k);
                }
                taps[d] = some.stream().mapToInt(k -> k).toArray();
                int dim = d;
                shifts[d] = some.stream()
                        .mapToInt(k -> Math.floorDiv(first[dim] + s.padding[dim] - k * s.dilation[dim], s.stride[dim]))
                        .toArray();
            }
            return new Phase(first, count, taps, shifts);
        }

        int number() {
            return taps[0].length * taps[1].length * taps[2].length;
        }

        Correlation correlation(Shape s) {
            int[] before = new int[DIMS];
            int[] after = new int[DIMS];
            for (int d = 0; d < DIMS; d++) {
                for (int shift : shifts[d]) {
                    before[d] = Math.max(before[d], -shift);
                    after[d] = Math.max(after[d], shift + count[d] - s.outer[d]);
                }
            }
            PaddedImages images = new PaddedImages(s.filters, s.groups * s.filters, s.outer, before, after, 1);
            int[] rows = new int[s.filters * number()];
            int n = 0;
            for (int o = 0; o < s.filters; o++) {
                for (int z : shifts[0]) {
                    for (int y : shifts[1]) {
                        for (int x : shifts[2]) {
                            int at = images.at(z + before[0], y + before[1], x + before[2]);
                            rows[n++] = o * images.channel + at;
                        }
                    }
                }
            }
            int[] lines = new int[count[0] * count[1]];
            for (int z = 0, i = 0; z < count[0]; z++) {
                for (int y = 0; y < count[1]; y++) lines[i++] = images.at(z, y, 0);
            }
            return Correlation.of(images, rows, lines, count[2]);
        }

        /** Packs the weights of these elements of the kernel by channels and filters. */
        Object weights(Shape s, Object w, int start) {
            Object to = w instanceof float[]
                    ? new float[s.groups * s.channels * s.filters * number()]
                    : new double[s.groups * s.channels * s.filters * number()];
            int n = 0;
            for (int g = 0; g < s.groups; g++) {
                for (int c = 0; c < s.channels; c++) {
                    for (int o = 0; o < s.filters; o++) {
                        int at = start + ((g * s.filters + o) * s.channels + c) * s.taps;
                        for (int z : taps[0]) {
                            for (int y : taps[1]) {
                                int row = at + (z * s.kernel[1] + y) * s.kernel[2];
                                for (int x : taps[2]) {
                                    if (to instanceof float[] f) f[n++] = ((float[]) w)[row + x];
                                    else ((double[]) to)[n++] = ((double[]) w)[row + x];
                                }
                            }
                        }
                    }
                }
            }
            return to;
        }
    }

    private void inputBackward(
            Shape s, Phase phase, Dtype dtype, Strided g, Strided w, @Nullable Object bias, Strided to) {
        int l = s.innerSize();
        int all = s.groups * s.channels;
        if (phase.number() == 0) {
            begin(s, phase, bias, to);
            return;
        }
        Correlation correlation = phase.correlation(s);
        Correlation.Weights weights = new Correlation.Weights(
                phase.weights(s, w.storage().memory(), (int) w.layout().offset()), 0);
        boolean whole = s.stride[0] == 1 && s.stride[1] == 1 && s.stride[2] == 1;
        int positions = correlation.positions();
        Correlation.Target target = whole
                ? (group, image, some) -> result(to, image * all + group * s.channels, l, all)
                : new Correlation.Target() {
                    @Override
                    public Gemm.Result of(int group, int image, int some) {
                        Object memory = RegisterType.of(dtype).allocate(some * s.channels * positions);
                        Gemm.Matrix first = new Gemm.Matrix(RegisterCodec.of(dtype), memory, 0, positions, 1);
                        return new Gemm.Result(first, positions, s.channels * positions);
                    }

                    @Override
                    public void done(int group, int image, int some, Gemm.Result result) {
                        for (int n = 0; n < some; n++) {
                            int channel = (image + n) * all + group * s.channels;
                            spread(s, phase, result.first().memory(), n * s.channels * positions, to, channel);
                        }
                    }
                };
        correlation.run(
                backend,
                pool,
                dtype,
                g.storage().memory(),
                (int) g.layout().offset(),
                s.images,
                s.groups,
                s.channels,
                weights,
                bias,
                target);
    }

    /** Copies the elements of a phase, of a group's channels, to where they belong. */
    private static void spread(Shape s, Phase phase, Object from, int i, Strided to, int channel) {
        Object memory = to.storage().memory();
        int start = (int) to.layout().offset() + channel * s.innerSize();
        for (int c = 0; c < s.channels; c++) {
            for (int z = phase.first[0]; z < s.inner[0]; z += s.stride[0]) {
                for (int y = phase.first[1]; y < s.inner[1]; y += s.stride[1]) {
                    int o = start + ((c * s.inner[0] + z) * s.inner[1] + y) * s.inner[2] + phase.first[2];
                    int step = s.stride[2];
                    int n = phase.count[2];
                    if (memory instanceof float[] m) {
                        float[] x = (float[]) from;
                        for (int e = 0; e < n; e++) m[o + e * step] = x[i + e];
                    } else {
                        double[] m2 = (double[]) memory;
                        double[] x = (double[]) from;
                        for (int e = 0; e < n; e++) m2[o + e * step] = x[i + e];
                    }
                    i += n;
                }
            }
        }
    }

    /** Writes the bias, or zeros, where no element of the kernel reaches. */
    private void begin(Shape s, Phase phase, @Nullable Object bias, Strided to) {
        int n = phase.count[0] * phase.count[1] * phase.count[2];
        RegisterType kind = RegisterType.of(to.dtype());
        for (int image = 0; image < s.images; image++) {
            for (int g = 0; g < s.groups; g++) {
                Object line = kind.allocate(s.channels * n);
                for (int c = 0; c < s.channels && bias != null; c++) {
                    int at = c * n;
                    int channel = g * s.channels + c;
                    if (line instanceof float[] x) java.util.Arrays.fill(x, at, at + n, ((float[]) bias)[channel]);
                    else java.util.Arrays.fill((double[]) line, at, at + n, ((double[]) bias)[channel]);
                }
                spread(s, phase, line, 0, to, (image * s.groups + g) * s.channels);
            }
        }
    }

    void weightBackward(Strided in, Strided g, Convolution conv, Strided out) {
        Shape s = new Shape(in, out, g, conv);
        Dtype dtype = out.dtype().computeType();
        Strided x = dense(in, dtype);
        Strided gradient = dense(g, dtype);
        Strided sums = new Strided(
                backend.allocateUnset(dtype, out.numel()),
                Layout.contiguous(s.groups, (long) s.channels * s.taps, s.filters));
        Correlation correlation = s.forward();
        long each = (long) s.channels * s.taps * s.filters * s.outerSize();
        matMul.tile(dtype, each * s.images * s.groups);
        Windows loops = matMul.windows(dtype, each * s.images * s.groups);
        boolean several = s.groups >= 2 * pool.threads();
        WorkerPool inner = several ? ALONE : pool;
        (several ? pool : ALONE).run(s.groups, 1, each * s.images / Gemm.SPEED + 1, (first, end) -> {
            @Nullable Object[] beside = new Object[2];
            for (int group = (int) first; group < end; group++) {
                boolean direct = s.channels == 1 && Correlation.few(s.filters);
                if (direct) depthwise(s, correlation, beside, dtype, x, gradient, sums, group);
                // An infinite element times a zero between lines is no number, though nobody asked for it.
                if (!direct || hasNaN(sums, group * s.taps * s.filters, s.taps * s.filters)) {
                    weightBackward(s, correlation, inner, loops, dtype, x, gradient, sums, group);
                }
            }
        });
        long[] sizes = {s.groups, s.filters, (long) s.channels * s.taps};
        Strided to = out.layout().isContiguous() ? out : target(out, out.dtype());
        Layout rows = Layout.contiguous(sizes);
        backend.copy(
                sums.with(sums.layout().transpose(1, 2)),
                to.with(Layout.of(sizes, rows.strides(), to.layout().offset())));
        finish(to, out);
        sums.storage().discard();
        discard(x, in);
        discard(gradient, g);
    }

    /** Computes the weight's gradient of one group: patches, as rows, times the gradient, some images at a time. */
    private void weightBackward(
            Shape s,
            Correlation correlation,
            WorkerPool threads,
            Windows loops,
            Dtype dtype,
            Strided x,
            Strided g,
            Strided sums,
            int group) {
        PaddedImages images = correlation.images();
        int l = correlation.positions();
        int k = s.channels * s.taps;
        int some = Math.clamp(Math.min(DEPTH / l, ROOM / images.image), 1, s.images);
        RegisterCodec elements = RegisterCodec.of(dtype);
        Storage copy = images.isDirect() ? null : backend.allocate(dtype, images.elements(some));
        Strided across = new Strided(
                backend.allocateUnset(dtype, (long) some * l * s.filters), Layout.contiguous(some, l, s.filters));
        int[] lines = correlation.lines(some);
        Gemm.Matrix c = new Gemm.Matrix(
                elements, sums.storage().memory(), (int) sums.layout().offset() + group * k * s.filters, s.filters, 1);
        int channel = group * s.channels;
        Object from = x.storage().memory();
        int start = (int) x.layout().offset();
        for (int image = 0; image < s.images; image += some) {
            int n = Math.min(some, s.images - image);
            int first = image;
            Object memory = from;
            int at = start + images.start(image, channel);
            if (copy != null) {
                Object to = memory = copy.memory();
                at = 0;
                threads.run(
                        (long) n * s.channels,
                        1,
                        images.channel,
                        (a, b) -> images.fill(from, start, first, channel, to, a, b));
            }
            long offset = g.layout().offset() + ((long) image * s.groups + group) * s.filters * l;
            long[] sizes = {n, l, s.filters};
            long[] strides = {(long) s.groups * s.filters * l, 1, l};
            backend.copy(g.with(Layout.of(sizes, strides, offset)), across.with(Layout.contiguous(sizes)));
            Patches a = new Patches(loops, memory, at, correlation.rows(), 0, lines, correlation.width(), 0);
            Gemm.Matrix b = new Gemm.Matrix(elements, across.storage().memory(), 0, s.filters, 1);
            Gemm.Matrix begin = image == 0 ? null : c;
            Gemm.mine(RegisterType.of(dtype), matMul.tile(dtype, 0))
                    .multiply(threads, k, s.filters, n * l, a, b, begin, Gemm.Result.of(c), false, c);
        }
        across.storage().discard();
        if (copy != null) copy.discard();
    }

    /**
     * Computes the weight's gradient of a group of one channel: dot products of the gradient with the inputs of each
     * element of the kernel.
     */
    private void depthwise(
            Shape s,
            Correlation correlation,
            @Nullable Object[] beside,
            Dtype dtype,
            Strided x,
            Strided g,
            Strided sums,
            int group) {
        PaddedImages images = correlation.images();
        RegisterType kind = RegisterType.of(dtype);
        int width = correlation.width();
        int[] lines = correlation.lines();
        int last = lines[lines.length - 1] + width;
        int some = images.isDirect() ? 1 : Math.clamp(DOTS / images.image, 1, s.images);
        // Zeros remain where no channel has anything.
        if (beside[1] == null) {
            beside[0] = images.isDirect() ? null : kind.allocate(images.elements(some));
            beside[1] = kind.allocate(images.isDirect() ? last : images.elements(some));
        }
        Object padded = beside[0];
        Object spread = beside[1];
        Object dots = kind.allocate(s.taps);
        Object total = sums.storage().memory();
        int o = (int) sums.layout().offset() + group * s.taps * s.filters;
        RegisterType.clear(total, o, o + s.taps * s.filters);
        Gemv loops = matMul.matVec(dtype, (long) s.images * s.filters * s.taps * correlation.positions());
        Object from = x.storage().memory();
        int start = (int) x.layout().offset();
        for (int image = 0; image < s.images; image += some) {
            int n = Math.min(some, s.images - image);
            if (padded != null) images.fill(from, start, image, group, padded, 0, n);
            Object memory = padded == null ? from : padded;
            int at = padded == null ? start + images.start(image, group) : 0;
            for (int f = 0; f < s.filters; f++) {
                for (int i = 0; i < n; i++) {
                    int channel = ((image + i) * s.groups + group) * s.filters + f;
                    int row = (int) g.layout().offset() + channel * correlation.positions();
                    int to = padded == null ? 0 : i * images.image;
                    for (int line : lines) {
                        System.arraycopy(g.storage().memory(), row, spread, to + line, width);
                        row += width;
                    }
                }
                int length = padded == null ? last : (n - 1) * images.image + last;
                dots(s, correlation.rows(), loops, length, memory, at, spread, dots);
                add(dots, s.taps, total, o + f, s.filters);
            }
        }
    }

    private static void dots(Shape s, int[] rows, Gemv loops, int n, Object memory, int at, Object line, Object dots) {
        int wide = s.kernel[2];
        for (int t = 0, some; t < rows.length; t += some) {
            // The elements of a row of the kernel have a constant stride, unless they are in different phases.
            some = 1;
            int apart = wide == 1 ? 0 : rows[t - t % wide + 1] - rows[t - t % wide];
            while (t % wide + some < wide && rows[t + some] - rows[t + some - 1] == apart) some++;
            loops.dots(some, n, memory, at + rows[t], apart, line, 0, dots, t);
        }
    }

    private static boolean hasNaN(Strided sums, int first, int n) {
        int at = (int) sums.layout().offset() + first;
        for (int i = at; i < at + n; i++) {
            boolean is = sums.storage().memory() instanceof float[] x
                    ? Float.isNaN(x[i])
                    : Double.isNaN(((double[]) sums.storage().memory())[i]);
            if (is) return true;
        }
        return false;
    }

    private static void add(Object from, int n, Object to, int o, int step) {
        if (from instanceof float[] x) {
            float[] y = (float[]) to;
            for (int i = 0; i < n; i++) y[o + i * step] += x[i];
        } else {
            double[] x = (double[]) from;
            double[] y = (double[]) to;
            for (int i = 0; i < n; i++) y[o + i * step] += x[i];
        }
    }

    private @Nullable Object vector(@Nullable Strided bias, Dtype dtype) {
        if (bias == null) return null;
        Strided copy = new Strided(backend.allocateUnset(dtype, bias.numel()), Layout.contiguous(bias.numel()));
        backend.copy(bias, copy);
        return copy.storage().memory();
    }

    /** Copies to row-major memory of the compute type. */
    private Strided dense(Strided x, Dtype dtype) {
        if (x.dtype() == dtype && x.layout().isContiguous()) return x;
        Strided copy = new Strided(
                backend.allocateUnset(dtype, x.numel()),
                Layout.contiguous(x.layout().sizes()));
        backend.copy(x, copy);
        return copy;
    }

    private Strided target(Strided out, Dtype dtype) {
        if (out.dtype() == dtype && out.layout().isContiguous()) return out;
        return new Strided(
                backend.allocateUnset(dtype, out.numel()),
                Layout.contiguous(out.layout().sizes()));
    }

    private void finish(Strided computed, Strided out) {
        if (computed == out) return;
        backend.copy(computed, out);
        computed.storage().discard();
    }

    private static void discard(Strided copy, Strided of) {
        if (copy != of) copy.storage().discard();
    }
}
