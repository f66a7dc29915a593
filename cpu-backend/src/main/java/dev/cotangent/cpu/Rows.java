package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Strided;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Softmax and normalization of float32 and float64 along rows that lie together, and their gradients: a row is read from
 * memory once, while the one before is computed, and stays in the cache until all is done with it.
 */
final class Rows {
    /** Shorter rows are left to what is composed of other operations, which takes many at a time. */
    private static final int SHORT = 2 * Loop.LANES;

    /** In tenths of a nanosecond, per element. */
    private static final int SOFTMAX = 8;

    private static final int SOFTMAX_GRADIENT = 8;
    private static final int NORMALIZE = 6;
    private static final int NORMAL_GRADIENT = 9;

    private static final int VALUES = Registers.LAST - 3;

    /** Longer rows are not added up column by column here: a few rows' worth of sums would not stay in the caches. */
    private static final int LONG = 16 * Registers.BLOCK;

    /** So many elements of rows, if not one row, are added up at once. */
    private static final int FEW = 32 * Registers.BLOCK;

    /** So many elements at least make one of the parts that are added up by themselves. */
    private static final int PART = 1 << 16;

    private static final int PARTS = 32;

    private final Kernels kernels;
    private final RowLoops loops;
    private final Pool pool;
    private final Dtype dtype;
    private final Kind kind;
    private final int length;
    private final long count;

    private Rows(Kernels kernels, RowLoops loops, Pool pool, Dtype dtype, long length, long count) {
        this.kernels = kernels;
        this.loops = loops;
        this.pool = pool;
        this.dtype = dtype;
        this.kind = Kind.of(dtype);
        this.length = (int) length;
        this.count = count;
    }

    /** The rows of so many elements that operands of one shape have, or null where they do not lie so. */
    static @Nullable Rows of(Kernels kernels, Pool pool, MatMul products, long length, Strided... operands) {
        Dtype dtype = operands[0].dtype();
        if (dtype != Dtype.FLOAT32 && dtype != Dtype.FLOAT64 || length < SHORT) return null;
        for (Strided s : operands) if (s.dtype() != dtype || !s.layout().isContiguous()) return null;
        long numel = operands[0].numel();
        if (numel == 0) return null;
        RowLoops loops = dtype == Dtype.FLOAT32
                ? kernels.rows(numel)
                : new RowLoops.Doubles(kernels, products.matVec(dtype, numel), numel);
        return new Rows(kernels, loops, pool, dtype, length, numel / length);
    }

    void softmax(Strided in, Strided out, boolean log) {
        Object x = in.storage().memory();
        Object y = out.storage().memory();
        pool.run(count, 1, (long) SOFTMAX * length, (from, to) -> {
            Object values = Registers.mine().get(kind, VALUES);
            RowLoops.Total sum = new RowLoops.Total();
            double most = Double.NEGATIVE_INFINITY;
            int first = start(in, from);
            for (int b = 0; b < length; b += Registers.BLOCK) most = Math.max(most, loops.max(x, first + b, block(b)));
            for (long row = from; row < to; row++) {
                int i = start(in, row);
                int o = start(out, row);
                int next = next(row, to);
                double largest = most;
                most = Double.NEGATIVE_INFINITY;
                for (int b = 0; b < length; b += Registers.BLOCK) {
                    Object exps = log ? values : y;
                    int at = log ? 0 : o + b;
                    most = Math.max(most, loops.exps(x, i + b, largest, exps, at, sum, next, block(b)));
                }
                double total = sum.take();
                double rest = log ? Math.log(round(total)) : total;
                for (int b = 0; b < length; b += Registers.BLOCK) {
                    if (log) loops.subtract(x, i + b, largest, rest, y, o + b, block(b));
                    else loops.divide(y, o + b, rest, block(b));
                }
            }
        });
    }

