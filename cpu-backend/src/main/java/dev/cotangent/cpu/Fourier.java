package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.FourierTransform;
import dev.cotangent.backend.FourierTransform.Kind;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.cpu.Butterflies.Format;
import dev.cotangent.cpu.Butterflies.Pass;
import org.jspecify.annotations.Nullable;

/**
 * Runs Fourier transforms. Several lines are copied to a buffer of the cache, element by element next to each other, so that
 * vectors hold the same element of different lines whatever the layout is. A transform of an even number of real numbers is one of half as
 * many complex ones. How a line is transformed depends on its length alone, so that its bits do.
 */
final class Fourier {
    /** Bytes of a buffer of lines, two of which are to stay in the cache. */
    private static final int BUFFER = 128 << 10;

    /** Bytes to a multiple of which lines are padded: a vector of any width. */
    private static final int GRAIN = 64;

    /** Up to this part of a vector lines are transformed one by one. */
    private static final int FEW = 4;

    /** Tenths of a nanosecond for an element of a pass. */
    private static final int COST = 5;

    private final Backend backend;
    private final WorkerPool pool;
    private final FourierTables floats;
    private final FourierTables doubles;

    Fourier(Backend backend, WorkerPool pool, @Nullable VectorLoops vectors, boolean inBackground) {
        this.backend = backend;
        this.pool = pool;
        floats = new FourierTables(vectors, false, inBackground);
        doubles = new FourierTables(vectors, true, inBackground);
    }

    /** Works as {@link Backend#fourier}. */
    void run(FourierTransform transform, Strided in, Strided out, int dim) {
        if (out.numel() == 0) return;
        new Run(transform, in, out, dim).run();
    }

    /** Returns the passes of a transform, roughly. */
    private static long passes(long n) {
        return 2 + (Long.SIZE - Long.numberOfLeadingZeros(n)) / 2;
    }

    /** One call: its operands, tables and loops. */
    private final class Run {
        private final FourierTransform transform;
        private final FourierLines from;
        private final FourierLines to;
        private final Dtype dtype;
        private final int n;
        /** The length of complex transforms: half the length of real ones if that is even. */
        private final int size;

        private final boolean isHalved;
        private final FourierPlan plan;
        private final Object realTwiddles;
        private final Butterflies loops;
        private final int room;

        Run(FourierTransform transform, Strided in, Strided out, int dim) {
            this.transform = transform;
            dtype = out.dtype();
            n = Math.toIntExact(transform.length());
            isHalved = transform.kind() != Kind.COMPLEX && n % 2 == 0;
            size = isHalved ? n / 2 : n;
            FourierLines[] both = FourierLines.of(
                    in, transform.kind() == Kind.REAL_TO_COMPLEX, out, transform.kind() == Kind.COMPLEX_TO_REAL, dim);
            from = both[0];
            to = both[1];
            FourierTables tables = dtype == Dtype.FLOAT64 ? doubles : floats;
            plan = tables.plan(size);
            realTwiddles = isHalved ? tables.realTwiddles(n) : plan.chirp;
            loops = tables.loops(from.count() * work());
            room = Math.max(plan.room(), size + 1);
        }

        /** Returns the elements of all passes of a line. */
        private long work() {
            int factor = plan.convolution == null ? 1 : 3;
            return factor * plan.room() * passes(plan.room());
        }

        void run() {
            int grain = GRAIN / dtype.bytes();
            int most = plan.isLong() || from.length() <= grain / FEW ? 1 : lines(plan.room());
            long perRow = Math.ceilDiv(from.length(), most);
            long cost = Math.min(COST * work() * most, Integer.MAX_VALUE);
            pool.run(from.rows() * perRow, 1, cost, (first, end) -> {
                Buffers buffers = new Buffers(room, most);
                for (long task = first; task < end; task++) {
                    long row = task / perRow;
                    int start = (int) (task % perRow) * most;
                    int count = Math.min(most, from.length() - start);
                    if (count > grain / FEW || most == 1) {
                        lines(buffers, row, start, count);
                    } else {
                        for (int l = 0; l < count; l++) lines(buffers, row, start + l, 1);
                    }
                }
                buffers.free();
            });
        }

        /** Returns the lines of a buffer for transforms of a length: a multiple of a vector's lanes. */
        private int lines(int length) {
            int grain = GRAIN / dtype.bytes();
            return Math.clamp(BUFFER / 2 / dtype.bytes() / length / grain * grain, grain, 1 << 12);
        }

