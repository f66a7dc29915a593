package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Strided;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Batched matrix products of any type and layout. */
final class MatMul {
    private static final WorkerPool ALONE = new WorkerPool(1);

    /** Tenths of a nanosecond for an element of a product that is scaled, added or converted. */
    private static final int FINISHING = 20;

    /** Tenths of a nanosecond to convert an element of a half type. */
    private static final int WIDENING = 5;

    private final Backend backend;
    private final WorkerPool pool;
    private final Reducer reducer;
    private final MicroKernels floats;
    private final MicroKernels doubles;
    private final Map<Dtype, Program> products = new EnumMap<>(Dtype.class);

    MatMul(Backend backend, WorkerPool pool, Reducer reducer, @Nullable VectorLoops vectors, boolean inBackground) {
        this.backend = backend;
        this.pool = pool;
        this.reducer = reducer;
        floats = new MicroKernels(vectors, RegisterType.FLOAT, inBackground);
        doubles = new MicroKernels(vectors, RegisterType.DOUBLE, inBackground);
        for (Dtype d : Dtype.reals()) {
            if (!d.isFloatingPoint()) continue;
            Exprs e = new Exprs();
            Dtype wide = d.computeType();
            products.put(
                    d,
                    new Program(
                            List.of(d, d),
                            List.of(),
                            List.of(e.input(0, d).cast(wide).mul(e.input(1, d).cast(wide)))));
        }
    }

    void multiply(Strided a, Strided b, Strided c, Strided out, double alpha, double beta) {
        if (out.numel() == 0) return;
        RegisterType kind = RegisterType.of(out.dtype());
        if (a.numel() == 0) scale(c, out, alpha, beta);
        else if (kind == RegisterType.LONG) integers(a, b, c, out, alpha, beta);
        else if (out.layout().size(1) == 1 || out.layout().size(2) == 1) vector(a, b, c, out, alpha, beta);
        else tiles(kind, a, b, c, out, alpha, beta);
    }

    /** Computes a product with one row or one column, which is limited by memory. */
    private void vector(Strided a, Strided b, Strided c, Strided to, double alpha, double beta) {
        // The matrix as [n, kept, k], and the vector [n, k].
        boolean column = b.layout().size(2) == 1;
        Strided matrix = column ? a : b.with(b.layout().transpose(1, 2));
        Strided vector =
                column ? b.with(b.layout().select(2, 0)) : a.with(a.layout().select(1, 0));
        Strided out = column ? to : to.with(to.layout().transpose(1, 2));
        if (alpha != 1 || beta != 0) {
            Layout dense = Layout.contiguous(out.layout().sizes().clone());
            Strided sums = new Strided(backend.allocateUnset(to.dtype().computeType(), to.numel()), dense);
            product(matrix, vector, sums);
            Strided summand = column ? c : c.with(c.layout().transpose(1, 2));
            finish(summand, out, sums.storage().memory(), 0, alpha, beta);
        } else {
            product(matrix, vector, out);
        }
    }

    /** Returns the micro-kernel for a number of multiplications. */
    MicroKernel tile(Dtype dtype, long multiplications) {
        return tiles(RegisterType.of(dtype)).choose(multiplications);
    }

    private MicroKernels tiles(RegisterType kind) {
        return kind == RegisterType.FLOAT ? floats : doubles;
    }

    /** Returns the loops of convolutions for a number of multiplications. */
    Windows windows(Dtype dtype, long multiplications) {
        return tiles(RegisterType.of(dtype)).windows(multiplications);
    }

    /** Returns the GEMV for a number of multiplications. */
    Gemv matVec(Dtype dtype, long multiplications) {
        return tiles(RegisterType.of(dtype)).matVec(multiplications);
    }

    private void product(Strided matrix, Strided vector, Strided out) {
        Layout m = matrix.layout();
        Gemv loops = null;
        boolean dots = m.stride(2) == 1;
        boolean lies = (dots || m.stride(1) == 1) && out.layout().stride(1) == 1;
        if (lies && (matrix.dtype() == Dtype.FLOAT32 || matrix.dtype() == Dtype.FLOAT64)) {
            loops = matVec(matrix.dtype(), m.numel());
        }
        if (loops == null) sumOfProducts(matrix, vector, out);
        else products(loops, dots, matrix, vector, out);
    }

