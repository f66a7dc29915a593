package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Storage;
import org.jspecify.annotations.Nullable;

/**
 * A convolution as it is computed: each output element is a sum over rows, which are channels and elements of the kernel, of
 * padded images at the row's offset from where the output element is. So the product of the weights and {@link Patches} is
 * computed, or, for so few output channels that packing would be most of the work, each of them directly.
 *
 * @param images the padded images
 * @param rows offsets of rows from an output element
 * @param lines offsets of the rows of the output in an image, which has at least one
 * @param width elements of a row of the output
 */
record Correlation(PaddedImages images, int[] rows, int[] lines, int width) {
    private static final WorkerPool ALONE = new WorkerPool(1);

    /** Output channels for which packing does not pay. */
    private static final int FEW = 4;

    /** Output positions that are multiplied together at least, if there are as many. */
    private static final int POSITIONS = 512;

    /** Tenths of a nanosecond to pad an element. */
    private static final int PADDING = 2;

    /** Runs of output elements and the gaps between them are computed at once if the gaps are at most a quarter. */
    private static final int GAP = 4;

    /** The weights of all groups, row-major and contiguous. */
    record Weights(Object memory, int start) {}

    /** Where results go. */
    interface Target {
        /** Returns the result of some images and a group. */
        Gemm.Result of(int group, int image, int some);

        /** Receives a computed result. */
        default void done(int group, int image, int some, Gemm.Result result) {}
    }

    /** Collapses contiguous lines. */
    static Correlation of(PaddedImages images, int[] rows, int[] lines, int width) {
        boolean together = true;
        for (int l = 1; l < lines.length; l++) together &= lines[l] - lines[l - 1] == width;
        return together
                ? new Correlation(images, rows, new int[] {lines[0]}, width * lines.length)
                : new Correlation(images, rows, lines, width);
    }

    int positions() {
        return lines.length * width;
    }

    /** Returns the lines of some images. */
    int[] lines(int some) {
        int[] all = new int[lines.length * some];
        for (int n = 0; n < some; n++) {
            for (int l = 0; l < lines.length; l++) all[n * lines.length + l] = lines[l] + n * images.image;
        }
        return all;
    }

    /**
     * Computes it for all images and groups.
     *
     * @param from the images, contiguous
     * @param count how many
     * @param m output channels of a group
     * @param bias of all output channels, contiguous from 0 on; null for none
     */
    void run(
            CpuBackend backend,
            WorkerPool pool,
            Dtype dtype,
            Object from,
            int start,
            int count,
            int groups,
            int m,
            Weights weights,
            @Nullable Object bias,
            Target target) {
        RegisterType kind = RegisterType.of(dtype);
        int k = rows.length;
        int l = positions();
        long each = (long) m * k * l;
        long total = each * count * groups;
        MatMul matMul = backend.matMul();
        matMul.tile(dtype, total);
        Windows loops = matMul.windows(dtype, total);
        int most = Math.max(1, count * groups / (2 * pool.threads()));
        int some = few(m)
                ? 1
                : Math.min(Math.min(count, most), together(matMul.tile(dtype, 0).columns(), l));
        int chunks = Math.ceilDiv(count, some);
        int tasks = chunks * groups;
        RegisterCodec elements = RegisterCodec.of(dtype);
        Object panel = bias == null
                ? null
                : spread(kind, bias, groups * m, matMul.tile(dtype, 0).columns());
        Object[] left = new Object[groups];
        for (int g = 0; g < groups; g++) left[g] = new Object();
        boolean several = tasks >= 2 * pool.threads();
        WorkerPool outer = several ? pool : ALONE;
        WorkerPool inner = several ? ALONE : pool;
        int[] all = lines(some);
        long cost = each * some / Gemm.SPEED + (long) images.elements(some) * PADDING + 1;
        outer.run(tasks, 1, cost, (first, end) -> {
            Storage copy = images.isDirect() ? null : backend.allocate(dtype, images.elements(some));
            for (int t = (int) first; t < end; t++) {
                int g = t / chunks;
                int image = t % chunks * some;
                int n = Math.min(some, count - image);
                int channel = g * images.channels();
                Object memory = from;
                int at = start + images.start(image, channel);
                if (copy != null) {
                    Object to = memory = copy.memory();
                    at = 0;
                    inner.run(
                            (long) n * images.channels(),
                            1,
                            (long) PADDING * images.elements(1) / images.channels(),
                            (a, b) -> images.fill(from, start, image, channel, to, a, b));
                }
                Gemm.Result result = target.of(g, image, n);
                int w = weights.start + g * m * k;
                if (few(m)) {
                    filter(inner, loops, memory, at, m, weights.memory, w, bias, g * m, result);
                } else {
                    MicroKernel tile = matMul.tile(dtype, 0);
                    Gemm.Matrix a = new Gemm.Matrix(elements, weights.memory, w, k, 1);
                    Patches b = new Patches(loops, memory, at, rows, 0, all, width, 0);
                    int c = tile.columns();
                    Gemm.Matrix d = panel == null ? null : new Gemm.Matrix(elements, panel, g * m * c, c, 0);
                    Gemm.mine(kind, tile).multiply(inner, m, n * l, k, a, b, d, result, true, left[g]);
                }
                target.done(g, image, n, result);
            }
            if (copy != null) copy.discard();
        });
    }

