package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Softmax and normalization of float32 and float64 along rows that lie together: a row is read from memory once and
 * stays in the cache until all is done with it.
 */
final class Rows {
    /** Shorter rows are left to what is composed of other operations, which takes many at a time. */
    private static final int SHORT = 2 * Loop.LANES;

    /** In tenths of a nanosecond, per element. */
    private static final int SOFTMAX = 10;

    private static final int NORMALIZE = 6;

    private static final int VALUES = Registers.LAST - 3;

    private final RowLoops loops;
    private final Pool pool;
    private final Dtype dtype;
    private final Kind kind;
    private final int length;
    private final long count;

    private Rows(RowLoops loops, Pool pool, Dtype dtype, long length, long count) {
        this.loops = loops;
        this.pool = pool;
        this.dtype = dtype;
        this.kind = Kind.of(dtype);
        this.length = (int) length;
        this.count = count;
    }

    /** The rows of so many elements that two operands of one shape have, or null where they do not lie so. */
    static @Nullable Rows of(Kernels kernels, Pool pool, MatMul products, Strided in, Strided out, long length) {
        Dtype dtype = in.dtype();
        boolean fits = (dtype == Dtype.FLOAT32 || dtype == Dtype.FLOAT64)
                && length >= SHORT
                && in.layout().isContiguous()
                && out.layout().isContiguous();
        if (!fits) return null;
        long numel = in.numel();
        RowLoops loops = dtype == Dtype.FLOAT32
                ? kernels.rows(numel)
                : new RowLoops.Doubles(kernels, products.matVec(dtype, numel), numel);
        return new Rows(loops, pool, dtype, length, numel / length);
    }

    void softmax(Strided in, Strided out, boolean log) {
        Object x = in.storage().memory();
        Object y = out.storage().memory();
        pool.run(count, 1, (long) SOFTMAX * length, (from, to) -> {
            Object values = Registers.mine().get(kind, VALUES);
            for (long row = from; row < to; row++) {
                int i = start(in, row);
                int o = start(out, row);
                double largest = Double.NEGATIVE_INFINITY;
                for (int b = 0; b < length; b += Registers.BLOCK) {
                    largest = Math.max(largest, loops.max(x, i + b, block(b)));
                }
                double sum = 0;
                for (int b = 0; b < length; b += Registers.BLOCK) {
                    sum += loops.exps(x, i + b, largest, log ? values : y, log ? 0 : o + b, block(b));
                }
                double rest = log ? Math.log(round(sum)) : sum;
                for (int b = 0; b < length; b += Registers.BLOCK) {
                    if (log) loops.subtract(x, i + b, largest, rest, y, o + b, block(b));
                    else loops.divide(y, o + b, rest, block(b));
                }
            }
        });
    }

    /** As {@link dev.cotangent.backend.Backend#normalize}; weight and bias are whole rows that all rows share. */
    void normalize(
            Strided in,
            @Nullable Strided weight,
            @Nullable Strided bias,
            double eps,
            Strided out,
            Strided mean,
            Strided rstd) {
        Object x = in.storage().memory();
        Object y = out.storage().memory();
        boolean plain = weight == null && bias == null;
        Object w = plain ? x : parameter(weight, 1);
        Object v = plain ? x : parameter(bias, 0);
        int first = weight == null ? 0 : (int) weight.layout().offset();
        int firstBias = bias == null ? 0 : (int) bias.layout().offset();
        pool.run(count, 1, (long) NORMALIZE * length, (from, to) -> {
            for (long row = from; row < to; row++) {
                int i = start(in, row);
                double sum = 0;
                for (int b = 0; b < length; b += Registers.BLOCK) sum += loops.sum(x, i + b, block(b));
                double middle = round(round(sum) / length);
                double squares = 0;
                for (int b = 0; b < length; b += Registers.BLOCK) {
                    squares += loops.squares(x, i + b, middle, block(b));
                }
                double variance = round(round(round(squares) / length) + round(eps));
                double scale = round(1 / round(Math.sqrt(variance)));
                set(mean, row, middle);
                set(rstd, row, scale);
                double shift = -round(middle * scale);
                int o = start(out, row);
                for (int b = 0; b < length; b += Registers.BLOCK) {
                    int n = block(b);
                    if (plain) loops.affine(x, i + b, scale, shift, y, o + b, n);
                    else loops.affine(x, i + b, scale, shift, w, first + b, v, firstBias + b, y, o + b, n);
                }
            }
        });
    }

    /** What multiplies or is added, or in its stead what changes nothing. */
    private Object parameter(@Nullable Strided given, int none) {
        if (given != null) return given.storage().memory();
        Object row = kind.allocate(length);
        if (row instanceof float[] r) Arrays.fill(r, none);
        else Arrays.fill((double[]) row, none);
        return row;
    }

    private int start(Strided x, long row) {
        return (int) (x.layout().offset() + row * length);
    }

    /** Whether a parameter of a normalization is one row for all. */
    boolean isRow(@Nullable Strided parameter, int dims) {
        if (parameter == null) return true;
        Layout l = parameter.layout();
        long step = 1;
        for (int d = l.rank() - 1; d >= 0; d--) {
            boolean inRow = d >= l.rank() - dims;
            if (l.size(d) != 1 && l.stride(d) != (inRow ? step : 0)) return false;
            step *= l.size(d);
        }
        return parameter.dtype() == dtype;
    }

    private int block(int begun) {
        return Math.min(Registers.BLOCK, length - begun);
    }

    private double round(double value) {
        return kind == Kind.FLOAT ? (float) value : value;
    }

    private static void set(Strided to, long row, double value) {
        int o = (int) (to.layout().offset() + row);
        if (to.storage().memory() instanceof float[] y) y[o] = (float) value;
        else ((double[]) to.storage().memory())[o] = value;
    }
}
