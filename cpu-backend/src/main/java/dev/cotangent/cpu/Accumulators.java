package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Reduction;
import dev.cotangent.ir.ScalarOp;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Accumulators of a reduction, one for each of some outputs. Blocks are folded in halves by the loop of the op itself,
 * so a reduction needs no loop of its own, and rounding errors hardly grow with a block.
 */
abstract sealed class Accumulators {
    /**
     * Number of rows that are added up in their own type before they are accumulated in float64; the smallest length of
     * pieces of rows.
     */
    static final int ROWS = 16;

    /**
     * How values of a type are folded.
     *
     * @param type to which the values are converted first
     * @param kernel combines two
     * @param convert from the values to {@code type}, or null
     * @param result the type of the reduction's results
     * @param toResult from the accumulators' results to that, or null
     */
    record Plan(
            Reduction kind,
            Dtype type,
            LoopKernel kernel,
            @Nullable Loop convert,
            Dtype result,
            @Nullable Loop toResult) {
        static Plan of(Reduction kind, Dtype values, Dtype result, LoopKernels kernels) {
            Dtype wide = values == Dtype.BOOL ? Dtype.INT64 : values.computeType();
            boolean floating = wide.isFloatingPoint();
            Dtype type = switch (kind) {
                case SUM, PROD, MAX, MIN -> floating ? wide : Dtype.INT64;
                case ARGMAX, ARGMIN -> floating ? Dtype.FLOAT64 : Dtype.INT64;
                case ANY, ALL -> Dtype.BOOL;
            };
            ScalarOp op = switch (kind) {
                case SUM -> ScalarOp.ADD;
                case PROD -> ScalarOp.MUL;
                case MAX, ARGMAX -> ScalarOp.MAX;
                case MIN, ARGMIN -> ScalarOp.MIN;
                case ANY -> ScalarOp.OR;
                case ALL -> ScalarOp.AND;
            };
            Dtype own = switch (kind) {
                case SUM -> floating ? Dtype.FLOAT64 : type;
                case PROD, MAX, MIN, ANY, ALL -> type;
                case ARGMAX, ARGMIN -> Dtype.INT64;
            };
            Loop convert = DtypeConversions.loop(values, type);
            return new Plan(kind, type, kernels.of(op, type), convert, result, DtypeConversions.loop(own, result));
        }

        /** Creates accumulators for a number of outputs. */
        Accumulators of(int outputs, Loop loop) {
            return switch (kind) {
                case SUM -> type.isFloatingPoint() ? new Sum(outputs, loop, type) : new Joined(outputs, loop, type);
                case PROD, MAX, MIN, ANY, ALL -> new Joined(outputs, loop, type);
                case ARGMAX, ARGMIN -> new Best(outputs, loop, type, kind == Reduction.ARGMIN);
            };
        }

        /** Returns the results of accumulators as a register. */
        Object results(Accumulators folds, int n) {
            Object own = folds.result();
            if (toResult == null) return own;
            Object converted = RegisterType.of(result).allocate(n);
            toResult.run(converted, 0, own, 0, own, 0, own, 0, n);
            return converted;
        }
    }

    /** Reduces {@code n} contiguous values, the first with index {@code first} among those reduced, to one. */
    abstract void fold(Object block, int offset, int n, int at, long first);

    /** Works as {@link #fold} for each of {@code count} runs, with an accumulator for each. */
    void runs(Object block, int offset, int n, int count, int at) {
        for (int c = 0; c < count; c++) fold(block, offset + c * n, n, at + c, 0);
    }

    /**
     * Joins {@code count} rows, which begin {@code step} after one another: the {@code unit} values of each belong to the
     * accumulators from {@code at} on, and {@code first} is the place of the first row among those reduced.
     */
    abstract void rows(Object block, int offset, int count, int unit, int step, int at, long first);

    /** Works as {@link #runs} for short transposed runs, whose values have a stride of {@code count}. */
    void turned(Object block, int n, int count, int at) {
        rows(block, 0, n, count, count, at, 0);
    }

    /** Takes in what another, of the same kind, found in what comes after. */
    abstract void merge(Accumulators later);

