package dev.cotangent.tests.reference;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.IndexException;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Distribution;
import dev.cotangent.backend.FourierTransform;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.MemoryStats;
import dev.cotangent.backend.Philox;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Scan;
import dev.cotangent.backend.Scatter;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Program;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Comparator;

/** A backend that computes one element after the other, floating point in double and everything else in long. */
public final class ReferenceBackend implements Backend {
    private final Device device;

    ReferenceBackend(Device device) {
        this.device = device;
    }

    /** Returns the offset of element number {@code n} in row-major order. */
    static long place(Layout layout, long n) {
        long place = layout.offset();
        for (int d = layout.rank() - 1; d >= 0; d--) {
            place += n % layout.size(d) * layout.stride(d);
            n /= layout.size(d);
        }
        return place;
    }

    /**
     * Returns the offset of the element with the coordinates of number {@code n} of {@code shape}, one of them
     * replaced.
     */
    private static long place(Layout layout, Layout shape, long n, int dim, long index) {
        long place = layout.offset() + index * layout.stride(dim);
        for (int d = shape.rank() - 1; d >= 0; d--) {
            if (d != dim) place += n % shape.size(d) * layout.stride(d);
            n /= shape.size(d);
        }
        return place;
    }

    static Cells cells(Strided s) {
        return (Cells) s.storage().memory();
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public Storage allocate(Dtype dtype, long size) {
        return new Storage(this, dtype, size, new Cells(dtype, Math.toIntExact(size)));
    }

    /** Allocates memory filled with -1 or NaN, which shows elements that are never written. */
    @Override
    public Storage allocateUnset(Dtype dtype, long size) {
        Storage storage = allocate(dtype, size);
        ((Cells) storage.memory()).bytes().fill((byte) -1);
        return storage;
    }

    @Override
    public void write(Storage to, long start, MemorySegment from) {
        MemorySegment bytes = ((Cells) to.memory()).bytes();
        MemorySegment.copy(from, 0, bytes, start * to.dtype().bytes(), from.byteSize());
    }

    @Override
    public void read(Storage from, long start, MemorySegment to) {
        MemorySegment bytes = ((Cells) from.memory()).bytes();
        MemorySegment.copy(bytes, start * from.dtype().bytes(), to, 0, to.byteSize());
    }

    @Override
    public void copy(Strided from, Strided to) {
        Cells in = cells(from);
        for (long n = 0; n < to.numel(); n++) {
            long at = place(from.layout(), n);
            double r = in.dtype().isFloatingPoint() ? in.real(at) : 0;
            long w = in.dtype().isFloatingPoint() ? 0 : in.whole(at);
            if (to.dtype().isFloatingPoint()) put(to, n, Evaluation.toReal(to.dtype(), in.dtype(), r, w), 0);
            else put(to, n, 0, Evaluation.toWhole(to.dtype(), in.dtype(), r, w));
        }
    }

    @Override
    public void fill(Strided to, long bits) {
        for (long n = 0; n < to.numel(); n++) put(to, n, Double.longBitsToDouble(bits), bits);
    }

    private static void put(Strided to, long n, double real, long whole) {
        if (to.dtype().isFloatingPoint()) cells(to).set(place(to.layout(), n), real);
        else cells(to).set(place(to.layout(), n), whole);
    }

    @Override
    public void pointwise(Program program, Strided[] outs, Strided[] ins, long[] scalars) {
        Evaluation evaluation = new Evaluation(program, ins, scalars);
        for (long n = 0; n < outs[0].numel(); n++) {
            evaluation.at(n);
            for (int o = 0; o < outs.length; o++) {
                Expr output = program.outputs().get(o);
                put(outs[o], n, evaluation.real(output), evaluation.whole(output));
            }
        }
    }

    @Override
    public void reduce(Reduction kind, Program program, Strided out, Strided[] ins, long[] scalars) {
        Layout shape = ins[0].layout();
        Layout kept = Layout.contiguous(out.layout().sizes());
        long[] steps = new long[shape.rank()];
        for (int d = 0; d < steps.length; d++) steps[d] = kept.size(d) == 1 ? 0 : kept.stride(d);
        Layout group = Layout.of(shape.sizes(), steps, 0);
        Accumulator[] results = new Accumulator[Math.toIntExact(out.numel())];
        Arrays.setAll(results, i -> new Accumulator(kind));
        Expr value = program.outputs().getFirst();
        Evaluation evaluation = new Evaluation(program, ins, scalars);
        for (long n = 0; n < shape.numel(); n++) {
            evaluation.at(n);
            Accumulator result = results[(int) place(group, n)];
            if (value.dtype().isFloatingPoint()) result.add(evaluation.real(value));
            else result.add(evaluation.whole(value));
        }
        for (int i = 0; i < results.length; i++) put(out, i, results[i].real(), results[i].whole);
    }

    @Override
    public void scan(Scan kind, Strided in, Strided out, int dim) {
        Reduction as = Reduction.valueOf(kind.name());
        for (long n = 0; n < in.numel(); n++) {
            long index = n;
            for (int d = in.layout().rank() - 1; d > dim; d--)
                index /= in.layout().size(d);
            index %= in.layout().size(dim);
            Accumulator result = new Accumulator(as);
            for (long i = 0; i <= index; i++) {
                long at = place(in.layout(), in.layout(), n, dim, i);
                if (in.dtype().isFloatingPoint()) result.add(cells(in).real(at));
                else result.add(cells(in).whole(at));
            }
            put(out, n, result.real(), result.whole);
        }
    }

    @Override
    public void fourier(FourierTransform transform, Strided in, Strided out, int dim) {
        ReferenceFourier.run(transform, in, out, dim);
    }

    @Override
    public void matmul(Strided a, Strided b, Strided c, Strided out, double alpha, double beta) {
        long k = a.layout().size(2);
        long stepA = a.layout().stride(2);
        long stepB = b.layout().stride(1);
        Cells x = cells(a);
        Cells y = cells(b);
        for (long n = 0; n < out.numel(); n++) {
            long column = n % out.layout().size(2);
            long row = n / out.layout().size(2) % out.layout().size(1);
            long batch = n / out.layout().size(2) / out.layout().size(1);
            long fromA = a.layout().offset()
                    + batch * a.layout().stride(0)
                    + row * a.layout().stride(1);
            long fromB = b.layout().offset()
                    + batch * b.layout().stride(0)
                    + column * b.layout().stride(2);
            long from = place(c.layout(), n);
            long at = place(out.layout(), n);
            if (out.dtype().isFloatingPoint()) {
                double sum = 0;
                for (long i = 0; i < k; i++) sum += x.real(fromA + i * stepA) * y.real(fromB + i * stepB);
                cells(out).set(at, alpha * sum + (beta == 0 ? 0 : beta * cells(c).real(from)));
            } else {
                long sum = 0;
                for (long i = 0; i < k; i++) sum += x.whole(fromA + i * stepA) * y.whole(fromB + i * stepB);
                cells(out).set(at, (long) alpha * sum + (beta == 0 ? 0 : (long) beta * cells(c).whole(from)));
            }
        }
    }

    private static long index(Strided index, long n, Strided into, int dim) {
        long i = cells(index).whole(place(index.layout(), n));
        long size = into.layout().size(dim);
        if (i >= 0 && i < size) return i;
        throw new IndexException("index " + i + " is out of bounds for dimension " + dim + " with size " + size);
    }

    @Override
    public void gather(Strided in, int dim, Strided index, Strided out) {
        for (long n = 0; n < out.numel(); n++) {
            long at = place(in.layout(), out.layout(), n, dim, index(index, n, in, dim));
            if (in.dtype().isFloatingPoint()) put(out, n, cells(in).real(at), 0);
            else put(out, n, 0, cells(in).whole(at));
        }
    }

    @Override
    public void scatter(Scatter kind, Strided to, int dim, Strided index, Strided from) {
        for (long n = 0; n < from.numel(); n++) index(index, n, to, dim);
        Cells target = cells(to);
        for (long n = 0; n < from.numel(); n++) {
            long at = place(to.layout(), from.layout(), n, dim, index(index, n, to, dim));
            long source = place(from.layout(), n);
            if (to.dtype().isFloatingPoint()) {
                double old = target.real(at);
                double now = cells(from).real(source);
                target.set(
                        at,
                        switch (kind) {
                            case SET -> now;
                            case ADD -> old + now;
                            case MUL -> old * now;
                            case MAX -> Math.max(old, now);
                            case MIN -> Math.min(old, now);
                        });
            } else {
                long old = target.whole(at);
                long now = cells(from).whole(source);
                target.set(
                        at,
                        switch (kind) {
                            case SET -> now;
                            case ADD -> old + now;
                            case MUL -> old * now;
                            case MAX -> Math.max(old, now);
                            case MIN -> Math.min(old, now);
                        });
            }
        }
    }

    @Override
    public void sort(Strided in, int dim, boolean descending, Strided values, Strided indices) {
        Layout shape = in.layout();
        if (shape.numel() == 0) return;
        Layout rows = shape.slice(dim, 0, 1, 1);
        for (long n = 0; n < rows.numel(); n++) {
            long row = n;
            Comparator<Long> order = (x, y) -> {
                long a = place(in.layout(), rows, row, dim, x);
                long b = place(in.layout(), rows, row, dim, y);
                if (!in.dtype().isFloatingPoint())
                    return Long.compare(cells(in).whole(a), cells(in).whole(b));
                // Adding 0 makes one zero of the two, which Double.compare distinguishes.
                return Double.compare(cells(in).real(a) + 0.0, cells(in).real(b) + 0.0);
            };
            Long[] from = new Long[Math.toIntExact(shape.size(dim))];
            Arrays.setAll(from, i -> (long) i);
            Arrays.sort(from, descending ? order.reversed() : order);
            for (int i = 0; i < from.length; i++) {
                long source = place(in.layout(), rows, row, dim, from[i]);
                long target = place(values.layout(), rows, row, dim, i);
                if (in.dtype().isFloatingPoint())
                    cells(values).set(target, cells(in).real(source));
                else cells(values).set(target, cells(in).whole(source));
                cells(indices).set(place(indices.layout(), rows, row, dim, i), from[i]);
            }
        }
    }

    @Override
    public void random(Distribution kind, Strided out, long seed, long position) {
        for (long n = 0; n < out.numel(); n++) {
            long bits = Philox.bits(seed, position, n);
            double real = switch (kind) {
                case UNIFORM -> uniform(out.dtype(), bits);
                case NORMAL -> Philox.normal(bits);
                case BITS -> 0;
            };
            put(out, n, real, bits);
        }
    }

    private static double uniform(Dtype dtype, long bits) {
        return switch (dtype) {
            case FLOAT64 -> Philox.uniform(bits);
            case FLOAT16 -> (bits >>> 53) * 0x1p-11;
            case BFLOAT16 -> (bits >>> 56) * 0x1p-8;
            default -> Philox.uniformFloat(bits);
        };
    }

    @Override
    public void synchronize() {}

    @Override
    public MemoryStats memoryStats() {
        Runtime java = Runtime.getRuntime();
        return new MemoryStats(java.totalMemory() - java.freeMemory(), 0, java.maxMemory());
    }
}
