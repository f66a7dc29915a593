package dev.cotangent.cpu;

import com.sun.management.ThreadMXBean;
import dev.cotangent.Dtype;
import dev.cotangent.backend.Convolution;
import dev.cotangent.backend.FourierTransform;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Strided;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import dev.cotangent.ir.ScalarOp;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * Checks the loops of this JVM's vector width, for {@link VectorWidthsTest}. Prints a hash of all results, which are compared
 * with those of scalar loops, and what is wrong.
 */
final class WidthTrial {
    static final String PROBLEM = "problem: ";
    static final String HASH = "hash: ";

    /** Nanoseconds within which a compiler comes to a loop, however busy the machine is. */
    private final long limit;

    /** Calls between two looks at what was allocated. */
    private static final int CALLS = 20;

    /**
     * Bytes per call that are no vectors: views, iterators, accumulators. Each operation works on {@link #N} elements and more,
     * so if only one vector per 16 elements were an object, it would be several times as much.
     */
    private static final long SMALL = 64 << 10;

    private static final int N = 1 << 16;
    private static final int SIDE = 1 << 8;
    private static final long PLENTY = 1L << 40;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final VectorLoops vectors;
    private final List<String> problems = new ArrayList<>();
    private int hash;

    private WidthTrial(VectorLoops vectors, long limit) {
        this.vectors = vectors;
        this.limit = limit;
    }

    /** Arguments are the width in bits and the seconds after which to give up. */
    public static void main(String[] args) {
        int bits = Integer.parseInt(args[0]);
        VectorLoops vectors = CpuProvider.vectors();
        if (vectors == null || vectors.bits() != bits) {
            System.out.println(PROBLEM + "vectors are not of " + bits + " bits");
            return;
        }
        WidthTrial trial = new WidthTrial(vectors, TimeUnit.SECONDS.toNanos(Long.parseLong(args[1])));
        trial.handOver();
        for (Dtype dtype : List.of(Dtype.FLOAT32, Dtype.FLOAT64)) trial.operations(dtype);
        if (Given.THOROUGH) {
            trial.functionsOfTwo();
            trial.integers();
        }
        trial.problems.forEach(p -> System.out.println(PROBLEM + p));
        System.out.println(HASH + trial.hash);
    }

    /** Micro-kernels, matrix-vector products and element-wise loops begin in scalar form, and are vectors in the end. */
    private void handOver() {
        CpuBackend backend = new CpuBackend(1, vectors, true);
        for (Dtype dtype : List.of(Dtype.FLOAT32, Dtype.FLOAT64)) {
            RegisterType kind = RegisterType.of(dtype);
            wait(
                    "the micro-kernel of " + kind,
                    () -> !(backend.matMul().tile(dtype, PLENTY) instanceof ScalarMicroKernel));
            wait(
                    "products with vectors of " + kind,
                    () -> !(backend.matMul().matVec(dtype, PLENTY) instanceof ScalarGemv));
            wait(
                    "windows of convolutions of " + kind,
                    () -> !(backend.matMul().windows(dtype, PLENTY) instanceof ScalarWindows));
            for (ScalarOp op : List.of(ScalarOp.ADD, ScalarOp.EXP)) {
                LoopKernel kernel = backend.kernels().of(op, dtype);
                Loop plain = ScalarFunctions.plain(op, dtype);
                wait(op + " of " + kind, () -> kernel.choose(PLENTY).getClass() != plain.getClass());
            }
        }
    }