        private int padded(int lines) {
            int grain = GRAIN / dtype.bytes();
            return Math.ceilDiv(lines, grain) * grain;
        }

        private Strided place(Object memory, long[] sizes, long[] strides, long offset) {
            Storage storage = new Storage(backend, dtype, 0, memory);
            return new Strided(storage, Layout.of(sizes, strides, offset));
        }

        /** Returns the numbers of elements of a buffer that belong to lines, as [elements, parts, lines]. */
        private Strided buffer(Object memory, Format f, int first, int elements, int parts, int lines) {
            int low = Math.min(f.re(), f.im());
            int plane = Math.abs(f.im() - f.re());
            return place(
                    memory,
                    new long[] {elements, parts, lines},
                    new long[] {f.step(), plane, 1},
                    low + first * f.step());
        }

        private void clear(Object memory, Format f, int first, int end, int parts) {
            int count = end - first;
            if (count <= 0) return;
            for (int part = 0; part < parts; part++) {
                int lanes = f.isSingle() ? 1 : f.lines();
                for (int e = f.isSingle() ? 0 : first; e < (f.isSingle() ? 1 : end); e++) {
                    int at = (part == 0 ? f.re() : f.im()) + (f.isSingle() ? first : e * f.step());
                    FourierTables.fill(memory, at, f.isSingle() ? count : lanes);
                }
            }
        }

        private void lines(Buffers buffers, long row, int start, int count) {
            Format f = count == 1 ? Format.planes(room) : Format.interleaved(padded(count));
            Object x = buffers.x;
            Object y = buffers.y;
            boolean toReal = transform.kind() == Kind.COMPLEX_TO_REAL;
            boolean fromReal = transform.kind() == Kind.REAL_TO_COMPLEX;
            load(x, f, row, start, count);
            double sign = 1;
            if (toReal) {
                // Conjugated input makes the forward transform out of the inverse one.
                double input = transform.inverse() ? 1 : -1;
                if (isHalved) {
                    loops.joinReal(size, x, realTwiddles, y, transform.factor(), input, f);
                    Object swap = x;
                    x = y;
                    y = swap;
                } else {
                    mirror(x, f, (float) input);
                }
                x = transform(plan, x, y, f.swapped());
            } else if (fromReal) {
                sign = transform.inverse() ? -1 : 1;
                Object result = transform(plan, x, y, f);
                Object other = result == x ? y : x;
                if (isHalved) {
                    loops.splitReal(size, result, realTwiddles, other, transform.factor(), sign, f);
                    result = other;
                }
                x = result;
            } else {
                x = transform(plan, x, y, transform.inverse() ? f.swapped() : f);
            }
            if (!isHalved && (transform.factor() != 1 || sign != 1)) {
                FourierTables.scale(x, f, size, transform.factor(), transform.factor() * sign);
            }
            store(x, f, row, start, count);
        }

        /** Copies lines to a buffer, with zeros for what is missing. */
        private void load(Object x, Format f, long row, int start, int count) {
            Strided lines = from.slice(row, start, count);
            boolean isReal = transform.kind() == Kind.REAL_TO_COMPLEX;
            int given = (int) lines.layout().size(0);
            int whole = isReal && isHalved ? given / 2 : given;
            int parts = isReal && !isHalved ? 1 : 2;
            int expected = transform.kind() == Kind.COMPLEX_TO_REAL ? n / 2 + 1 : size;
            if (count < f.lines()) FourierTables.fill(x, 0, 2 * expected * f.lines());
            else clear(x, f, whole, expected, 2);
            if (parts == 1) clear(x, f, 0, expected, 2);
            if (whole > 0) {
                Strided pairs = isReal && isHalved ? FourierLines.pairs(lines, whole) : lines;
                backend.copy(pairs, buffer(x, f, 0, whole, parts, count));
            }
            if (isReal && isHalved && given % 2 == 1) {
                Strided rest = lines.with(lines.layout().slice(0, given - 1, 1, 1));
                backend.copy(rest, buffer(x, f, whole, 1, 1, count));
            }
        }

        /** Copies results from a buffer to the lines. */
        private void store(Object x, Format f, long row, int start, int count) {
            Strided lines = to.slice(row, start, count);
            boolean isReal = transform.kind() == Kind.COMPLEX_TO_REAL;
            if (isReal && isHalved) lines = FourierLines.pairs(lines, size);
            int parts = isReal && !isHalved ? 1 : 2;
            backend.copy(buffer(x, f, 0, (int) lines.layout().size(0), parts, count), lines);
        }