    /** As {@link dev.cotangent.backend.Backend#softmaxBackward}. */
    void softmaxBackward(Strided gradient, Strided result, Strided out, boolean log) {
        Object g = gradient.storage().memory();
        Object y = result.storage().memory();
        Object z = out.storage().memory();
        pool.run(count, 1, (long) SOFTMAX_GRADIENT * length, (from, to) -> {
            RowLoops.Total sum = new RowLoops.Total();
            for (int b = 0; b < length; b += Registers.BLOCK) {
                int i = start(gradient, from) + b;
                if (log) loops.sum(g, i, sum, block(b));
                else loops.dot(g, i, y, start(result, from) + b, sum, block(b));
            }
            for (long row = from; row < to; row++) {
                int i = start(gradient, row);
                int j = start(result, row);
                int o = start(out, row);
                int next = next(row, to);
                double total = sum.take();
                for (int b = 0; b < length; b += Registers.BLOCK) {
                    int n = block(b);
                    if (log) loops.logGradient(g, i + b, total, y, j + b, z, o + b, sum, next, n);
                    else loops.softmaxGradient(g, i + b, total, y, j + b, z, o + b, sum, next, n);
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
        int first = offset(weight);
        int firstBias = offset(bias);
        pool.run(count, 1, (long) NORMALIZE * length, (from, to) -> {
            RowLoops.Total sum = new RowLoops.Total();
            RowLoops.Total squares = new RowLoops.Total();
            for (int b = 0; b < length; b += Registers.BLOCK) loops.sum(x, start(in, from) + b, sum, block(b));
            for (long row = from; row < to; row++) {
                int i = start(in, row);
                int o = start(out, row);
                int next = next(row, to);
                double middle = round(round(sum.take()) / length);
                for (int b = 0; b < length; b += Registers.BLOCK) {
                    loops.squares(x, i + b, middle, squares, block(b));
                }
                double variance = round(round(round(squares.take()) / length) + round(eps));
                double scale = round(1 / round(Math.sqrt(variance)));
                set(mean, row, middle);
                set(rstd, row, scale);
                double shift = -round(middle * scale);
                for (int b = 0; b < length; b += Registers.BLOCK) {
                    int n = block(b);
                    if (plain) loops.affine(x, i + b, scale, shift, y, o + b, sum, next, n);
                    else loops.affine(x, i + b, scale, shift, w, first + b, v, firstBias + b, y, o + b, sum, next, n);
                }
            }
        });
    }

    /**
     * As the backend's; the weight is a row that all rows share. The gradient of the input is left out where there is no
     * {@code out} for it, those of weight and bias likewise, and the bias's goes with the weight's. These are added up in
     * parts that depend on the shape alone, of a few rows while they are in a cache.
     */
    void normalizeBackward(
            Strided gradient,
            Strided in,
            Strided mean,
            Strided rstd,
            @Nullable Strided weight,
            @Nullable Strided out,
            @Nullable Strided ofWeight,
            @Nullable Strided ofBias) {
        Object g = gradient.storage().memory();
        Object x = in.storage().memory();
        Object w = parameter(weight, 1);
        long height = ofWeight == null ? 1 : height();
        int few = Math.clamp(FEW / length, 1, Folds.ROWS / 2);
        int parts = (int) ((count + height - 1) / height);
        Sums weights = ofWeight == null ? null : new Sums(parts);
        Sums biases = ofBias == null ? null : new Sums(parts);
        pool.run(parts, 1, NORMAL_GRADIENT * height * length, (first, last) -> {
            long from = first * height;
            long to = Math.min(count, last * height);
            RowLoops.Total sum = new RowLoops.Total();
            RowLoops.Total along = new RowLoops.Total();
            RowLoops.Normal next = normal(mean, rstd, from);
            for (int b = 0; out != null && b < length; b += Registers.BLOCK) {
                int i = start(gradient, from) + b;
                loops.along(g, i, x, start(in, from) + b, w, offset(weight) + b, next, sum, along, block(b));
            }
            for (long row = from; row < to; row++) {
                int i = start(gradient, row);
                int j = start(in, row);
                RowLoops.Normal normal = next;
                next = normal(mean, rstd, Math.min(row + 1, to - 1));
                double less = sum.take() / length;
                double slope = along.take() / length;
                for (int b = 0; out != null && b < length; b += Registers.BLOCK) {
                    Object z = out.storage().memory();
                    int k = offset(weight) + b;
                    int o = start(out, row) + b;
                    int further = next(row, to);
                    loops.normalGradient(
                            g, i + b, x, j + b, w, k, normal, less, slope, z, o, further, next, sum, along, block(b));
                }
                if (weights == null) continue;
                int at = (int) (row % height % few);
                Object products = Registers.mine().place(dtype, few * length);
                for (int b = 0; b < length; b += Registers.BLOCK) {
                    loops.weigh(g, i + b, x, j + b, normal, products, at * length + b, block(b));
                }
                if (at < few - 1 && row + 1 < to && (row + 1) % height != 0) continue;
                int part = (int) (row / height);
                weights.of(part).rows(products, 0, at + 1, length, length, 0, row - at);
                if (biases == null) continue;
                biases.of(part).rows(g, start(gradient, row - at), at + 1, length, length, 0, row - at);
            }
        });
        if (weights != null) weights.into(ofWeight);
        if (biases != null) biases.into(ofBias);
    }

    /** So many rows are added up by themselves. */
    private long height() {
        long height = Math.max((count + PARTS - 1) / PARTS, (PART + length - 1) / length);
        return (height + Folds.ROWS - 1) / Folds.ROWS * Folds.ROWS;
    }

    /** Whether the sums of the columns go there. */
    boolean takesSums(Strided to, int dims) {
        return length <= LONG && isRow(to, dims) && to.numel() == length;
    }

    /** The sums of the columns, in parts. */
    private final class Sums {
        private final Folds.Plan plan = Folds.Plan.of(Reduction.SUM, dtype, dtype, kernels);
        private final Loop add = plan.kernel().folding(count * length);
        private final Folds[] parts;

        Sums(int parts) {
            this.parts = new Folds[parts];
        }

        Folds of(int part) {
            Folds known = parts[part];
            return known != null ? known : (parts[part] = plan.of(length, add));
        }

        void into(Strided out) {
            for (int p = 1; p < parts.length; p++) parts[0].merge(parts[p]);
            Object sums = plan.results(parts[0], length);
            System.arraycopy(sums, 0, out.storage().memory(), (int) out.layout().offset(), length);
        }
    }

    /** How much further on the row after begins, or this one where there is none. */
    private int next(long row, long to) {
        return row + 1 < to ? length : 0;
    }

    private static RowLoops.Normal normal(Strided mean, Strided rstd, long row) {
        return new RowLoops.Normal(get(mean, row), get(rstd, row));
    }

    private static int offset(@Nullable Strided parameter) {
        return parameter == null ? 0 : (int) parameter.layout().offset();
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

    private static double get(Strided from, long row) {
        int i = (int) (from.layout().offset() + row);
        return from.storage().memory() instanceof float[] x
                ? x[i]
                : ((double[]) from.storage().memory())[i];
    }

    private static void set(Strided to, long row, double value) {
        int o = (int) (to.layout().offset() + row);
        if (to.storage().memory() instanceof float[] y) y[o] = (float) value;
        else ((double[]) to.storage().memory())[o] = value;
    }
}
