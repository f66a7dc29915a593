package dev.cotangent.backend;

import dev.cotangent.Dtype;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;

/** Data movement by masks and positions, composed of the primitives of {@link Backend}. */
final class MovementDecompositions {
    private static final long[] NONE = {};

    private MovementDecompositions() {}

    static void triangle(Backend backend, Strided in, boolean upper, long diagonal, Strided out) {
        if (out.numel() == 0) return;
        long[] sizes = in.layout().sizes();
        int rank = sizes.length;
        Strided row = ScanDecompositions.along(ScanDecompositions.iota(backend, sizes[rank - 2]), rank - 2, sizes);
        Strided column = ScanDecompositions.along(ScanDecompositions.iota(backend, sizes[rank - 1]), rank - 1, sizes);
        Dtype dtype = in.dtype();
        Program program = Decompositions.program(
                () -> {
                    Exprs e = new Exprs();
                    Dtype type = dtype.computeType();
                    Expr above = e.input(2, Dtype.INT64).sub(e.input(1, Dtype.INT64));
                    Expr limit = e.scalar(0, Dtype.INT64);
                    Expr keep = upper ? above.ge(limit) : above.le(limit);
                    Expr value = keep.where(e.input(0, dtype).cast(type), e.constant(type, 0));
                    return new Program(
                            List.of(dtype, Dtype.INT64, Dtype.INT64), List.of(Dtype.INT64), List.of(value.cast(dtype)));
                },
                "triangle",
                dtype,
                upper);
        backend.pointwise(program, new Strided[] {out}, new Strided[] {in, row, column}, new long[] {diagonal});
    }

    static void addOverlapping(Backend backend, Strided from, Strided to) {
        if (from.numel() == 0) return;
        Layout layout = to.layout();
        long[] sizes = layout.sizes();
        Strided positions = Decompositions.fresh(backend, Dtype.INT64, layout);
        backend.fill(positions, layout.offset());
        Program step = Decompositions.program(
                () -> {
                    Exprs e = new Exprs();
                    Expr sum =
                            e.input(0, Dtype.INT64).add(e.input(1, Dtype.INT64).mul(e.scalar(0, Dtype.INT64)));
                    return new Program(List.of(Dtype.INT64, Dtype.INT64), List.of(Dtype.INT64), List.of(sum));
                },
                "place");
        for (int d = 0; d < sizes.length; d++) {
            Strided index = ScanDecompositions.along(ScanDecompositions.iota(backend, sizes[d]), d, sizes);
            backend.pointwise(
                    step, new Strided[] {positions}, new Strided[] {positions, index}, new long[] {layout.stride(d)});
        }
        Strided values = Decompositions.fresh(backend, from.dtype(), layout);
        backend.copy(from, values);
        Layout line = Layout.contiguous(layout.numel());
        Layout all = Layout.contiguous(to.storage().size());
        backend.scatter(Scatter.ADD, to.with(all), 0, positions.with(line), values.with(line));
    }

    /**
     * Nonzero flags (as 0 and 1) in row-major order, and their inclusive cumulative sum.
     *
     * @param total number of nonzero elements
     */
    private record Count(Strided truth, Strided running, long total) {
        static Count of(Backend backend, Strided x) {
            Layout line = Layout.contiguous(x.numel());
            Strided truth = Decompositions.fresh(backend, Dtype.INT64, x.layout());
            Strided running = Decompositions.fresh(backend, Dtype.INT64, line);
            if (x.numel() == 0) return new Count(truth.with(line), running, 0);
            Dtype dtype = x.dtype();
            Program set = Decompositions.program(
                    () -> {
                        Exprs e = new Exprs();
                        Expr isSet = e.input(0, dtype).cast(Dtype.BOOL).cast(Dtype.INT64);
                        return new Program(List.of(dtype), List.of(), List.of(isSet));
                    },
                    "set",
                    dtype);
            backend.pointwise(set, new Strided[] {truth}, new Strided[] {x}, NONE);
            backend.scan(Scan.SUM, truth.with(line), running, 0);
            long[] total = new long[1];
            backend.read(running.storage(), x.numel() - 1, MemorySegment.ofArray(total));
            return new Count(truth.with(line), running, total[0]);
        }
    }

    static Strided nonzero(Backend backend, Strided in) {
        Count count = Count.of(backend, in);
        // Zero elements are all scattered to one extra slot at the end.
        Strided out = Decompositions.fresh(backend, Dtype.INT64, Layout.contiguous(count.total + 1));
        if (count.total > 0) {
            Strided target = Decompositions.fresh(backend, Dtype.INT64, Layout.contiguous(in.numel()));
            backend.pointwise(target(), new Strided[] {target}, new Strided[] {count.truth, count.running}, new long[] {
                count.total
            });
            backend.scatter(Scatter.SET, out, 0, target, ScanDecompositions.iota(backend, in.numel()));
        }
        return out.with(Layout.contiguous(count.total));
    }

