package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Reduction;
import dev.cotangent.program.ScalarOp;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Accumulators of a reduction, one for each of some outputs. Blocks are folded in halves by the loop of the op itself,
 * so a reduction needs no loop of its own, and rounding errors hardly grow with a block.
 */
abstract sealed class Folds {
    /** What makes the accumulators for one reduction. */
    interface Maker {
        Folds of(int outputs);
    }

    /** What to fold: {@code type} is that of the values, to which the program's output is to be converted first. */
    record Plan(Dtype type, Maker maker) {
        static Plan of(Reduction kind, Dtype values, Kernels kernels, long numel) {
            Dtype wide = values == Dtype.BOOL ? Dtype.INT64 : values.computeType();
            return switch (kind) {
                case SUM -> {
                    Dtype type = wide.isFloatingPoint() ? wide : Dtype.INT64;
                    Loop add = kernels.of(ScalarOp.ADD, type).choose(numel);
                    yield new Plan(
                            type, n -> type.isFloatingPoint() ? new Sum(n, add, type) : new Joined(n, add, type));
                }
                case PROD -> joined(ScalarOp.MUL, wide, kernels, numel);
                case MAX -> joined(ScalarOp.MAX, wide, kernels, numel);
                case MIN -> joined(ScalarOp.MIN, wide, kernels, numel);
                case ARGMAX, ARGMIN -> {
                    Dtype type = wide.isFloatingPoint() ? Dtype.FLOAT64 : Dtype.INT64;
                    boolean smallest = kind == Reduction.ARGMIN;
                    Loop loop = kernels.of(smallest ? ScalarOp.MIN : ScalarOp.MAX, type)
                            .choose(numel);
                    yield new Plan(type, n -> new Best(n, type, loop, smallest));
                }
                case ANY -> new Plan(Dtype.BOOL, n -> new Whether(n, true));
                case ALL -> new Plan(Dtype.BOOL, n -> new Whether(n, false));
            };
        }

        private static Plan joined(ScalarOp op, Dtype wide, Kernels kernels, long numel) {
            Dtype type = Kind.of(wide) == Kind.LONG ? Dtype.INT64 : wide;
            Loop loop = kernels.of(op, type).choose(numel);
            return new Plan(type, n -> new Joined(n, loop, type));
        }
    }

    /**
     * Folds {@code count} groups of {@code unit} values that lie one after the other: the values of a group belong to
     * the accumulators from {@code at} on, and {@code first} is the row-major position of the first group among those
     * reduced.
     */
    abstract void fold(Object block, int offset, int count, int unit, int at, long first);

    /** Takes in what another, of the same kind, found in what comes after. */
    abstract void merge(Folds later);

    /** The results, an array of the kind of {@link #type}. */
    abstract Object result();

    /** The type of the results. */
    abstract Dtype type();

    /** A place to fold a block in. */
    private static Object scratch(Object like) {
        Kind kind = like instanceof float[] ? Kind.FLOAT : like instanceof double[] ? Kind.DOUBLE : Kind.LONG;
        return Registers.mine().get(kind, SCRATCH);
    }

    /** A register that no program is given: those come in rising order. */
    private static final int SCRATCH = Registers.LAST;

    /**
     * Folds the groups to one, in halves at last; true where it is at the start of the scratch, false where there is
     * one only.
     */
    static boolean halve(Loop loop, Object block, int offset, int count, int unit, Object scratch) {
        if (count == 1) return false;
        if (unit == 1 && count >= 2 * Loop.LANES) {
            loop.fold(scratch, 0, block, offset, count);
            return true;
        }
        int half = count / 2;
        int rest = count - half;
        if (rest > half) System.arraycopy(block, offset + half * unit, scratch, half * unit, unit);
        loop.run(scratch, 0, block, offset, block, offset + rest * unit, block, offset, half * unit);
        for (int n = rest; n > 1; n -= half) {
            half = n / 2;
            loop.run(scratch, 0, scratch, 0, scratch, (n - half) * unit, scratch, 0, half * unit);
        }
        return true;
    }

    /**
     * Sums of floating point: blocks as they are, what they give in double with the error carried along (Neumaier
     * 1974).
     */
    private static final class Sum extends Folds {
        /** So many rows are added up as they are before they go into the sums. */
        private static final int ROWS = 16;

        private final Loop add;
        private final double[] sums;
        private final double[] errors;
        private final Object rows;
        private int waiting;
        private int waitingAt;
        private int waitingUnit;

        Sum(int n, Loop add, Dtype type) {
            this.add = add;
            sums = new double[n];
            errors = new double[n];
            rows = Kind.of(type).allocate(n);
        }

        @Override
        void fold(Object block, int offset, int count, int unit, int at, long first) {
            Object scratch = scratch(block);
            Object one = halve(add, block, offset, count, unit, scratch) ? scratch : block;
            int from = one == scratch ? 0 : offset;
            if (unit == 1) {
                add(at, one instanceof float[] x ? x[from] : ((double[]) one)[from]);
                return;
            }
            if (waitingAt != at || waitingUnit != unit) flush();
            waitingAt = at;
            waitingUnit = unit;
            if (waiting++ == 0) System.arraycopy(one, from, rows, at, unit);
            else add.run(rows, at, rows, at, one, from, one, from, unit);
            if (waiting == ROWS) flush();
        }

        private void flush() {
            if (waiting == 0) return;
            int end = waitingAt + waitingUnit;
            if (rows instanceof float[] x) for (int i = waitingAt; i < end; i++) add(i, x[i]);
            else if (rows instanceof double[] x) for (int i = waitingAt; i < end; i++) add(i, x[i]);
            waiting = 0;
        }