    private void wait(String what, BooleanSupplier isDone) {
        long start = System.nanoTime();
        while (!isDone.getAsBoolean()) {
            if (System.nanoTime() - start > limit) {
                problems.add(what + " was never handed over to vectors");
                return;
            }
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    private void operations(Dtype dtype) {
        CpuBackend vector = new CpuBackend(1, vectors);
        CpuBackend scalar = new CpuBackend(1, null);
        Layout square = Layout.contiguous(1, SIDE, SIDE);
        Layout transposed = square.transpose(1, 2);
        for (Layout a : List.of(square, transposed)) {
            for (Layout b : List.of(square, transposed)) {
                check(
                        dtype,
                        "product of " + a + " and " + b,
                        square,
                        scalar,
                        vector,
                        (backend, x, y, out) -> backend.matmul(x.with(a), y.with(b), out, out, 1, 0));
            }
            check(
                    dtype,
                    "product of " + a + " and a vector",
                    Layout.contiguous(1, SIDE, 1),
                    scalar,
                    vector,
                    (backend, x, y, out) -> backend.matmul(
                            x.with(a),
                            y.with(Layout.of(new long[] {1, SIDE, 1}, new long[] {0, 1, 1}, 0)),
                            out,
                            out,
                            1,
                            0));
        }
        check(
                dtype,
                "transposed copy",
                square,
                scalar,
                vector,
                (backend, x, y, out) -> backend.copy(x.with(transposed), out));
        Layout images = Layout.contiguous(2, 8, 16, 20);
        for (int groups : new int[] {1, 8}) {
            Layout weight = Layout.contiguous(8, 8 / groups, 3, 3);
            Convolution conv = new Convolution(new long[] {1, 1}, new long[] {1, 1}, new long[] {1, 1}, groups);
            check(
                    dtype,
                    "convolution in groups: " + groups,
                    images,
                    scalar,
                    vector,
                    (backend, x, y, out) -> backend.convolution(x.with(images), y.with(weight), null, conv, out));
            check(
                    dtype,
                    "gradient of convolution in groups: " + groups,
                    weight,
                    scalar,
                    vector,
                    (backend, x, y, out) ->
                            backend.convolutionWeightBackward(x.with(images), y.with(images), conv, out));
        }
        // Passes of radix 2 to 5, and a convolution of a power of two.
        for (int length : Given.THOROUGH ? new int[] {120, 37} : new int[0]) {
            Layout lines = Layout.contiguous(N / 2 / length, length, 2);
            FourierTransform forward = new FourierTransform(FourierTransform.Kind.COMPLEX, false, length, 1);
            check(
                    dtype,
                    "Fourier transform of " + length,
                    lines,
                    scalar,
                    vector,
                    (backend, x, y, out) -> backend.fourier(forward, x.with(lines), out, 1));
        }
        Layout matrix = Layout.contiguous(SIDE, SIDE);
        check(
                dtype,
                "softmax",
                matrix,
                scalar,
                vector,
                (backend, x, y, out) -> backend.softmax(x.with(matrix), out, 1, false));
        Layout column = Layout.contiguous(SIDE, 1);
        Layout row = matrix.slice(0, 0, 1, 1).expand(matrix.sizes());
        check(dtype, "layer norm", matrix, scalar, vector, (backend, x, y, out) -> {
            Dtype wide = dtype.computeType();
            Strided mean = new Strided(backend.allocate(wide, SIDE), column);
            Strided rstd = new Strided(backend.allocate(wide, SIDE), column);
            backend.normalize(x.with(matrix), y.with(row), y.with(row), 1e-5, out, mean, rstd);
        });
        for (Reduction kind : List.of(Reduction.SUM, Reduction.MAX)) {
            for (Layout to : List.of(Layout.contiguous(1, 1), column, Layout.contiguous(1, SIDE))) {
                Program same = new Program(List.of(dtype), List.of(), List.of(new Exprs().input(0, dtype)));
                check(
                        dtype,
                        kind + " to " + to,
                        to,
                        scalar,
                        vector,
                        (backend, x, y, out) ->
                                backend.reduce(kind, same, out, new Strided[] {x.with(matrix)}, new long[0]));
            }
        }
        elementwise(dtype, "add", scalar, vector, x -> x.add(x.mul(x)));
        elementwise(dtype, "sqrt", scalar, vector, x -> x.abs().sqrt().div(x));
        elementwise(dtype, "exp", scalar, vector, Expr::exp);
        elementwise(dtype, "log", scalar, vector, x -> x.abs().log());
        elementwise(dtype, "tanh", scalar, vector, Expr::tanh);
        elementwise(dtype, "where", scalar, vector, x -> x.lt(0).where(x, x.mul(x)));
    }

    private void functionsOfTwo() {
        CpuBackend vector = new CpuBackend(1, vectors);
        CpuBackend scalar = new CpuBackend(1, null);
        for (ScalarOp op : List.of(ScalarOp.POW, ScalarOp.FLOOR_DIV)) {
            elementwise(
                    Dtype.FLOAT32, op.toString(), scalar, vector, x -> x.abs().call(op, x));
        }
    }

    private void integers() {
        CpuBackend vector = new CpuBackend(1, vectors);
        CpuBackend scalar = new CpuBackend(1, null);
        elementwise(
                Dtype.INT64,
                "where",
                scalar,
                vector,
                x -> x.lt(0).where(x.mul(x).add(x), x.neg()));
        Program same = new Program(List.of(Dtype.INT64), List.of(), List.of(new Exprs().input(0, Dtype.INT64)));
        check(
                Dtype.INT64,
                "sum of integers",
                Layout.contiguous(1),
                scalar,
                vector,
                (backend, x, y, out) -> backend.reduce(
                        Reduction.SUM, same, out, new Strided[] {x.with(Layout.contiguous(N))}, new long[0]));
    }

    private void elementwise(Dtype dtype, String name, CpuBackend scalar, CpuBackend vector, UnaryOperator<Expr> op) {
        Program program = new Program(List.of(dtype), List.of(), List.of(op.apply(new Exprs().input(0, dtype))));
        Layout line = Layout.contiguous(N);
        check(
                dtype,
                name,
                line,
                scalar,
                vector,
                (backend, x, y, out) ->
                        backend.pointwise(program, new Strided[] {out}, new Strided[] {x.with(line)}, new long[0]));
    }

    private interface Work {
        void run(CpuBackend backend, Strided x, Strided y, Strided out);
    }

    /** Compares a result with that of scalar loops, runs the work until it allocates no vectors, and compares again. */
    private void check(Dtype dtype, String name, Layout layout, CpuBackend scalar, CpuBackend vector, Work work) {
        String what = name + " of " + RegisterType.of(dtype);
        Random random = new Random(name.hashCode());
        Strided x = new Strided(scalar.allocate(dtype, N), Layout.contiguous(N));
        Strided y = new Strided(scalar.allocate(dtype, N), Layout.contiguous(N));
        double scale = dtype.isFloatingPoint() ? 1 : 1000;
        Given.fill(x, () -> scale * random.nextGaussian());
        Given.fill(y, () -> scale * random.nextGaussian());
        Strided expected = new Strided(scalar.allocate(dtype, layout.numel()), layout);
        Strided found = new Strided(vector.allocate(dtype, layout.numel()), layout);
        work.run(scalar, x, y, expected);
        work.run(vector, x, y, found);
        compare(what, expected, found);
        long start = System.nanoTime();
        for (long bytes = Long.MAX_VALUE; bytes > SMALL; ) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) work.run(vector, x, y, found);
            bytes = (threads.getCurrentThreadAllocatedBytes() - before) / CALLS;
            if (bytes > SMALL && System.nanoTime() - start > limit) {
                problems.add(what + " still allocates " + bytes + " bytes per call");
                break;
            }
        }
        compare(what + ", compiled", expected, found);
        hash = 31 * hash + bits(expected);
    }

    private void compare(String what, Strided expected, Strided found) {
        Object x = expected.storage().memory();
        Object y = found.storage().memory();
        boolean same = switch (x) {
            case float[] f -> Arrays.equals(f, (float[]) y);
            case double[] d -> Arrays.equals(d, (double[]) y);
            default -> Arrays.equals((long[]) x, (long[]) y);
        };
        if (!same) problems.add(what + " differs from scalar code");
    }

    private static int bits(Strided x) {
        return switch (x.storage().memory()) {
            case float[] f -> Arrays.hashCode(f);
            case double[] d -> Arrays.hashCode(d);
            case Object l -> Arrays.hashCode((long[]) l);
        };
    }
}