        /** Writes the second half of the elements, which are the conjugates of the first. */
        private void mirror(Object x, Format f, double sign) {
            FourierTables.mirror(x, f, n, sign);
        }

        /** Transforms the elements of {@code x}, or of {@code y} and back; returns the one that has the result. */
        private Object transform(FourierPlan p, Object x, Object y, Format f) {
            if (p.convolution != null) return convolve(p, p.convolution, x, y, f);
            if (p.columns != null && p.rows != null) {
                inParts(p, p.columns, p.rows, x, y, f);
                return y;
            }
            Object a = x;
            Object b = y;
            for (Pass pass : p.passes) {
                loops.pass(pass, a, b, f);
                Object swap = a;
                a = b;
                b = swap;
            }
            return a;
        }

        private Object convolve(FourierPlan p, FourierPlan longer, Object x, Object y, Format f) {
            loops.multiply(p.n, x, p.chirp, y, f);
            clear(y, f, p.n, longer.n, 2);
            Object a = transform(longer, y, x, f);
            loops.multiply(longer.n, a, p.filter, a, f);
            a = transform(longer, a, a == x ? y : x, f.swapped());
            loops.multiply(p.n, a, p.chirp, a, f);
            return a;
        }

        /**
         * Transforms one long line as a matrix: its columns, multiplied by twiddles, then its rows, in the order that transposes
         * the result.
         */
        private void inParts(FourierPlan p, FourierPlan columns, FourierPlan rows, Object x, Object y, Format f) {
            int down = columns.n;
            int across = rows.n;
            int low = Math.min(f.re(), f.im());
            int plane = Math.abs(f.im() - f.re());
            Object between = backend.allocateUnset(dtype, 2L * p.n).memory();
            each(columns, across, (buffers, g, first, count) -> {
                Strided source = place(x, new long[] {down, 2, count}, new long[] {across, plane, 1}, low + first);
                backend.copy(source, buffer(buffers.x, g, 0, down, 2, count));
                Format order = f.im() < f.re() ? g.swapped() : g;
                Object result = transform(columns, buffers.x, buffers.y, order);
                loops.twiddle(down, result, first, p.inner, p.outer, p.blocks, order);
                Strided columnsFirst = buffer(result, g, 0, down, 2, count);
                Strided target =
                        place(between, new long[] {count, 2, down}, new long[] {2L * down, down, 1}, 2L * down * first);
                backend.copy(columnsFirst.with(columnsFirst.layout().permute(2, 1, 0)), target);
            });
            each(rows, down, (buffers, g, first, count) -> {
                Strided source = place(between, new long[] {across, 2, count}, new long[] {2L * down, down, 1}, first);
                backend.copy(source, buffer(buffers.x, g, 0, across, 2, count));
                Format order = f.im() < f.re() ? g.swapped() : g;
                Object result = transform(rows, buffers.x, buffers.y, order);
                Strided target = place(y, new long[] {across, 2, count}, new long[] {down, plane, 1}, low + first);
                backend.copy(buffer(result, g, 0, across, 2, count), target);
            });
            backend.free(between);
        }

        private interface Chunk {
            void run(Buffers buffers, Format f, int first, int count);
        }

        /** Runs a body for all lines of a matrix, several at a time. */
        private void each(FourierPlan p, int all, Chunk body) {
            int most = lines(p.n);
            int chunks = Math.ceilDiv(all, most);
            long cost = Math.min(COST * p.n * passes(p.n) * most, Integer.MAX_VALUE);
            pool.run(chunks, 1, cost, (from, to) -> {
                Buffers buffers = new Buffers(p.n, most);
                for (int c = (int) from; c < to; c++) {
                    int count = Math.min(most, all - c * most);
                    Format f = Format.interleaved(padded(count));
                    if (count < f.lines()) FourierTables.fill(buffers.x, 0, 2 * p.n * f.lines());
                    body.run(buffers, f, c * most, count);
                }
                buffers.free();
            });
        }

        /** Two buffers, between which passes alternate. */
        private final class Buffers {
            final Object x;
            final Object y;

            Buffers(int length, int lines) {
                long elements = 2L * length * (lines == 1 ? 1 : padded(lines));
                x = backend.allocateUnset(dtype, elements).memory();
                y = backend.allocateUnset(dtype, elements).memory();
            }

            void free() {
                backend.free(x);
                backend.free(y);
            }
        }
    }
}
