package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.program.ScalarOp;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Softmax and normalization of float32 and float64 along rows that lie together: a row is read from memory once and
 * stays in the cache until all is done with it.
 */
final class Rows {
    /** Shorter rows are left to what is composed of other operations, which takes many at a time. */
    private static final int SHORT = 2 * Loop.LANES;

    private static final int SPLAT = Registers.LAST - 4;
    private static final int VALUES = Registers.LAST - 5;
    private static final int SCRATCH = Registers.LAST - 6;

    private final Kernels kernels;
    private final Pool pool;
    private final Dtype dtype;
    private final Kind kind;
    private final int length;
    private final long count;
    private final long numel;

    private Rows(Kernels kernels, Pool pool, Dtype dtype, long length, long count) {
        this.kernels = kernels;
        this.pool = pool;
        this.dtype = dtype;
        this.kind = Kind.of(dtype);
        this.length = (int) length;
        this.count = count;
        this.numel = length * count;
    }

    /** The rows of so many elements that two operands of one shape have, or null where they do not lie so. */
    static @Nullable Rows of(Kernels kernels, Pool pool, Strided in, Strided out, long length) {
        Dtype dtype = in.dtype();
        boolean fits = (dtype == Dtype.FLOAT32 || dtype == Dtype.FLOAT64)
                && length >= SHORT
                && in.layout().isContiguous()
                && out.layout().isContiguous();
        return fits ? new Rows(kernels, pool, dtype, length, in.numel() / length) : null;
    }

    private interface Body {
        void of(int row, Object splat, Object values, Object scratch);
    }

    /** Does something with each row; {@code cost} is that of an element. */
    private void each(int cost, Body body) {
        pool.run(count, 1, (long) cost * length, (from, to) -> {
            Registers mine = Registers.mine();
            Object splat = mine.get(kind, SPLAT);
            Object values = mine.get(kind, VALUES);
            Object scratch = mine.get(kind, SCRATCH);
            for (long r = from; r < to; r++) body.of((int) r, splat, values, scratch);
        });
    }

    void softmax(Strided in, Strided out, boolean log) {
        Loop max = folding(ScalarOp.MAX);
        Loop sub = loop(ScalarOp.SUB);
        Loop exp = loop(ScalarOp.EXP);
        Loop add = folding(ScalarOp.ADD);
        Loop div = loop(ScalarOp.DIV);
        Object x = in.storage().memory();
        Object y = out.storage().memory();
        each(40, (row, splat, values, scratch) -> {
            int i = (int) in.layout().offset() + row * length;
            int o = (int) out.layout().offset() + row * length;
            double largest = Double.NEGATIVE_INFINITY;
            for (int b = 0; b < length; b += Registers.BLOCK) {
                largest = Math.max(largest, fold(max, x, i + b, block(b), scratch));
            }
            fill(splat, largest);
            double sum = 0;
            for (int b = 0; b < length; b += Registers.BLOCK) {
                int n = block(b);
                sub.run(y, o + b, x, i + b, splat, 0, splat, 0, n);
                Object powers = log ? values : y;
                int at = log ? 0 : o + b;
                exp.run(powers, at, y, o + b, splat, 0, splat, 0, n);
                sum += fold(add, powers, at, n, scratch);
            }
            Loop last = log ? sub : div;
            fill(splat, log ? Math.log(round(sum)) : sum);
            for (int b = 0; b < length; b += Registers.BLOCK) {
                last.run(y, o + b, y, o + b, splat, 0, splat, 0, block(b));
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
            Strided rstd,
            MatVec products) {
        Loop sub = loop(ScalarOp.SUB);
        Loop shift = loop(ScalarOp.ADD);
        Loop mul = loop(ScalarOp.MUL);
        Loop add = folding(ScalarOp.ADD);
        Object x = in.storage().memory();
        Object y = out.storage().memory();
        each(20, (row, splat, values, scratch) -> {
            int i = (int) in.layout().offset() + row * length;
            int o = (int) out.layout().offset() + row * length;
            double sum = 0;
            for (int b = 0; b < length; b += Registers.BLOCK) sum += fold(add, x, i + b, block(b), scratch);
            double middle = round(round(sum) / length);
            fill(splat, middle);
            double squares = 0;
            for (int b = 0; b < length; b += Registers.BLOCK) {
                int n = block(b);
                sub.run(values, 0, x, i + b, splat, 0, splat, 0, n);
                mul.run(values, 0, values, 0, values, 0, values, 0, n);
                squares += fold(add, values, 0, n, scratch);
            }
            double variance = round(round(round(squares) / length) + round(eps));
            double scale = round(1 / round(Math.sqrt(variance)));
            set(mean, row, middle);
            set(rstd, row, scale);
            // x * scale + shift, rounded once: a product with one row, on top of what is there.
            fill(y, o, o + length, -round(middle * scale));
            fill(splat, 0, 1, scale);
            products.sums(1, length, x, i, length, splat, 0, y, o);
            if (weight != null) along(mul, weight, y, o);
            if (bias != null) along(shift, bias, y, o);
        });
    }

    private void along(Loop loop, Strided parameter, Object y, int o) {
        Object w = parameter.storage().memory();
        loop.run(y, o, y, o, w, (int) parameter.layout().offset(), w, 0, length);
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

    private Loop loop(ScalarOp op) {
        return kernels.of(op, dtype).choose(numel);
    }

    private Loop folding(ScalarOp op) {
        return kernels.of(op, dtype).folding(numel);
    }

    private int block(int begun) {
        return Math.min(Registers.BLOCK, length - begun);
    }

    /** All elements of a block joined. */
    private static double fold(Loop loop, Object a, int i, int n, Object scratch) {
        return Folds.halve(loop, a, i, n, 1, scratch) ? get(scratch, 0) : get(a, i);
    }

    private double round(double value) {
        return kind == Kind.FLOAT ? (float) value : value;
    }

    private static double get(Object from, int i) {
        return from instanceof float[] x ? x[i] : ((double[]) from)[i];
    }

    private static void set(Strided to, int row, double value) {
        int o = (int) to.layout().offset() + row;
        if (to.storage().memory() instanceof float[] y) y[o] = (float) value;
        else ((double[]) to.storage().memory())[o] = value;
    }

    private static void fill(Object register, double value) {
        fill(register, 0, Registers.BLOCK, value);
    }

    private static void fill(Object to, int from, int end, double value) {
        if (to instanceof float[] y) Arrays.fill(y, from, end, (float) value);
        else Arrays.fill((double[]) to, from, end, value);
    }
}