    static boolean few(int m) {
        return m <= FEW;
    }

    /** Returns the number of images of a product, so that few columns of micro-panels are padded. */
    private static int together(int columns, int positions) {
        int best = 1;
        double most = 0;
        for (int n = 1; n <= POSITIONS / positions + 1; n++) {
            int all = n * positions;
            double used = (double) all / (Math.ceilDiv(all, columns) * columns);
            if (used < most + 0.02) continue;
            most = used;
            best = n;
        }
        return best;
    }

    /** Returns a row of bias for each channel, as wide as a micro-panel. */
    private static Object spread(RegisterType kind, Object bias, int channels, int columns) {
        Object panel = kind.allocate(channels * columns);
        for (int c = 0; c < channels; c++) {
            int at = c * columns;
            if (panel instanceof float[] p) java.util.Arrays.fill(p, at, at + columns, ((float[]) bias)[c]);
            else java.util.Arrays.fill((double[]) panel, at, at + columns, ((double[]) bias)[c]);
        }
        return panel;
    }

    /**
     * Convolves each channel separately, several lines at once; lines shorter than a vector are computed with the
     * elements between them.
     */
    private void filter(
            WorkerPool pool,
            Windows loops,
            Object memory,
            int at,
            int m,
            Object weights,
            int w,
            @Nullable Object bias,
            int firstBias,
            Gemm.Result result) {
        boolean isShort = width < loops.lanes();
        int run = run(isShort);
        int step = run == 1 ? 0 : lines[1] - lines[0];
        int n = isShort ? (run - 1) * step + width : width;
        int k = rows.length;
        int runs = lines.length / run;
        pool.run((long) m * runs, 1, (long) run * width * k / Gemm.SPEED + 1, (first, end) -> {
            Object beside = !isShort ? null : memory instanceof float[] ? new float[n] : new double[n];
            for (int t = (int) first; t < end; t++) {
                int r = t / runs;
                int line = t % runs * run;
                double begin = bias == null
                        ? 0
                        : bias instanceof float[] b ? b[firstBias + r] : ((double[]) bias)[firstBias + r];
                Object to = result.first().memory();
                int from = at + lines[line];
                int o = result.at(r, line * width);
                int by = w + r * k;
                if (beside == null) {
                    loops.filter(run, step, width, n, memory, from, rows, weights, by, begin, to, o);
                } else {
                    loops.filter(1, 0, 0, n, memory, from, rows, weights, by, begin, beside, 0);
                    for (int i = 0; i < run; i++) System.arraycopy(beside, i * step, to, o + i * width, width);
                }
            }
        });
    }

    /**
     * Returns the number of lines computed at once: those of a slice, which have a constant stride.
     *
     * @param isNear only if there is little between them
     */
    int run(boolean isNear) {
        int n = 1;
        while (n < lines.length && lines[n] - lines[n - 1] == lines[1] - lines[0]) n++;
        boolean near = n > 1 && lines[1] - lines[0] <= width + Math.max(GAP, width / GAP);
        return (near || !isNear) && lines.length % n == 0 ? n : 1;
    }
}
