package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Scan;
import dev.cotangent.backend.Strided;
import dev.cotangent.ir.ScalarOp;
import java.util.Arrays;

/**
 * Running results along a dimension, floating point accumulated in double: along each line, or, where elements of many lines
 * are next to each other, of a block of lines at once. An element takes the same steps either way.
 */
final class PrefixScan {
    /** Fewer adjacent lines than this are scanned separately. */
    private static final int FEW = 4;

    /** Tenths of a nanosecond for an element. */
    private static final int COST = 12;

    private static final int LOGARITHM_COST = 60;

    private PrefixScan() {}

    static void scan(WorkerPool pool, Scan kind, Strided in, Strided out, int dim) {
        if (in.numel() == 0) return;
        if (!ScatterLoops.isDirect(in.dtype())) {
            throughRegisters(pool, kind, in, out, dim);
            return;
        }
        int n = (int) in.layout().size(dim);
        int step = (int) in.layout().stride(dim);
        int toStep = (int) out.layout().stride(dim);
        TensorIterator lines = lines(in, dim, out);
        boolean blocks = lines.length() >= FEW && Math.abs(step) > Math.abs(lines.stride(0));
        Object x = in.storage().memory();
        Object y = out.storage().memory();
        lines.run(pool, COST * n, -1, (at, rows, length) -> {
            for (int r = 0; r < rows; r++) {
                int i = at[0] + r * lines.rowStride(0);
                int j = at[1] + r * lines.rowStride(1);
                if (blocks) {
                    for (int done = 0; done < length; done += Registers.BLOCK) {
                        int some = Math.min(Registers.BLOCK, length - done);
                        int from = i + done * lines.stride(0);
                        int to = j + done * lines.stride(1);
                        block(kind, x, from, step, lines.stride(0), y, to, toStep, lines.stride(1), n, some);
                    }
                } else {
                    int e = 0;
                    if (kind == Scan.SUM && x instanceof float[] from && y instanceof float[] to) {
                        int next = lines.stride(0);
                        int toNext = lines.stride(1);
                        for (; e + 4 <= length; e += 4) {
                            fourSums(from, i + e * next, next, step, to, j + e * toNext, toNext, toStep, n);
                        }
                    }
                    for (; e < length; e++) {
                        line(kind, x, i + e * lines.stride(0), step, y, j + e * lines.stride(1), toStep, n);
                    }
                }
            }
        });
    }

    /** Returns an iterator over the first elements of all lines. */
    private static TensorIterator lines(Strided in, int dim, Strided... outs) {
        Layout[] firsts = new Layout[outs.length + 1];
        firsts[0] = in.layout().select(dim, 0);
        for (int o = 0; o < outs.length; o++) firsts[o + 1] = outs[o].layout().select(dim, 0);
        return TensorIterator.of(StridedIterator.byStride(firsts[0]), firsts);
    }

