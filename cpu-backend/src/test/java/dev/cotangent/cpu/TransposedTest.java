package dev.cotangent.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Strided;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Large operands that lie in memory otherwise than they are walked, and products with vectors. */
class TransposedTest {
    private static final Random RANDOM = new Random(11);

    static Stream<CpuBackend> backends() {
        return Given.backends();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void copies(CpuBackend backend) {
        for (int round = 0; round < 60; round++) {
            Dtype dtype = Dtype.reals()[RANDOM.nextInt(Dtype.reals().length)];
            long[] sizes = new long[2 + RANDOM.nextInt(3)];
            int most = sizes.length == 2 ? 200 : sizes.length == 3 ? 60 : 20;
            for (int d = 0; d < sizes.length; d++) sizes[d] = 1 + RANDOM.nextInt(most);
            Strided from = Given.numbers(backend, RANDOM, dtype, round % 4 == 0, sizes);
            Strided to = Given.operand(backend, RANDOM, dtype, false, sizes);
            backend.copy(from, to);
            for (long i = 0; i < from.numel(); i++) assertEquals(Given.get(from, i), Given.get(to, i));
        }
    }

    /** Rows that lie far apart, with all lengths of what is left over beside whole blocks and squares. */
    @ParameterizedTest
    @MethodSource("backends")
    void copiesFarApart(CpuBackend backend) {
        long[][] shapes = {{2048, 640}, {1031, 777}, {9, 5000}, {5000, 9}, {70, 3, 1000}, {4, 515, 301}, {601, 1500}};
        for (int round = 0; round < 2; round++) {
            for (long[] sizes : shapes) {
                for (Dtype dtype :
                        new Dtype[] {Dtype.FLOAT32, Dtype.FLOAT64, Dtype.INT64, Dtype.FLOAT16, Dtype.UINT8}) {
                    Strided from = numbered(backend, dtype, sizes);
                    int last = sizes.length - 1;
                    Strided across = from.with(from.layout().transpose(round % last, last));
                    Layout dense = Layout.contiguous(across.layout().sizes());
                    Strided to = new Strided(backend.allocate(dtype, dense.numel()), dense);
                    backend.copy(across, to);
                    for (long i = 0; i < to.numel(); i++) {
                        if (Given.get(across, i) != Given.get(to, i)) fail(dtype + " at " + i + " of " + dense);
                    }
                }
            }
        }
    }

    private static Strided numbered(CpuBackend backend, Dtype dtype, long... sizes) {
        int[] next = {0};
        Layout dense = Layout.contiguous(sizes);
        return Given.fill(new Strided(backend.allocate(dtype, dense.numel()), dense), () -> next[0]++ % 251);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void operands(CpuBackend backend) {
        var e = new Exprs();
        var sum = new Program(
                List.of(Dtype.FLOAT32, Dtype.FLOAT32),
                List.of(),
                List.of(e.input(0, Dtype.FLOAT32).add(e.input(1, Dtype.FLOAT32).mul(10))));
        for (long[] sizes : new long[][] {{300, 257}, {3, 200, 130}, {1, 70_000}, {70_000, 1}}) {
            Layout dense = Layout.contiguous(sizes);
            int last = sizes.length - 1;
            long[] turned = sizes.clone();
            turned[last] = sizes[last - 1];
            turned[last - 1] = sizes[last];
            Strided across = Given.fill(
                    new Strided(backend.allocate(Dtype.FLOAT32, dense.numel()), Layout.contiguous(turned)),
                    () -> RANDOM.nextInt(100));
            across = across.with(across.layout().transpose(last - 1, last));
            Strided along = Given.fill(
                    new Strided(backend.allocate(Dtype.FLOAT32, dense.numel()), dense), () -> RANDOM.nextInt(100));
            Strided out = new Strided(backend.allocate(Dtype.FLOAT32, dense.numel()), dense);
            backend.pointwise(sum, new Strided[] {out}, new Strided[] {along, across}, new long[0]);
            for (long i = 0; i < out.numel(); i++) {
                assertEquals(Given.get(along, i) + 10 * Given.get(across, i), Given.get(out, i));
            }
            // One place for a whole row.
            Strided column = across.with(across.layout().slice(last, 0, 1, 1).expand(sizes));
            Strided rows = new Strided(backend.allocate(Dtype.FLOAT32, dense.numel()), dense);
            backend.pointwise(sum, new Strided[] {rows}, new Strided[] {along, column}, new long[0]);
            for (long i = 0; i < rows.numel(); i++) {
                assertEquals(Given.get(along, i) + 10 * Given.get(column, i), Given.get(rows, i));
            }
            // What lies across is only read.
            backend.pointwise(sum, new Strided[] {along}, new Strided[] {along, across}, new long[0]);
            for (long i = 0; i < out.numel(); i++) assertEquals(Given.get(out, i), Given.get(along, i));
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void productsWithVectors(CpuBackend backend) {
        product(backend, Dtype.FLOAT32, 1, 2048, 2048, true, 1, 0);
        product(backend, Dtype.FLOAT64, 1, 2048, 2048, false, 1, 0);
        for (int round = 0; round < 80; round++) {
            Dtype dtype = List.of(Dtype.FLOAT32, Dtype.FLOAT64, Dtype.BFLOAT16).get(RANDOM.nextInt(3));
            long batch = 1 + RANDOM.nextInt(3);
            long kept = 1 + RANDOM.nextInt(150);
            long k = 1 + RANDOM.nextInt(dtype.isHalf() ? 12 : 150);
            boolean scaled = round % 5 == 0;
            product(backend, dtype, batch, kept, k, RANDOM.nextBoolean(), scaled ? 2 : 1, scaled ? 3 : 0);
        }
    }

    /** Of small whole numbers, so that no order of the sums rounds. */
    private static void product(
            CpuBackend backend, Dtype dtype, long batch, long kept, long k, boolean column, double alpha, double beta) {
        Strided matrix = Given.numbers(backend, RANDOM, dtype, true, batch, kept, k);
        Strided vector = Given.numbers(backend, RANDOM, dtype, true, batch, k, 1);
        Strided out = Given.fill(Given.operand(backend, RANDOM, dtype, false, batch, kept, 1), () -> 1);
        if (column) {
            backend.matmul(matrix, vector, out, out, alpha, beta);
        } else {
            backend.matmul(turned(vector), turned(matrix), turned(out), turned(out), alpha, beta);
        }
        for (long b = 0; b < batch; b++) {
            for (long i = 0; i < kept; i++) {
                double sum = 0;
                for (long q = 0; q < k; q++) {
                    sum += Given.get(matrix, (b * kept + i) * k + q) * Given.get(vector, b * k + q);
                }
                double tolerance = dtype.isHalf() ? Math.abs(sum) / 64 + 1 : 0;
                assertEquals(alpha * sum + beta, Given.get(out, b * kept + i), tolerance);
            }
        }
    }

    private static Strided turned(Strided x) {
        return x.with(x.layout().transpose(1, 2));
    }

    /** Only what lies in memory is turned, not every repetition of it. */
    @Test
    void broadcastMatrices() {
        var backend = new CpuBackend(1, null);
        Layout turned = Layout.contiguous(300, 400).transpose(0, 1);
        Strided across = Given.fill(
                new Strided(backend.allocate(Dtype.FLOAT32, 120_000), Layout.contiguous(300, 400)),
                () -> RANDOM.nextInt(9));
        Strided many = across.with(turned.expand(50, 400, 300));
        Strided sums = new Strided(backend.allocate(Dtype.FLOAT32, 400), Layout.contiguous(1, 400, 1));
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        backend.reduce(Reduction.SUM, Program.identity(Dtype.FLOAT32), sums, new Strided[] {many}, new long[0]);
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(bytes < 4_000_000, () -> bytes + " bytes for a copy of 480,000");
        for (int j = 0; j < 400; j++) {
            double sum = 0;
            for (int k = 0; k < 300; k++) sum += Given.get(across, k * 400L + j);
            assertEquals(50 * sum, Given.get(sums, j));
        }
    }

    /** Broadcast, an operand has more elements than an int counts. */
    @Test
    void moreElementsThanPlaces() {
        float[] x = {1, 2, 3};
        float[] register = new float[7];
        for (long[] sizes : new long[][] {{60_000, 60_000, 3}, {3_000_000_000L, 3}, {2, 1L << 31, 3}}) {
            StridedIterator walk = StridedIterator.of(Layout.contiguous(3).expand(sizes));
            for (long from : new long[] {0, 4, (1L << 32) - 1, sizes[0] * (sizes.length == 3 ? sizes[1] : 1) * 3 - 7}) {
                walk.load(RegisterCodec.of(Dtype.FLOAT32), x, from, register, 7);
                for (int i = 0; i < 7; i++) assertEquals(x[(int) ((from + i) % 3)], register[i]);
            }
        }
    }

    /** So that a product has the same bits whether its loops are warm or not. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void plainAndVectorProductsAreTheSame(boolean isDouble) {
        VectorLoops vectors = CpuProvider.vectors();
        assumeTrue(vectors != null, "no Vector API");
        Gemv fast = vectors.matVec(isDouble);
        Gemv plain = new ScalarGemv();
        for (int round = 0; round < 50; round++) {
            int rows = 1 + RANDOM.nextInt(20);
            int k = 1 + RANDOM.nextInt(200);
            Object a = values(isDouble, rows * k + 3);
            Object x = values(isDouble, Math.max(rows, k) + 2);
            Object y = values(isDouble, Math.max(rows, k) + 1);
            Object z = isDouble ? ((double[]) y).clone() : ((float[]) y).clone();
            if (round % 2 == 0) {
                fast.dots(rows, k, a, 3, k, x, 2, y, 1);
                plain.dots(rows, k, a, 3, k, x, 2, z, 1);
            } else {
                fast.sums(rows, k, a, 3, k, x, 2, y, 1);
                plain.sums(rows, k, a, 3, k, x, 2, z, 1);
            }
            if (isDouble) assertArrayEquals((double[]) z, (double[]) y);
            else assertArrayEquals((float[]) z, (float[]) y);
        }
    }

    private static Object values(boolean isDouble, int n) {
        double[] values = RANDOM.doubles(n).toArray();
        if (isDouble) return values;
        float[] floats = new float[n];
        for (int i = 0; i < n; i++) floats[i] = (float) values[i];
        return floats;
    }
}
