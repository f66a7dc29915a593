package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Strided;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Softmax and normalization of float32 and float64 along contiguous rows, and their gradients. Every {@link RowPass} is
 * run over a few rows, which stay in the cache from one pass to the next.
 */
final class RowPasses {
    /** The elements of the rows that are computed together, if not one row. */
    private static final int CACHED = 4 * Registers.BLOCK;

    /** The rows that are computed together at most. */
    private static final int GROUP = 64;

    /** In tenths of a nanosecond, per element. */
    private static final int SOFTMAX = 8;

    private static final int SOFTMAX_GRADIENT = 8;
    private static final int NORMALIZE = 6;
    private static final int NORMAL_GRADIENT = 9;

    // Registers of the calling thread: values of each row, and what passes reduce rows to.
    private static final int SHIFT = Registers.LAST - 3;
    private static final int REST = Registers.LAST - 4;
    private static final int FACTOR = Registers.LAST - 5;
    private static final int RESULT = Registers.LAST - 6;
    private static final int SECOND_RESULT = Registers.LAST - 7;
    private static final int SCRATCH = Registers.LAST - 8;
    private static final int TOTAL = Registers.LAST - 9;
    private static final int SECOND_TOTAL = Registers.LAST - 10;

    /** Longer rows are not added up column by column here: a few rows' worth of sums would not stay in the caches. */
    private static final int LONG = 16 * Registers.BLOCK;

    /** The elements of rows whose columns are added up at once, if not one row. */
    private static final int FEW = 32 * Registers.BLOCK;

    /** The elements at least of each of the parts whose columns are added up separately. */
    private static final int PART = 1 << 16;

    private static final int PARTS = 32;

    private final LoopKernels kernels;
    private final WorkerPool pool;
    private final Dtype dtype;
    private final RegisterType kind;
    private final int length;
    private final long count;

    private RowPasses(LoopKernels kernels, WorkerPool pool, Dtype dtype, long length, long count) {
        this.kernels = kernels;
        this.pool = pool;
        this.dtype = dtype;
        this.kind = RegisterType.of(dtype);
        this.length = (int) length;
        this.count = count;
    }

    /** Returns the rows of that many elements of operands of one shape, or null where they are not contiguous rows. */
    static @Nullable RowPasses of(LoopKernels kernels, WorkerPool pool, long length, Strided... operands) {
        Dtype dtype = operands[0].dtype();
        if (dtype != Dtype.FLOAT32 && dtype != Dtype.FLOAT64) return null;
        for (Strided s : operands) if (s.dtype() != dtype || !s.layout().isContiguous()) return null;
        long numel = operands[0].numel();
        return numel == 0 ? null : new RowPasses(kernels, pool, dtype, length, numel / length);
    }

    /** A pass with its operands, for the thread that makes it. */
    private final class Pass {
        private final RowPass pass;
        private final RowLoop loop;
        private final Object[] arrays;
        private final int[] starts;
        /** How far an operand moves from a row to the next: a row, one value, or not at all. */
        private final int[] steps;

        private final int[] offsets;
        private final int[] strides;
        private final Registers mine = Registers.mine();

        Pass(RowPass pass) {
            this.pass = pass;
            loop = kernels.pass(pass, dtype, count * length);
            int n = pass.operands();
            arrays = new Object[n];
            starts = new int[n];
            steps = new int[n];
            offsets = new int[n];
            strides = new int[n];
            arrays[n - 1] = mine.get(kind, SCRATCH);
            for (int k = 0; k < pass.outputs(); k++) {
                if (pass.use(k) != LoopProgram.Use.STORE)
                    arrays[pass.firstOutput() + k] = mine.get(kind, k == 0 ? RESULT : SECOND_RESULT);
            }
        }

        /** Sets an operand that has all rows. */
        Pass rows(int k, Strided x) {
            return set(k, x.storage().memory(), (int) x.layout().offset(), length);
        }

        /** Sets an operand that is the same row for all. */
        Pass row(int k, Object memory, int start) {
            return set(k, memory, start, 0);
        }

        /** Sets an operand that has one value for each row. */
        Pass values(int k, Strided x) {
            return set(k, x.storage().memory(), (int) x.layout().offset(), 1);
        }