    /** Multiplies a row-major or column-major matrix. */
    private void products(Gemv loops, boolean dots, Strided matrix, Strided vector, Strided out) {
        Layout m = matrix.layout();
        int kept = (int) m.size(1);
        int k = (int) m.size(2);
        RegisterCodec elements = RegisterCodec.of(vector.dtype());
        // Divides columns into as few pieces as there are threads, since memory is fastest with long runs of rows.
        long cuts = Math.max(1, Math.min(kept / 64, (dots ? 4L : 1L) * pool.threads()));
        int length = (int) Math.ceilDiv(kept, cuts);
        pool.run(m.size(0) * cuts, 1, 2L * length * k, (from, to) -> {
            for (long t = from; t < to; t++) {
                int batch = (int) (t / cuts);
                int first = (int) (t % cuts) * length;
                int n = Math.min(length, kept - first);
                if (n <= 0) continue;
                int at = (int) (m.offset() + batch * m.stride(0) + first * m.stride(1));
                int o = (int) (out.layout().offset() + batch * out.layout().stride(0) + first);
                Layout v = vector.layout().select(0, batch);
                Object x = vector.storage().memory();
                int j = (int) v.offset();
                if (v.stride(0) != 1) {
                    Object line = elements.allocate(k);
                    elements.load(x, j, (int) v.stride(0), line, 0, k);
                    x = line;
                    j = 0;
                }
                Object a = matrix.storage().memory();
                Object y = out.storage().memory();
                if (dots) {
                    loops.dots(n, k, a, at, (int) m.stride(1), x, j, y, o);
                } else {
                    RegisterType.clear(y, o, o + n);
                    loops.sums(k, n, a, at, (int) m.stride(2), x, j, y, o);
                }
            }
        });
    }

    /** Iterates along the matrix's memory: inner elements last where their stride is smaller, else first. */
    private void sumOfProducts(Strided matrix, Strided vector, Strided out) {
        Layout m = matrix.layout();
        Layout v = vector.layout().unsqueeze(1).expand(m.sizes());
        Layout to = out.layout();
        if (Math.abs(m.stride(2)) > Math.abs(m.stride(1)) && m.size(1) > 1) {
            m = m.transpose(1, 2);
            v = v.transpose(1, 2);
            to = to.transpose(1, 2);
        }
        Program product = products.get(matrix.dtype());
        if (product == null) throw new IllegalArgumentException("no matrix products of " + matrix.dtype());
        reducer.reduce(
                Reduction.SUM, product, out.with(to), new Strided[] {matrix.with(m), vector.with(v)}, new long[0]);
    }

    private void tiles(
            RegisterType kind, Strided a, Strided b, Strided summand, Strided out, double alpha, double beta) {
        Layout l = out.layout();
        int batch = (int) l.size(0);
        int m = (int) l.size(1);
        int n = (int) l.size(2);
        int k = (int) a.layout().size(2);
        long each = (long) m * n * k;
        MicroKernels tiles = tiles(kind);
        // Counts the work; the products ask again.
        tiles.choose(batch * each);
        boolean direct = alpha == 1
                && (beta == 0 || beta == 1)
                && l.stride(2) == 1
                && !out.dtype().isHalf();
        boolean lies = beta == 0 || summand.layout().stride(2) == 1;
        // Initial values of sums need the layout of the result's rows.
        if (direct && !lies) backend.copy(summand, out);
        Strided c = direct && !lies ? out : summand;
        // Each by all threads, or several at once.
        WorkerPool one = batch < 2 * pool.threads() ? pool : ALONE;
        WorkerPool several = one == pool ? ALONE : pool;
        several.run(batch, 1, each / Gemm.SPEED + 1, (from, to) -> {
            for (long t = from; t < to; t++) {
                product(
                        one,
                        kind,
                        tiles,
                        select(a, t),
                        select(b, t),
                        select(c, t),
                        select(out, t),
                        direct,
                        alpha,
                        beta);
            }
        });
    }

    private static Strided select(Strided x, long batch) {
        return x.with(x.layout().select(0, batch));
    }

    private static void product(
            WorkerPool pool,
            RegisterType kind,
            MicroKernels tiles,
            Strided a,
            Strided b,
            Strided c,
            Strided out,
            boolean direct,
            double alpha,
            double beta) {
        Layout z = out.layout();
        int m = (int) z.size(0);
        int n = (int) z.size(1);
        int k = (int) a.layout().size(1);
        RegisterCodec elements = RegisterCodec.of(out.dtype().computeType());
        Gemm.Matrix to = direct ? matrix(out) : new Gemm.Matrix(elements, kind.allocate(m * n), 0, n, 1);
        Gemm.Matrix begin = direct && beta == 1 ? matrix(c) : null;
        Gemm.Matrix x = operand(pool, a);
        Gemm.Matrix y = operand(pool, b);
        for (int row = 0, rows; row < m; row += rows) {
            MicroKernel tile = tiles.choose(0);
            rows = Math.min(tiles.slab(tile, n, k, pool.threads()), m - row);
            Gemm.Matrix d = begin == null ? null : begin.from(row, 0);
            Gemm.mine(kind, tile).multiply(pool, rows, n, k, x.from(row, 0), y, d, to.from(row, 0));
        }
        if (direct) return;
        pool.run(m, 1, (long) FINISHING * n, (from, end) -> {
            Strided summand = c.with(c.layout().slice(0, from, end - from, 1));
            finish(summand, out.with(z.slice(0, from, end - from, 1)), to.memory(), (int) from * n, alpha, beta);
        });
    }