    /** Returns the cumulative count minus 1 where the first operand is set, else a scalar. */
    private static Program target() {
        return Decompositions.program(
                () -> {
                    Exprs e = new Exprs();
                    Expr set = e.input(0, Dtype.INT64).ne(0);
                    Expr to = set.where(e.input(1, Dtype.INT64).sub(1), e.scalar(0, Dtype.INT64));
                    return new Program(List.of(Dtype.INT64, Dtype.INT64), List.of(Dtype.INT64), List.of(to));
                },
                "target");
    }

    static void coordinates(Backend backend, Strided positions, long[] sizes, Strided out) {
        if (positions.numel() == 0) return;
        long[] strides = Layout.rowMajor(sizes);
        Program program = Decompositions.program(
                () -> {
                    Exprs e = new Exprs();
                    Expr size = e.scalar(1, Dtype.INT64);
                    Expr at = e.input(0, Dtype.INT64).div(e.scalar(0, Dtype.INT64));
                    at = at.sub(at.div(size).mul(size));
                    return new Program(List.of(Dtype.INT64), List.of(Dtype.INT64, Dtype.INT64), List.of(at));
                },
                "coordinate");
        for (int d = 0; d < sizes.length; d++) {
            Strided column = out.with(out.layout().select(1, d));
            backend.pointwise(
                    program, new Strided[] {column}, new Strided[] {positions}, new long[] {strides[d], sizes[d]});
        }
    }

    static void addRows(Backend backend, Strided from, Strided fromIndex, Strided to, Strided toIndex) {
        long[] sizes = {fromIndex.numel(), from.layout().size(1)};
        Layout rows = Layout.contiguous(sizes);
        if (rows.numel() == 0) return;
        Strided picked = Decompositions.fresh(backend, from.dtype(), rows);
        backend.gather(from, 0, ofRows(fromIndex, sizes), picked);
        backend.scatter(Scatter.ADD, to, 0, ofRows(toIndex, sizes), picked);
    }

    private static Strided ofRows(Strided index, long[] sizes) {
        Layout l = index.layout();
        return index.with(Layout.of(sizes, new long[] {l.stride(0), 0}, l.offset()));
    }

    static void linearIndex(Backend backend, Strided[] indices, long[] sizes, Strided out) {
        if (out.numel() == 0) return;
        int n = sizes.length;
        Program program = Decompositions.program(() -> linear(n), "linear index", n);
        long[] strides = Layout.rowMajor(sizes);
        long[] scalars = new long[2 * n];
        for (int i = 0; i < n; i++) {
            scalars[2 * i] = sizes[i];
            scalars[2 * i + 1] = strides[i];
        }
        backend.pointwise(program, new Strided[] {out}, indices, scalars);
    }

    private static Program linear(int n) {
        Exprs e = new Exprs();
        Expr sum = e.constant(Dtype.INT64, 0);
        Expr inside = e.constant(Dtype.BOOL, 1);
        for (int i = 0; i < n; i++) {
            Expr size = e.scalar(2 * i, Dtype.INT64);
            Expr at = e.input(i, Dtype.INT64);
            at = at.lt(0).where(at.add(size), at);
            inside = inside.and(at.ge(0)).and(at.lt(size));
            sum = sum.add(at.mul(e.scalar(2 * i + 1, Dtype.INT64)));
        }
        return new Program(
                Collections.nCopies(n, Dtype.INT64),
                Collections.nCopies(2 * n, Dtype.INT64),
                List.of(inside.where(sum, sum.like(-1))));
    }

    static Strided maskedSelect(Backend backend, Strided in, Strided mask) {
        Strided positions = backend.nonzero(mask);
        Strided all = in;
        if (!in.layout().isContiguous()) {
            all = Decompositions.fresh(backend, in.dtype(), in.layout());
            backend.copy(in, all);
        }
        Layout line =
                Layout.of(new long[] {in.numel()}, new long[] {1}, all.layout().offset());
        Strided out = Decompositions.fresh(backend, in.dtype(), positions.layout());
        if (out.numel() > 0) backend.gather(all.with(line), 0, positions, out);
        return out;
    }

    static long maskedScatter(Backend backend, Strided to, Strided mask, Strided source) {
        Count count = Count.of(backend, mask);
        if (count.total == 0 || count.total > source.numel()) return count.total;
        Layout line = Layout.contiguous(mask.numel());
        Strided positions = Decompositions.fresh(backend, Dtype.INT64, line);
        backend.pointwise(
                target(), new Strided[] {positions}, new Strided[] {count.truth, count.running}, new long[] {0});
        Strided values = Decompositions.fresh(backend, to.dtype(), to.layout());
        backend.gather(source, 0, positions, values.with(line));
        Dtype type = to.dtype();
        Dtype condition = mask.dtype();
        Program where = Decompositions.program(
                () -> {
                    Exprs e = new Exprs();
                    Expr set = e.input(0, condition).cast(Dtype.BOOL);
                    return new Program(
                            List.of(condition, type, type),
                            List.of(),
                            List.of(set.where(e.input(1, type), e.input(2, type))));
                },
                "masked scatter",
                condition,
                type);
        backend.pointwise(where, new Strided[] {to}, new Strided[] {mask, values, to}, NONE);
        return count.total;
    }
}