        /** Sets an operand that is a register with one value, or one row, for each row of the group. */
        Pass register(int k, Object register) {
            return set(k, register, 0, 0);
        }

        private Pass set(int k, Object array, int start, int step) {
            arrays[k] = array;
            starts[k] = start;
            steps[k] = step;
            boolean isElements = k < pass.inputs() || k >= pass.firstOutput();
            strides[k] = isElements && (step == length || k >= pass.firstOutput()) ? length : 0;
            return this;
        }

        /** Runs over some rows. */
        void run(long row, int rows) {
            for (int b = 0; b < length; b += Registers.BLOCK) block(row, rows, b);
        }

        private void block(long row, int rows, int b) {
            for (int k = 0; k < offsets.length; k++) {
                boolean isElements = k < pass.inputs()
                        || k >= pass.firstOutput()
                                && k < offsets.length - 1
                                && pass.use(k - pass.firstOutput()) == LoopProgram.Use.STORE;
                offsets[k] = (int) (starts[k] + row * steps[k]) + (isElements ? b : 0);
            }
            loop.run(arrays, offsets, strides, rows, Math.min(Registers.BLOCK, length - b));
        }

        /** Runs over some rows and returns what the first reduction gives for each. */
        double[] reduce(long row, int rows) {
            double[] totals = (double[]) mine.get(RegisterType.DOUBLE, TOTAL);
            double[] others = (double[]) mine.get(RegisterType.DOUBLE, SECOND_TOTAL);
            for (int b = 0; b < length; b += Registers.BLOCK) {
                block(row, rows, b);
                int into = 0;
                for (int k = 0; k < pass.outputs(); k++) {
                    if (pass.use(k) == LoopProgram.Use.STORE) continue;
                    collect(k, into++ == 0 ? totals : others, rows, b == 0);
                }
            }
            return totals;
        }

        /** Returns what the second reduction gave for each row. */
        double[] second() {
            return (double[]) mine.get(RegisterType.DOUBLE, SECOND_TOTAL);
        }

        private void collect(int k, double[] to, int rows, boolean first) {
            Object from = arrays[pass.firstOutput() + k];
            boolean isMax = pass.use(k) == LoopProgram.Use.MAX;
            for (int r = 0; r < rows; r++) {
                double v = get(from, r);
                if (first) to[r] = v;
                else to[r] = isMax ? Math.max(to[r], v) : to[r] + v;
            }
        }
    }

    /** Returns how many rows are computed together. */
    private int group() {
        return length > Registers.BLOCK ? 1 : Math.clamp(CACHED / length, 1, GROUP);
    }

    private interface Group {
        void of(long row, int rows);
    }

    /** Does groups of the rows from one up to another. */
    private static void groups(long from, long to, int group, Group body) {
        for (long row = from; row < to; row += group) body.of(row, (int) Math.min(group, to - row));
    }

    void softmax(Strided in, Strided out, boolean log) {
        pool.run(count, 1, (long) SOFTMAX * length, (from, to) -> {
            Registers mine = Registers.mine();
            Object shift = mine.get(kind, SHIFT);
            Object rest = mine.get(kind, REST);
            Pass max = new Pass(RowPass.MAX).rows(0, in);
            Pass exp = new Pass(log ? RowPass.SUM_EXP : RowPass.EXP).rows(0, in).register(1, shift);
            Pass last;
            if (log) {
                last = new Pass(RowPass.SUBTRACT).rows(0, in).register(1, shift).register(2, rest);
                last.rows(3, out);
            } else {
                exp.rows(2, out);
                last = new Pass(RowPass.SCALE).rows(0, out).register(1, rest).rows(2, out);
            }
            groups(from, to, group(), (row, rows) -> {
                set(shift, max.reduce(row, rows), rows);
                double[] totals = exp.reduce(row, rows);
                for (int r = 0; r < rows; r++) totals[r] = log ? Math.log(totals[r]) : 1 / totals[r];
                set(rest, totals, rows);
                last.run(row, rows);
            });
        });
    }

