package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Normalization of channels of float32 and float64, and its gradients: all planes of one channel are the rows that a {@link
 * RowPass} runs over, and stay in the second cache from one pass to the next.
 */
final class ChannelLoops {
    /** Shorter planes are no rows worth a pass. */
    private static final int SHORTEST = 16;

    /** Tenths of a nanosecond for an element. */
    private static final int NORMALIZE = 6;

    private static final int GRADIENT = 9;

    private final LoopKernels kernels;
    private final WorkerPool pool;
    private final Dtype dtype;
    private final RegisterType kind;
    private final int batch;
    private final int channels;
    private final int plane;

    private ChannelLoops(LoopKernels kernels, WorkerPool pool, Strided in) {
        this.kernels = kernels;
        this.pool = pool;
        this.dtype = in.dtype();
        this.kind = RegisterType.of(dtype);
        Layout l = in.layout();
        batch = (int) l.size(0);
        channels = (int) l.size(1);
        plane = (int) (l.numel() / batch / channels);
    }

    /** Returns the loops if statistics are those of channels, and the operands contiguous; else null. */
    static @Nullable ChannelLoops of(LoopKernels kernels, WorkerPool pool, Strided mean, Strided... operands) {
        Layout l = operands[0].layout();
        Dtype dtype = operands[0].dtype();
        boolean isWide = dtype == Dtype.FLOAT32 || dtype == Dtype.FLOAT64;
        if (!isWide || l.rank() < 3 || l.numel() == 0 || mean.numel() != l.size(1)) return null;
        if (mean.layout().size(1) != l.size(1)) return null;
        for (Strided s : operands) if (s.dtype() != dtype || !s.layout().isContiguous()) return null;
        return l.numel() / l.size(0) / l.size(1) < SHORTEST ? null : new ChannelLoops(kernels, pool, operands[0]);
    }

    /** Returns whether a parameter has one value for each channel. */
    boolean takes(@Nullable Strided parameter) {
        if (parameter == null) return true;
        if (parameter.dtype() != dtype) return false;
        Layout l = parameter.layout();
        for (int d = 0; d < l.rank(); d++) if (d != 1 && l.size(d) > 1 && l.stride(d) != 0) return false;
        return true;
    }

    private double value(@Nullable Strided parameter, int channel, double none) {
        if (parameter == null) return none;
        Layout l = parameter.layout();
        return get(parameter.storage().memory(), (int) (l.offset() + channel * l.stride(1)));
    }

    /** A pass over the planes of a channel, with the working memory of a thread. */
    private final class Pass {
        private final RowPass pass;
        private final RowLoop loop;
        private final Object[] arrays;
        private final int[] starts;
        private final int[] offsets;
        private final int[] strides;
        private final double[] totals = new double[2];

        Pass(RowPass pass, Strided... elements) {
            this.pass = pass;
            loop = kernels.pass(pass, dtype, (long) batch * channels * plane);
            int n = pass.operands();
            arrays = new Object[n];
            starts = new int[n];
            offsets = new int[n];
            strides = new int[n];
            arrays[n - 1] = kind.allocate(Registers.BLOCK);
            for (int k = 0; k < elements.length; k++) {
                int at = k < pass.inputs() ? k : pass.firstOutput() + k - pass.inputs();
                arrays[at] = elements[k].storage().memory();
                starts[at] = (int) elements[k].layout().offset();
                strides[at] = channels * plane;
            }
            for (int k = 0; k < n - 1; k++) {
                if (arrays[k] == null) arrays[k] = kind.allocate(batch);
            }
        }

        /** Sets a scalar for all planes. */
        Pass scalar(int k, double value) {
            fill(arrays[pass.inputs() + k], value);
            return this;
        }

