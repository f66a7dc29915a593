package dev.cotangent.cpu;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cotangent.Dtype;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every element of a product is one chain of fused multiply-adds: the same bits with any tile. */
class GemmTest {
    private static final int[] SIZES = {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 16, 17, 31, 33, 47, 48, 49, 64, 65, 100, 255, 257, 321, 641
    };

    private static final WorkerPool[] POOLS = {new WorkerPool(1), new WorkerPool(3)};

    record Given(RegisterType kind, MicroKernel tile) {}

    static Stream<Given> given() {
        List<Given> all = new ArrayList<>();
        for (RegisterType kind : List.of(RegisterType.FLOAT, RegisterType.DOUBLE)) {
            boolean isDouble = kind == RegisterType.DOUBLE;
            all.add(new Given(kind, ScalarMicroKernel.of(isDouble)));
            VectorLoops vectors = CpuProvider.vectors();
            if (vectors != null) all.add(new Given(kind, vectors.tile(isDouble)));
        }
        return all.stream();
    }

    /** A matrix somewhere in an array, with a gap between its rows, or its columns. */
    private record Matrix(Object memory, int start, int rowStep, int columnStep) {
        static Matrix of(Random random, RegisterType kind, int rows, int columns, boolean turned) {
            int start = random.nextInt(20);
            int step = (turned ? rows : columns) + random.nextInt(3);
            Object memory = kind.allocate(start + step * (turned ? columns : rows));
            Matrix x = new Matrix(memory, start, turned ? 1 : step, turned ? step : 1);
            for (int r = 0; r < rows; r++) for (int c = 0; c < columns; c++) x.set(r, c, random.nextGaussian());
            return x;
        }

        /** The first row for every row. */
        Matrix forAll() {
            return new Matrix(memory, start, 0, columnStep);
        }

        int at(int r, int c) {
            return start + r * rowStep + c * columnStep;
        }

        double get(int r, int c) {
            return memory instanceof float[] x ? x[at(r, c)] : ((double[]) memory)[at(r, c)];
        }

        void set(int r, int c, double value) {
            if (memory instanceof float[] x) x[at(r, c)] = (float) value;
            else ((double[]) memory)[at(r, c)] = value;
        }

        Gemm.Matrix read() {
            Dtype dtype = memory instanceof float[] ? Dtype.FLOAT32 : Dtype.FLOAT64;
            return new Gemm.Matrix(RegisterCodec.of(dtype), memory, start, rowStep, columnStep);
        }
    }

    @ParameterizedTest
    @MethodSource("given")
    void oneChainAnElement(Given given) {
        Random random = new Random(5);
        for (int round = 0; round < 300; round++) {
            int m = size(random);
            int n = size(random);
            int k = size(random);
            if ((long) m * n * k <= 3_000_000) check(given, POOLS[round % 2], m, n, k, random);
        }
    }

    /** The operand that is packed for all threads is packed in parts. */
    @ParameterizedTest
    @MethodSource("given")
    void oneChainHoweverLong(Given given) {
        Random random = new Random(6);
        check(given, POOLS[1], 2, 3, 300_000, random);
        check(given, POOLS[1], 3, 2, 300_000, random);
    }

    /** Inner indices are filled up to a multiple, with what changes no sum. */
    @ParameterizedTest
    @MethodSource("given")
    void zerosKeepTheirSigns(Given given) {
        int side = 33;
        for (int k = 8; k < 17; k++) {
            Matrix a = Matrix.of(new Random(7), given.kind, side, k, false);
            Matrix b = Matrix.of(new Random(7), given.kind, k, side, false);
            Matrix c = Matrix.of(new Random(7), given.kind, side, side, false);
            for (int r = 0; r < side; r++) for (int q = 0; q < k; q++) a.set(r, q, -0.0);
            for (int q = 0; q < k; q++) for (int r = 0; r < side; r++) b.set(q, r, 1);
            for (int r = 0; r < side; r++) for (int q = 0; q < side; q++) c.set(r, q, r % 2 == 0 ? -0.0 : 0.0);
            Gemm.mine(given.kind, given.tile).multiply(POOLS[0], side, side, k, a.read(), b.read(), c.read(), c.read());
            for (int r = 0; r < side; r++)
                for (int q = 0; q < side; q++) assertEquals(r % 2 == 0 ? -0.0 : 0.0, c.get(r, q));
        }
    }

    /** Strips have places for as many threads as there are processors, and others wait. */
    @ParameterizedTest
    @MethodSource("given")
    void moreThreadsThanPlaces(Given given) {
        int threads = 4 * Runtime.getRuntime().availableProcessors();
        try (var several = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                Random random = new Random(t);
                all.add(several.submit(() -> {
                    for (int round = 0; round < 10; round++)
                        check(given, POOLS[round % 2], 50, 70 - round, 100, random);
                }));
            }
            for (Future<?> one : all) assertDoesNotThrow(() -> one.get());
        }
    }

    private static void check(Given given, WorkerPool pool, int m, int n, int k, Random random) {
        boolean isFloat = given.kind == RegisterType.FLOAT;
        Matrix a = Matrix.of(random, given.kind, m, k, random.nextBoolean());
        Matrix b = Matrix.of(random, given.kind, k, n, random.nextBoolean());
        Matrix c = Matrix.of(random, given.kind, m, n, false);
        Matrix d = switch (random.nextInt(4)) {
            case 0 -> null;
            case 1 -> c;
            case 2 -> Matrix.of(random, given.kind, m, n, false);
            default -> Matrix.of(random, given.kind, 1, n, false).forAll();
        };
        double[] expected = new double[m * n];
        for (int r = 0; r < m; r++) {
            for (int q = 0; q < n; q++) {
                double sum = d == null ? 0 : d.get(r, q);
                for (int p = 0; p < k; p++) {
                    sum = isFloat
                            ? Math.fma((float) a.get(r, p), (float) b.get(p, q), (float) sum)
                            : Math.fma(a.get(r, p), b.get(p, q), sum);
                }
                expected[r * n + q] = sum;
            }
        }
        Gemm.mine(given.kind, given.tile)
                .multiply(pool, m, n, k, a.read(), b.read(), d == null ? null : d.read(), c.read());
        for (int r = 0; r < m; r++) {
            for (int q = 0; q < n; q++) {
                String where = m + "x" + k + "x" + n + " at " + r + ", " + q;
                assertEquals(expected[r * n + q], c.get(r, q), where);
            }
        }
    }

    private static int size(Random random) {
        return SIZES[random.nextInt(SIZES.length)];
    }
}