    /** Works as {@link dev.cotangent.backend.Backend#softmaxBackward}. */
    void softmaxBackward(Strided gradient, Strided result, Strided out, boolean log) {
        pool.run(count, 1, (long) SOFTMAX_GRADIENT * length, (from, to) -> {
            Object total = Registers.mine().get(kind, SHIFT);
            Pass sum = new Pass(log ? RowPass.SUM : RowPass.DOT).rows(0, gradient);
            if (!log) sum.rows(1, result);
            Pass last = new Pass(log ? RowPass.LOG_SOFTMAX_GRADIENT : RowPass.SOFTMAX_GRADIENT)
                    .rows(0, gradient)
                    .rows(1, result)
                    .register(2, total)
                    .rows(3, out);
            groups(from, to, group(), (row, rows) -> {
                set(total, sum.reduce(row, rows), rows);
                last.run(row, rows);
            });
        });
    }

    /**
     * Works as {@link dev.cotangent.backend.Backend#normalize}; weight and bias are whole rows that all rows share. The
     * variance is computed of the differences from a rounded mean, and corrected by their sum, so that neither a large
     * mean nor rounding it costs digits (Chan, Golub and LeVeque, "Algorithms for Computing the Sample Variance",
     * 1983).
     */
    void normalize(
            Strided in,
            @Nullable Strided weight,
            @Nullable Strided bias,
            double eps,
            Strided out,
            Strided mean,
            Strided rstd) {
        boolean isPlain = weight == null && bias == null;
        Object w = isPlain ? NONE : parameter(weight, 1);
        Object v = isPlain ? NONE : parameter(bias, 0);
        pool.run(count, 1, (long) NORMALIZE * length, (from, to) -> {
            Registers mine = Registers.mine();
            Object shift = mine.get(kind, SHIFT);
            Object rest = mine.get(kind, REST);
            Object factor = mine.get(kind, FACTOR);
            Pass sum = new Pass(RowPass.SUM).rows(0, in);
            Pass moments = new Pass(RowPass.MOMENTS).rows(0, in).register(1, shift);
            Pass last = new Pass(isPlain ? RowPass.NORMALIZE : RowPass.NORMALIZE_AFFINE).rows(0, in);
            int k = isPlain ? 1 : 3;
            if (!isPlain) last.row(1, w, offset(weight)).row(2, v, offset(bias));
            last.register(k, shift)
                    .register(k + 1, rest)
                    .register(k + 2, factor)
                    .rows(k + 3, out);
            groups(from, to, group(), (row, rows) -> {
                double[] sums = sum.reduce(row, rows);
                for (int r = 0; r < rows; r++) set(shift, r, sums[r] / length);
                double[] differences = moments.reduce(row, rows);
                double[] squares = moments.second();
                for (int r = 0; r < rows; r++) {
                    double lost = differences[r] / length;
                    double variance = Math.max(0, (squares[r] - differences[r] * lost) / length);
                    double scale = 1 / Math.sqrt(variance + eps);
                    set(rest, r, lost);
                    set(factor, r, scale);
                    set(mean, row + r, get(shift, r) + lost);
                    set(rstd, row + r, scale);
                }
                last.run(row, rows);
            });
        });
    }