    /** Sums along four lines at once, since each addition waits for the one before it in its line. */
    private static void fourSums(
            float[] x, int i, int next, int step, float[] y, int j, int toNext, int toStep, int n) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int k = i + 2 * next;
        int l = j + 2 * toNext;
        for (int e = 0; e < n; e++, i += step, j += toStep, k += step, l += toStep) {
            a += x[i];
            b += x[i + next];
            c += x[k];
            d += x[k + next];
            y[j] = (float) a;
            y[j + toNext] = (float) b;
            y[l] = (float) c;
            y[l + toNext] = (float) d;
        }
    }

    private static void line(Scan kind, Object from, int i, int step, Object to, int j, int toStep, int n) {
        switch (to) {
            case float[] y -> {
                float[] x = (float[]) from;
                double total = start(kind);
                if (kind == Scan.SUM) {
                    for (int e = 0; e < n; e++, i += step, j += toStep) y[j] = (float) (total += x[i]);
                } else if (kind == Scan.PROD) {
                    for (int e = 0; e < n; e++, i += step, j += toStep) y[j] = (float) (total *= x[i]);
                } else {
                    for (int e = 0; e < n; e++, i += step, j += toStep) {
                        y[j] = (float) (total = combine(kind, total, x[i]));
                    }
                }
            }
            case double[] y -> {
                double[] x = (double[]) from;
                double total = start(kind);
                if (kind == Scan.SUM) {
                    for (int e = 0; e < n; e++, i += step, j += toStep) y[j] = total += x[i];
                } else {
                    for (int e = 0; e < n; e++, i += step, j += toStep) y[j] = total = combine(kind, total, x[i]);
                }
            }
            case long[] y -> {
                long[] x = (long[]) from;
                long total = wholeStart(kind);
                if (kind == Scan.SUM && step == 1 && toStep == 1) {
                    for (int e = 0; e < n; e++) y[j + e] = total += x[i + e];
                } else {
                    for (int e = 0; e < n; e++, i += step, j += toStep) y[j] = total = combine(kind, total, x[i]);
                }
            }
            default -> throw new IllegalArgumentException(to.getClass() + " is scanned in registers");
        }
    }

    /** Scans {@code width} lines with a stride of {@code column}. */
    private static void block(
            Scan kind,
            Object from,
            int i,
            int step,
            int column,
            Object to,
            int j,
            int toStep,
            int toColumn,
            int n,
            int width) {
        switch (to) {
            case float[] y -> {
                double[] totals = (double[]) Registers.mine().get(RegisterType.DOUBLE, Registers.LAST);
                Arrays.fill(totals, 0, width, start(kind));
                for (int e = 0; e < n; e++, i += step, j += toStep) {
                    row(kind, totals, (float[]) from, i, column, y, j, toColumn, width);
                }
            }
            case double[] y -> {
                double[] totals = (double[]) Registers.mine().get(RegisterType.DOUBLE, Registers.LAST);
                Arrays.fill(totals, 0, width, start(kind));
                for (int e = 0; e < n; e++, i += step, j += toStep) {
                    row(kind, totals, (double[]) from, i, column, y, j, toColumn, width);
                }
            }
            case long[] y -> {
                long[] totals = (long[]) Registers.mine().get(RegisterType.LONG, Registers.LAST);
                Arrays.fill(totals, 0, width, wholeStart(kind));
                for (int e = 0; e < n; e++, i += step, j += toStep) {
                    row(kind, totals, (long[]) from, i, column, y, j, toColumn, width);
                }
            }
            default -> throw new IllegalArgumentException(to.getClass() + " is scanned in registers");
        }
    }

    private static void row(
            Scan kind, double[] totals, float[] x, int i, int column, float[] y, int j, int toColumn, int n) {
        if (kind == Scan.SUM && column == 1 && toColumn == 1) {
            for (int c = 0; c < n; c++) {
                double total = totals[c] + x[i + c];
                totals[c] = total;
                y[j + c] = (float) total;
            }
        } else {
            for (int c = 0; c < n; c++, i += column, j += toColumn) {
                y[j] = (float) (totals[c] = combine(kind, totals[c], x[i]));
            }
        }
    }

    private static void row(
            Scan kind, double[] totals, double[] x, int i, int column, double[] y, int j, int toColumn, int n) {
        for (int c = 0; c < n; c++, i += column, j += toColumn) y[j] = totals[c] = combine(kind, totals[c], x[i]);
    }

    private static void row(
            Scan kind, long[] totals, long[] x, int i, int column, long[] y, int j, int toColumn, int n) {
        for (int c = 0; c < n; c++, i += column, j += toColumn) y[j] = totals[c] = combine(kind, totals[c], x[i]);
    }

    /** Scans types that memory holds otherwise than registers do. */
    private static void throughRegisters(WorkerPool pool, Scan kind, Strided in, Strided out, int dim) {
        int length = (int) in.layout().size(dim);
        long lines = in.numel() / length;
        RegisterCodec elements = RegisterCodec.of(in.dtype());
        StridedIterator from = StridedIterator.of(in.layout(), last(in.layout(), dim));
        StridedIterator to = StridedIterator.of(out.layout(), last(in.layout(), dim));
        pool.run(lines, 1, 30L * length, (first, end) -> {
            Object register = Registers.mine().get(RegisterType.of(in.dtype()), Registers.LAST);
            for (long line = first; line < end; line++) {
                double total = start(kind);
                long whole = wholeStart(kind);
                for (int at = 0; at < length; at += Registers.BLOCK) {
                    int n = Math.min(Registers.BLOCK, length - at);
                    long place = line * length + at;
                    from.load(elements, in.storage().memory(), place, register, n);
                    switch (register) {
                        case float[] r -> total = run(kind, r, n, total);
                        case long[] r -> whole = run(kind, r, n, whole, in.dtype());
                        case boolean[] r -> whole = run(kind, r, n, whole);
                        default -> throw new IllegalStateException();
                    }
                    to.store(elements, register, 0, out.storage().memory(), place, n);
                }
            }
        });
    }

    /** Returns all dimensions in order, but that one last. */
    private static int[] last(Layout layout, int dim) {
        int[] order = new int[layout.rank()];
        int n = 0;
        for (int d = 0; d < order.length; d++) if (d != dim) order[n++] = d;
        if (order.length > 0) order[n] = dim;
        return order;
    }

    private static double start(Scan kind) {
        return switch (kind) {
            case SUM -> 0;
            case PROD -> 1;
            case MAX -> Double.NEGATIVE_INFINITY;
            case MIN -> Double.POSITIVE_INFINITY;
        };
    }

    private static long wholeStart(Scan kind) {
        return switch (kind) {
            case SUM -> 0;
            case PROD -> 1;
            case MAX -> Long.MIN_VALUE;
            case MIN -> Long.MAX_VALUE;
        };
    }

    private static double combine(Scan kind, double a, double b) {
        return switch (kind) {
            case SUM -> a + b;
            case PROD -> a * b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
        };
    }

    private static long combine(Scan kind, long a, long b) {
        return switch (kind) {
            case SUM -> a + b;
            case PROD -> a * b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
        };
    }

    private static double run(Scan kind, float[] r, int n, double total) {
        for (int i = 0; i < n; i++) r[i] = (float) (total = combine(kind, total, r[i]));
        return total;
    }

    private static long run(Scan kind, long[] r, int n, long total, Dtype dtype) {
        for (int i = 0; i < n; i++) r[i] = total = DtypeConversions.wrap(combine(kind, total, r[i]), dtype);
        return total;
    }

    private static long run(Scan kind, boolean[] r, int n, long total) {
        for (int i = 0; i < n; i++) {
            total = Math.clamp(combine(kind, total, r[i] ? 1 : 0), 0, 1);
            r[i] = total != 0;
        }
        return total;
    }

    /** Computes running extremes and their last indices. Returns whether the type is supported. */
    static boolean extreme(WorkerPool pool, Scan kind, Strided in, int dim, Strided values, Strided indices) {
        if (!ScatterLoops.isDirect(in.dtype())) return false;
        if (in.numel() == 0) return true;
        int n = (int) in.layout().size(dim);
        int step = (int) in.layout().stride(dim);
        int valueStep = (int) values.layout().stride(dim);
        int indexStep = (int) indices.layout().stride(dim);
        TensorIterator lines = lines(in, dim, values, indices);
        Object x = in.storage().memory();
        Object y = values.storage().memory();
        long[] z = (long[]) indices.storage().memory();
        boolean max = kind == Scan.MAX;
        lines.run(pool, COST * n, -1, (at, rows, length) -> {
            for (int r = 0; r < rows; r++) {
                for (int e = 0; e < length; e++) {
                    int i = at[0] + r * lines.rowStride(0) + e * lines.stride(0);
                    int j = at[1] + r * lines.rowStride(1) + e * lines.stride(1);
                    int k = at[2] + r * lines.rowStride(2) + e * lines.stride(2);
                    extreme(max, x, i, step, y, j, valueStep, z, k, indexStep, n);
                }
            }
        });
        return true;
    }

    private static void extreme(
            boolean max,
            Object from,
            int i,
            int step,
            Object to,
            int j,
            int toStep,
            long[] indices,
            int k,
            int indexStep,
            int n) {
        long last = 0;
        switch (to) {
            case float[] y -> {
                float[] x = (float[]) from;
                float best = x[i];
                for (int e = 0; e < n; e++, i += step, j += toStep, k += indexStep) {
                    float value = x[i];
                    // Seldom, and also where one is NaN.
                    if (!(max ? value < best : value > best)) {
                        best = max ? Math.max(best, value) : Math.min(best, value);
                        if (value == best || value != value) last = e;
                    }
                    y[j] = best;
                    indices[k] = last;
                }
            }
            case double[] y -> {
                double[] x = (double[]) from;
                double best = x[i];
                for (int e = 0; e < n; e++, i += step, j += toStep, k += indexStep) {
                    double value = x[i];
                    // Seldom, and also where one is NaN.
                    if (!(max ? value < best : value > best)) {
                        best = max ? Math.max(best, value) : Math.min(best, value);
                        if (value == best || value != value) last = e;
                    }
                    y[j] = best;
                    indices[k] = last;
                }
            }
            case long[] y -> {
                long[] x = (long[]) from;
                long best = x[i];
                for (int e = 0; e < n; e++, i += step, j += toStep, k += indexStep) {
                    long value = x[i];
                    best = max ? Math.max(best, value) : Math.min(best, value);
                    if (value == best) last = e;
                    y[j] = best;
                    indices[k] = last;
                }
            }
            default -> throw new IllegalArgumentException(to.getClass() + " is scanned in registers");
        }
    }

    /** What is added to the largest of a block must be within this of it, for its logarithm to keep its bits. */
    private static final double REACH = 40;

    static void logcumsumexp(LoopKernels kernels, WorkerPool pool, Strided in, int dim, Strided out) {
        if (in.numel() == 0) return;
        int length = (int) in.layout().size(dim);
        RegisterCodec elements = RegisterCodec.of(in.dtype());
        StridedIterator from = StridedIterator.of(in.layout(), last(in.layout(), dim));
        StridedIterator to = StridedIterator.of(out.layout(), last(in.layout(), dim));
        Loop widen = DtypeConversions.loop(in.dtype(), Dtype.FLOAT64);
        Loop narrow = DtypeConversions.loop(Dtype.FLOAT64, in.dtype());
        Loop exp = kernels.of(ScalarOp.EXP, Dtype.FLOAT64).choose(in.numel());
        Loop log = kernels.of(ScalarOp.LOG, Dtype.FLOAT64).choose(in.numel());
        pool.run(in.numel() / length, 1, (long) LOGARITHM_COST * length, (first, end) -> {
            Registers mine = Registers.mine();
            Object register = mine.get(RegisterType.of(in.dtype()), Registers.LAST);
            double[] wide = (double[]) mine.get(RegisterType.DOUBLE, Registers.LAST - 1);
            for (long line = first; line < end; line++) {
                double total = Double.NEGATIVE_INFINITY;
                for (int at = 0; at < length; at += Registers.BLOCK) {
                    int n = Math.min(Registers.BLOCK, length - at);
                    long place = line * length + at;
                    from.load(elements, in.storage().memory(), place, widen == null ? wide : register, n);
                    if (widen != null) widen.run(wide, 0, register, 0, register, 0, register, 0, n);
                    total = logcumsumexp(exp, log, wide, n, total);
                    if (narrow != null) narrow.run(register, 0, wide, 0, wide, 0, wide, 0, n);
                    to.store(
                            elements,
                            narrow == null ? wide : register,
                            0,
                            out.storage().memory(),
                            place,
                            n);
                }
            }
        });
    }

    /** Replaces the elements of a block by their running results; returns the last. */
    private static double logcumsumexp(Loop exp, Loop log, double[] x, int n, double total) {
        double most = total;
        double least = total == Double.NEGATIVE_INFINITY ? Double.POSITIVE_INFINITY : total;
        for (int i = 0; i < n; i++) {
            most = Math.max(most, x[i]);
            least = Math.min(least, x[i] == Double.NEGATIVE_INFINITY ? Double.POSITIVE_INFINITY : x[i]);
        }
        if (most == Double.NEGATIVE_INFINITY) return total;
        // Also false where one is NaN or infinite.
        if (!(most - least <= REACH)) {
            for (int i = 0; i < n; i++) x[i] = total = logaddexp(total, x[i]);
            return total;
        }
        double sum = Math.exp(total - most);
        for (int i = 0; i < n; i++) x[i] -= most;
        exp.run(x, 0, x, 0, x, 0, x, 0, n);
        for (int i = 0; i < n; i++) x[i] = sum += x[i];
        log.run(x, 0, x, 0, x, 0, x, 0, n);
        for (int i = 0; i < n; i++) x[i] += most;
        return x[n - 1];
    }

    private static double logaddexp(double a, double b) {
        // The difference of two equal infinities is none.
        if (a == b && Double.isInfinite(a)) return a;
        return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
    }
}