        private void add(int at, double x) {
            double s = sums[at];
            double t = s + x;
            errors[at] += Math.abs(s) >= Math.abs(x) ? s - t + x : x - t + s;
            sums[at] = t;
        }

        @Override
        void merge(Folds later) {
            Sum o = (Sum) later;
            flush();
            o.flush();
            for (int i = 0; i < sums.length; i++) {
                add(i, o.sums[i]);
                errors[i] += o.errors[i];
            }
        }

        @Override
        Object result() {
            flush();
            double[] r = new double[sums.length];
            for (int i = 0; i < r.length; i++) r[i] = Double.isFinite(errors[i]) ? sums[i] + errors[i] : sums[i];
            return r;
        }

        @Override
        Dtype type() {
            return Dtype.FLOAT64;
        }
    }

    /** Values joined by an op, in their own type. */
    private static final class Joined extends Folds {
        private final Loop loop;
        private final Object values;
        private final boolean[] begun;
        private final Dtype type;

        Joined(int n, Loop loop, Dtype type) {
            this.loop = loop;
            this.type = type;
            values = Kind.of(type).allocate(n);
            begun = new boolean[n];
        }

        @Override
        void fold(Object block, int offset, int count, int unit, int at, long first) {
            Object scratch = scratch(block);
            if (halve(loop, block, offset, count, unit, scratch)) join(scratch, 0, at, unit);
            else join(block, offset, at, unit);
        }

        private void join(Object from, int offset, int at, int unit) {
            if (begun[at]) {
                loop.run(values, at, values, at, from, offset, from, offset, unit);
            } else {
                System.arraycopy(from, offset, values, at, unit);
                Arrays.fill(begun, at, at + unit, true);
            }
        }

        @Override
        void merge(Folds later) {
            join(((Joined) later).values, 0, 0, begun.length);
        }

        @Override
        Object result() {
            return values;
        }

        @Override
        Dtype type() {
            return type;
        }
    }

    /** Where the first largest (or smallest) value is, the first NaN being larger and smaller than all. */
    private static final class Best extends Folds {
        private final Loop loop;
        private final boolean smallest;
        private final long[] places;
        private final double @Nullable [] doubles;
        private final long @Nullable [] longs;

        Best(int n, Dtype type, Loop loop, boolean smallest) {
            this.loop = loop;
            this.smallest = smallest;
            places = new long[n];
            Arrays.fill(places, -1);
            doubles = type == Dtype.FLOAT64 ? new double[n] : null;
            longs = type == Dtype.FLOAT64 ? null : new long[n];
        }

        @Override
        void fold(Object block, int offset, int count, int unit, int at, long first) {
            if (unit == 1 && count >= 2 * Loop.LANES) {
                best(block, offset, count, at, first);
                return;
            }
            for (int c = 0; c < count; c++) {
                int from = offset + c * unit;
                if (block instanceof double[] x) for (int i = 0; i < unit; i++) offer(at + i, x[from + i], first + c);
                else if (block instanceof long[] x)
                    for (int i = 0; i < unit; i++) offer(at + i, x[from + i], first + c);
            }
        }

        /** Looks for the place only where the block has something better than what there is. */
        private void best(Object block, int offset, int count, int at, long first) {
            long before = places[at];
            Object scratch = scratch(block);
            halve(loop, block, offset, count, 1, scratch);
            if (scratch instanceof double[] x) offer(at, x[0], first);
            else if (scratch instanceof long[] x) offer(at, x[0], first);
            if (places[at] == before) return;
            for (int i = 0; i < count; i++) {
                boolean here = block instanceof double[] x
                        ? doubles != null && (x[offset + i] == doubles[at] || x[offset + i] != x[offset + i])
                        : block instanceof long[] y && longs != null && y[offset + i] == longs[at];
                if (here) {
                    places[at] = first + i;
                    return;
                }
            }
        }

        private void offer(int at, double value, long place) {
            if (doubles == null) return;
            double best = doubles[at];
            boolean better = smallest ? value < best : value > best;
            if (better || places[at] < 0 || value != value && best == best) {
                doubles[at] = value;
                places[at] = place;
            }
        }

        private void offer(int at, long value, long place) {
            if (longs == null) return;
            if (places[at] < 0 || (smallest ? value < longs[at] : value > longs[at])) {
                longs[at] = value;
                places[at] = place;
            }
        }

        @Override
        void merge(Folds later) {
            Best o = (Best) later;
            for (int i = 0; i < places.length; i++) {
                if (o.doubles != null) offer(i, o.doubles[i], o.places[i]);
                if (o.longs != null) offer(i, o.longs[i], o.places[i]);
            }
        }

        @Override
        Object result() {
            return places;
        }

        @Override
        Dtype type() {
            return Dtype.INT64;
        }
    }

    /** Whether any value is true, or all are. */
    private static final class Whether extends Folds {
        private final boolean any;
        private final boolean[] found;

        /** Looks for a value that settles it: a true one for any, a false one for all. */
        Whether(int n, boolean any) {
            this.any = any;
            found = new boolean[n];
        }

        @Override
        void fold(Object block, int offset, int count, int unit, int at, long first) {
            boolean[] x = (boolean[]) block;
            for (int c = 0; c < count; c++) {
                int from = offset + c * unit;
                for (int i = 0; i < unit; i++) found[at + i] |= x[from + i] == any;
            }
        }

        @Override
        void merge(Folds later) {
            Whether o = (Whether) later;
            for (int i = 0; i < found.length; i++) found[i] |= o.found[i];
        }

        @Override
        Object result() {
            boolean[] r = new boolean[found.length];
            for (int i = 0; i < r.length; i++) r[i] = found[i] == any;
            return r;
        }

        @Override
        Dtype type() {
            return Dtype.BOOL;
        }
    }
}