    /**
     * Returns the results: {@code double[]} for sums of floating point, {@code long[]} for indices, else an array of
     * the values' type.
     */
    abstract Object result();

    /** Allocates a scratch buffer for the reduction of a block. */
    private static Object scratch(Object like) {
        RegisterType kind = switch (like) {
            case float[] _ -> RegisterType.FLOAT;
            case double[] _ -> RegisterType.DOUBLE;
            case boolean[] _ -> RegisterType.BOOL;
            default -> RegisterType.LONG;
        };
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

    /** Reductions by an op's loop: values block by block, by {@link #halve}, and rows in their order. */
    private abstract static sealed class Combined extends Accumulators {
        /** So many blocks are folded at once: their results and what folding them overwrites fit a register. */
        private static final int BLOCKS = Registers.BLOCK - Loop.LANES;

        final Loop loop;

        Combined(Loop loop) {
            this.loop = loop;
        }

        /** Takes in {@code n} values, each into an accumulator of its own. */
        abstract void take(Object from, int offset, int n, int at);

        @Override
        void fold(Object block, int offset, int n, int at, long first) {
            Object scratch = scratch(block);
            int blocks = n / Registers.BLOCK;
            for (int b = 0; b < blocks; b += BLOCKS) {
                int many = Math.min(BLOCKS, blocks - b);
                int from = offset + b * Registers.BLOCK;
                loop.folds(scratch, 0, block, from, Registers.BLOCK, Registers.BLOCK, many);
                for (int i = 0; i < many; i++) take(scratch, i, 1, at);
            }
            int rest = n % Registers.BLOCK;
            if (rest == 0) return;
            if (halve(loop, block, offset + n - rest, rest, 1, scratch)) take(scratch, 0, 1, at);
            else take(block, offset + n - rest, 1, at);
        }

        @Override
        void runs(Object block, int offset, int n, int count, int at) {
            int blocks = n / Registers.BLOCK;
            if (n < 2 * Loop.LANES || blocks > BLOCKS) {
                super.runs(block, offset, n, count, at);
                return;
            }
            Object scratch = scratch(block);
            if (blocks * Registers.BLOCK == n) {
                // The blocks of consecutive runs are contiguous.
                int most = BLOCKS / blocks;
                for (int c = 0; c < count; c += most) {
                    int many = Math.min(most, count - c);
                    loop.folds(scratch, 0, block, offset + c * n, Registers.BLOCK, Registers.BLOCK, many * blocks);
                    for (int b = 0; b < many * blocks; b++) take(scratch, b, 1, at + c + b / blocks);
                }
                return;
            }
            for (int b = 0; b < n; b += Registers.BLOCK) {
                int length = Math.min(Registers.BLOCK, n - b);
                if (length < 2 * Loop.LANES) {
                    for (int c = 0; c < count; c++) fold(block, offset + b + c * n, length, at + c, b);
                    return;
                }
                for (int c = 0; c < count; c += BLOCKS) {
                    int many = Math.min(BLOCKS, count - c);
                    loop.folds(scratch, 0, block, offset + b + c * n, length, n, many);
                    take(scratch, 0, many, at + c);
                }
            }
        }

        @Override
        void turned(Object block, int n, int count, int at) {
            Object scratch = scratch(block);
            if (halve(loop, block, 0, n, count, scratch)) take(scratch, 0, count, at);
            else take(block, 0, count, at);
        }
    }

    /** Returns the rounding error of {@code t}, the sum of s and y (Knuth's two-sum). */
    static double lost(double s, double y, double t) {
        double z = t - s;
        return s - (t - z) + (y - z);
    }

    /**
     * Sums of floating point: blocks as they are, what they give in double, of float64 with the error carried along, as
     * Neumaier 1974 does.
     */
    private static final class Sum extends Combined {
        private final double[] sums;
        private final double @Nullable [] errors;
        private @Nullable Object rows;
        private int waiting;
        private int waitingAt;
        private int waitingUnit;

        Sum(int n, Loop add, Dtype type) {
            super(add);
            sums = new double[n];
            errors = type == Dtype.FLOAT64 ? new double[n] : null;
        }

        @Override
        void take(Object from, int offset, int n, int at) {
            if (from instanceof float[] x) {
                for (int i = 0; i < n; i++) sums[at + i] += x[offset + i];
            } else if (errors != null) {
                double[] x = (double[]) from;
                for (int i = 0; i < n; i++) {
                    double s = sums[at + i];
                    double y = x[offset + i];
                    double t = s + y;
                    errors[at + i] += lost(s, y, t);
                    sums[at + i] = t;
                }
            }
        }

        @Override
        void rows(Object block, int offset, int count, int unit, int step, int at, long first) {
            if (waitingAt != at || waitingUnit != unit) flush();
            waitingAt = at;
            waitingUnit = unit;
            Object sum = rows;
            if (sum == null) sum = rows = errors == null ? new float[sums.length] : new double[sums.length];
            for (int c = 0; c < count; ) {
                int many = Math.min(ROWS - waiting, count - c);
                loop.rows(sum, at, block, offset + c * step, step, many, unit, waiting > 0);
                waiting += many;
                c += many;
                if (waiting == ROWS) flush();
            }
        }

        private void flush() {
            if (waiting > 0 && rows != null) take(rows, waitingAt, waitingUnit, waitingAt);
            waiting = 0;
        }

        @Override
        void merge(Accumulators later) {
            Sum o = (Sum) later;
            flush();
            o.flush();
            if (errors == null || o.errors == null) {
                for (int i = 0; i < sums.length; i++) sums[i] += o.sums[i];
            } else {
                take(o.sums, 0, sums.length, 0);
                for (int i = 0; i < sums.length; i++) errors[i] += o.errors[i];
            }
        }

        @Override
        Object result() {
            flush();
            if (errors != null) {
                for (int i = 0; i < sums.length; i++) if (Double.isFinite(errors[i])) sums[i] += errors[i];
            }
            return sums;
        }
    }

    /** Values reduced by an op, in their own type. */
    private static final class Joined extends Combined {
        private final Object values;
        private final boolean[] begun;

        Joined(int n, Loop loop, Dtype type) {
            super(loop);
            values = RegisterType.of(type).allocate(n);
            begun = new boolean[n];
        }

        @Override
        void take(Object from, int offset, int n, int at) {
            rows(from, offset, 1, n, n, at, 0);
        }

        @Override
        void rows(Object block, int offset, int count, int unit, int step, int at, long first) {
            loop.rows(values, at, block, offset, step, count, unit, begun[at]);
            if (!begun[at]) Arrays.fill(begun, at, at + unit, true);
        }

        @Override
        void merge(Accumulators later) {
            take(((Joined) later).values, 0, begun.length, 0);
        }

        @Override
        Object result() {
            return values;
        }
    }

    /** Where the first largest (or smallest) value is, the first NaN being larger and smaller than all. */
    private static final class Best extends Accumulators {
        private final Loop loop;
        private final boolean smallest;
        private final long[] places;
        private final double @Nullable [] doubles;
        private final long @Nullable [] longs;

        Best(int n, Loop loop, Dtype type, boolean smallest) {
            this.loop = loop;
            this.smallest = smallest;
            places = new long[n];
            Arrays.fill(places, -1);
            doubles = type == Dtype.FLOAT64 ? new double[n] : null;
            longs = type == Dtype.FLOAT64 ? null : new long[n];
        }

        @Override
        void fold(Object block, int offset, int n, int at, long first) {
            for (int b = 0; b < n; b += Registers.BLOCK) {
                int length = Math.min(Registers.BLOCK, n - b);
                if (length < 2 * Loop.LANES) rows(block, offset + b, length, 1, 1, at, first + b);
                else best(block, offset + b, length, at, first + b);
            }
        }

        @Override
        void rows(Object block, int offset, int count, int unit, int step, int at, long first) {
            for (int c = 0; c < count; c++) {
                int from = offset + c * step;
                if (block instanceof double[] x) for (int i = 0; i < unit; i++) offer(at + i, x[from + i], first + c);
                else if (block instanceof long[] x)
                    for (int i = 0; i < unit; i++) offer(at + i, x[from + i], first + c);
            }
        }

        /** Searches for the index only if the block has a better value. */
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
        void merge(Accumulators later) {
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
    }
}