    /** Returns a matrix to pack: half types are widened at once, as blocks of a packed operand are too short to do it well. */
    private static Gemm.Matrix operand(WorkerPool pool, Strided x) {
        Gemm.Matrix from = matrix(x);
        if (!x.dtype().isHalf()) return from;
        boolean isTransposed = from.rowStep() == 1;
        int lines = (int) x.layout().size(isTransposed ? 1 : 0);
        int length = (int) x.layout().size(isTransposed ? 0 : 1);
        int lineStep = isTransposed ? from.columnStep() : from.rowStep();
        int step = isTransposed ? 1 : from.columnStep();
        Object wide = RegisterType.FLOAT.allocate(lines * length);
        pool.run(lines, 1, (long) WIDENING * length, (first, end) -> {
            for (int i = (int) first; i < end; i++) {
                from.elements().load(from.memory(), from.start() + i * lineStep, step, wide, i * length, length);
            }
        });
        RegisterCodec floats = RegisterCodec.of(Dtype.FLOAT32);
        return new Gemm.Matrix(floats, wide, 0, isTransposed ? 1 : length, isTransposed ? length : 1);
    }

    private static Gemm.Matrix matrix(Strided x) {
        Layout l = x.layout();
        return new Gemm.Matrix(
                RegisterCodec.of(x.dtype()), x.storage().memory(), (int) l.offset(), (int) l.stride(0), (int)
                        l.stride(1));
    }

    private void integers(Strided a, Strided b, Strided c, Strided out, double alpha, double beta) {
        int m = (int) out.layout().size(1);
        int n = (int) out.layout().size(2);
        int k = (int) a.layout().size(2);
        for (long i = 0; i < out.layout().size(0); i++) {
            long[] x = dense(select(a, i));
            long[] y = dense(select(b, i));
            long[] z = new long[m * n];
            pool.run(m, 1, 5L * k * n, (from, to) -> {
                for (int r = (int) from; r < to; r++) {
                    for (int q = 0; q < k; q++) addRow(x[r * k + q], y, q * n, z, r * n, n);
                }
            });
            finish(select(c, i), select(out, i), z, 0, alpha, beta);
        }
    }

    private static void addRow(long factor, long[] from, int i, long[] to, int o, int n) {
        for (int j = 0; j < n; j++) to[o + j] += factor * from[i + j];
    }

    private static long[] dense(Strided from) {
        long[] to = new long[(int) from.numel()];
        StridedIterator.of(from.layout())
                .load(RegisterCodec.of(from.dtype()), from.storage().memory(), 0, to, to.length);
        return to;
    }

    /** Computes {@code out = beta * c}, the product of matrices without inner elements being 0. */
    private static void scale(Strided c, Strided out, double alpha, double beta) {
        finish(c, out, RegisterType.of(out.dtype()).allocate((int) out.numel()), 0, alpha, beta);
    }

    /** Computes {@code out = alpha * product + beta * c}, the product being row-major from {@code i} on. */
    private static void finish(Strided c, Strided out, Object product, int i, double alpha, double beta) {
        int numel = (int) out.numel();
        RegisterCodec elements = RegisterCodec.of(out.dtype());
        if (alpha != 1 || beta != 0) {
            Object old = RegisterType.of(out.dtype()).allocate(numel);
            if (beta != 0)
                StridedIterator.of(c.layout()).load(elements, c.storage().memory(), 0, old, numel);
            switch (product) {
                case float[] r -> {
                    float[] o = (float[]) old;
                    for (int e = 0; e < numel; e++) r[i + e] = (float) alpha * r[i + e] + (float) beta * o[e];
                }
                case double[] r -> {
                    double[] o = (double[]) old;
                    for (int e = 0; e < numel; e++) r[i + e] = alpha * r[i + e] + beta * o[e];
                }
                case long[] r -> {
                    long[] o = (long[]) old;
                    for (int e = 0; e < numel; e++) r[i + e] = (long) alpha * r[i + e] + (long) beta * o[e];
                }
                default -> throw new IllegalArgumentException("no matrix products of " + out.dtype());
            }
        }
        StridedIterator.of(out.layout())
                .store(elements, product, i, out.storage().memory(), 0, numel);
    }
}