    /**
     * Computes the gradients; the weight is a row that all rows share. The gradient of the input is left out where
     * there is no {@code out} for it, those of weight and bias likewise, and the bias's goes with the weight's. These
     * are added up in parts that depend on the shape alone.
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
        Object w = parameter(weight, 1);
        long height = ofWeight == null ? group() : height();
        int few = ofWeight == null ? group() : Math.clamp(FEW / length, 1, Accumulators.ROWS / 2);
        int parts = (int) ((count + height - 1) / height);
        Sums weights = ofWeight == null ? null : new Sums(parts);
        Sums biases = ofBias == null ? null : new Sums(parts);
        pool.run(parts, 1, NORMAL_GRADIENT * height * length, (first, last) -> {
            Registers mine = Registers.mine();
            Object mean1 = mine.get(kind, SHIFT);
            Object mean2 = mine.get(kind, REST);
            Object products = weights == null ? NONE : mine.place(dtype, few * length);
            Pass sums = new Pass(RowPass.NORMALIZE_SUMS);
            sums.rows(0, gradient)
                    .rows(1, in)
                    .row(2, w, offset(weight))
                    .values(3, mean)
                    .values(4, rstd);
            Pass each;
            if (out == null) {
                each = new Pass(RowPass.NORMALIZE_PRODUCT).rows(0, gradient).rows(1, in);
                each.values(2, mean).values(3, rstd).register(4, products);
            } else {
                each = new Pass(weights == null ? RowPass.NORMALIZE_GRADIENT : RowPass.NORMALIZE_GRADIENTS);
                each.rows(0, gradient)
                        .rows(1, in)
                        .row(2, w, offset(weight))
                        .values(3, mean)
                        .values(4, rstd);
                each.register(5, mean1).register(6, mean2).rows(7, out);
                if (weights != null) each.register(8, products);
            }
            for (long part = first; part < last; part++) {
                int p = (int) part;
                groups(part * height, Math.min(count, (part + 1) * height), few, (row, rows) -> {
                    if (out != null) {
                        double[] totals = sums.reduce(row, rows);
                        double[] others = sums.second();
                        for (int r = 0; r < rows; r++) {
                            set(mean1, r, totals[r] / length);
                            set(mean2, r, others[r] / length);
                        }
                    }
                    each.run(row, rows);
                    if (weights != null) weights.of(p).rows(products, 0, rows, length, length, 0, row);
                    if (biases == null) return;
                    int start = (int) (gradient.layout().offset() + row * length);
                    biases.of(p).rows(gradient.storage().memory(), start, rows, length, length, 0, row);
                });
            }
        });
        if (weights != null) weights.into(ofWeight);
        if (biases != null) biases.into(ofBias);
    }

    /** Returns how many rows are added up separately. */
    private long height() {
        long height = Math.max((count + PARTS - 1) / PARTS, (PART + length - 1) / length);
        return (height + Accumulators.ROWS - 1) / Accumulators.ROWS * Accumulators.ROWS;
    }

    /** Returns whether sums of columns can be written to an operand. */
    boolean takesSums(Strided to, int dims) {
        return length <= LONG && isRow(to, dims) && to.numel() == length;
    }

    /** The sums of the columns, in parts. */
    private final class Sums {
        private final Accumulators.Plan plan = Accumulators.Plan.of(Reduction.SUM, dtype, dtype, kernels);
        private final Loop add = plan.kernel().folding(count * length);
        private final Accumulators[] parts;

        Sums(int parts) {
            this.parts = new Accumulators[parts];
        }

        Accumulators of(int part) {
            Accumulators known = parts[part];
            return known != null ? known : (parts[part] = plan.of(length, add));
        }

        void into(Strided out) {
            for (int p = 1; p < parts.length; p++) parts[0].merge(parts[p]);
            Object sums = plan.results(parts[0], length);
            System.arraycopy(sums, 0, out.storage().memory(), (int) out.layout().offset(), length);
        }
    }

    private static final Object NONE = new Object();

    private static int offset(@Nullable Strided parameter) {
        return parameter == null ? 0 : (int) parameter.layout().offset();
    }

    /** Returns the memory of a parameter, or in its stead a row of what changes nothing. */
    private Object parameter(@Nullable Strided given, int none) {
        if (given != null) return given.storage().memory();
        Object row = kind.allocate(length);
        if (row instanceof float[] r) Arrays.fill(r, none);
        else Arrays.fill((double[]) row, none);
        return row;
    }

    /** Returns whether a parameter of a normalization is one row for all. */
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

    private static double get(Object from, int i) {
        return from instanceof float[] x ? x[i] : ((double[]) from)[i];
    }

    private static void set(Object to, int i, double value) {
        if (to instanceof float[] y) y[i] = (float) value;
        else ((double[]) to)[i] = value;
    }

    private static void set(Object to, double[] values, int n) {
        for (int i = 0; i < n; i++) set(to, i, values[i]);
    }

    private static void set(Strided to, long row, double value) {
        set(to.storage().memory(), (int) (to.layout().offset() + row), value);
    }

    /** Returns how many of the last dimensions have size 1 in the result of a reduction. */
    static int reducedDims(Strided in, Strided mean) {
        int rank = in.layout().rank();
        int dims = 0;
        while (dims < rank && mean.layout().size(rank - 1 - dims) == 1) dims++;
        return dims;
    }
}