        /** Runs over a channel and returns what it adds up. */
        double[] run(int channel) {
            Arrays.fill(totals, 0);
            for (int b = 0; b < plane; b += Registers.BLOCK) {
                for (int k = 0; k < arrays.length; k++) {
                    offsets[k] = strides[k] == 0 ? 0 : starts[k] + channel * plane + b;
                }
                loop.run(arrays, offsets, strides, batch, Math.min(Registers.BLOCK, plane - b));
                int into = 0;
                for (int k = 0; k < pass.outputs(); k++) {
                    if (pass.use(k) == LoopProgram.Use.STORE) continue;
                    Object sums = arrays[pass.firstOutput() + k];
                    for (int r = 0; r < batch; r++) totals[into] += get(sums, r);
                    into++;
                }
            }
            return totals;
        }
    }

    /**
     * Works as {@link dev.cotangent.backend.Backend#batchNormalize}, with the variance as {@link RowPasses#normalize}
     * computes it.
     */
    void normalize(
            Strided in,
            @Nullable Strided weight,
            @Nullable Strided bias,
            double eps,
            Strided out,
            Strided mean,
            Strided var,
            Strided rstd) {
        double count = (double) batch * plane;
        pool.run(channels, 1, (long) NORMALIZE * batch * plane, (from, to) -> {
            Pass sum = new Pass(RowPass.SUM, in);
            Pass moments = new Pass(RowPass.MOMENTS, in);
            Pass last = new Pass(RowPass.CHANNEL_NORMALIZE, in, out);
            Object rounded = kind.allocate(1);
            for (int c = (int) from; c < to; c++) {
                set(rounded, 0, sum.run(c)[0] / count);
                double shift = get(rounded, 0);
                double[] differences = moments.scalar(0, shift).run(c);
                double lost = differences[0] / count;
                double variance = Math.max(0, (differences[1] - differences[0] * lost) / count);
                double scale = 1 / Math.sqrt(variance + eps);
                put(mean, c, shift + lost);
                put(var, c, variance);
                put(rstd, c, scale);
                last.scalar(0, shift)
                        .scalar(1, lost)
                        .scalar(2, scale)
                        .scalar(3, value(weight, c, 1))
                        .scalar(4, value(bias, c, 0))
                        .run(c);
            }
        });
    }

    /** Computes the gradients of the input and, if requested, of weight and bias. */
    void normalizeBackward(
            Strided g,
            Strided in,
            Strided mean,
            Strided rstd,
            @Nullable Strided weight,
            Strided out,
            @Nullable Strided ofWeight,
            @Nullable Strided ofBias) {
        double count = (double) batch * plane;
        pool.run(channels, 1, (long) GRADIENT * batch * plane, (from, to) -> {
            Pass sums = new Pass(RowPass.CHANNEL_SUMS, g, in);
            Pass last = new Pass(RowPass.CHANNEL_GRADIENT, g, in, out);
            for (int c = (int) from; c < to; c++) {
                double shift = take(mean, c);
                double scale = take(rstd, c);
                double[] both = sums.scalar(0, shift).scalar(1, scale).run(c);
                if (ofBias != null) put(ofBias, c, both[0]);
                if (ofWeight != null) put(ofWeight, c, both[1]);
                last.scalar(0, shift)
                        .scalar(1, scale)
                        .scalar(2, both[0] / count)
                        .scalar(3, both[1] / count)
                        .scalar(4, scale * value(weight, c, 1))
                        .run(c);
            }
        });
    }

    private static void put(Strided to, int channel, double value) {
        set(to.storage().memory(), (int) to.layout().offset() + channel, value);
    }

    private static double take(Strided from, int channel) {
        return get(from.storage().memory(), (int) from.layout().offset() + channel);
    }

    private static double get(Object x, int i) {
        return x instanceof float[] f ? f[i] : ((double[]) x)[i];
    }

    private static void set(Object x, int i, double value) {
        if (x instanceof float[] f) f[i] = (float) value;
        else ((double[]) x)[i] = value;
    }

    private static void fill(Object x, double value) {
        if (x instanceof float[] f) Arrays.fill(f, (float) value);
        else Arrays.fill((double[]) x, value);
    }

    /** Returns whether a gradient has one value for each channel; true if there is none. */
    static boolean isPerChannel(@Nullable Strided gradient, Strided in) {
        if (gradient == null) return true;
        return gradient.dtype() == in.dtype() && gradient.numel() == in.layout().size(1);
    }
}
