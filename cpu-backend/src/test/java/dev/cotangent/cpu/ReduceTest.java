package dev.cotangent.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Strided;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReduceTest {
    private static final Random RANDOM = new Random(11);

    static Stream<CpuBackend> backends() {
        return Given.backends();
    }

    /** The linear index in the output's shape of an element of the input's. */
    private static long target(Layout in, Layout out, long linear) {
        long at = 0;
        long scale = 1;
        for (int d = in.rank() - 1; d >= 0; d--) {
            if (out.size(d) != 1) at += linear % in.size(d) * scale;
            scale *= out.size(d);
            linear /= in.size(d);
        }
        return at;
    }

    private static void check(Reduction kind, Strided in, Strided out, double slack) {
        int n = (int) out.numel();
        double[] value = new double[n];
        double[] size = new double[n];
        long[] place = new long[n];
        long[] seen = new long[n];
        for (long i = 0; i < in.numel(); i++) {
            int t = (int) target(in.layout(), out.layout(), i);
            double x = Given.get(in, i);
            size[t] += Math.abs(x);
            boolean first = seen[t]++ == 0;
            boolean nan = Double.isNaN(value[t]) && !first;
            switch (kind) {
                case SUM -> value[t] += x;
                case PROD -> value[t] = first ? x : value[t] * x;
                case MAX -> value[t] = first ? x : Math.max(value[t], x);
                case MIN -> value[t] = first ? x : Math.min(value[t], x);
                case ARGMAX -> {
                    if (first || !nan && (x > value[t] || x != x)) {
                        value[t] = x;
                        place[t] = seen[t] - 1;
                    }
                }
                case ARGMIN -> {
                    if (first || !nan && (x < value[t] || x != x)) {
                        value[t] = x;
                        place[t] = seen[t] - 1;
                    }
                }
                case ANY -> value[t] = first ? (x != 0 ? 1 : 0) : Math.max(value[t], x != 0 ? 1 : 0);
                case ALL -> value[t] = first ? (x != 0 ? 1 : 0) : Math.min(value[t], x != 0 ? 1 : 0);
            }
        }
        for (int t = 0; t < n; t++) {
            boolean arg = kind == Reduction.ARGMAX || kind == Reduction.ARGMIN;
            double expected = arg ? place[t] : value[t];
            assertEquals(
                    expected,
                    Given.get(out, t),
                    Double.isFinite(expected)
                            ? slack
                                    * Math.max(
                                            kind == Reduction.SUM ? 0.01 * size[t] : 0, Math.max(1, Math.abs(expected)))
                            : 0,
                    () -> kind + " " + in.dtype() + " of " + in.layout() + " to " + out.layout());
        }
    }

    private static Dtype result(Reduction kind, Dtype in) {
        return switch (kind) {
            case SUM, PROD -> in.sumType();
            case MAX, MIN -> in;
            case ARGMAX, ARGMIN -> Dtype.INT64;
            case ANY, ALL -> Dtype.BOOL;
        };
    }

    @ParameterizedTest
    @MethodSource("backends")
    void everyTypeShapeAndLayout(CpuBackend backend) {
        for (int round = 0; round < 600; round++) {
            Reduction kind = Reduction.values()[RANDOM.nextInt(Reduction.values().length)];
            Dtype dtype = Dtype.reals()[RANDOM.nextInt(Dtype.reals().length)];
            int rank = RANDOM.nextInt(5);
            long[] sizes = Given.shape(RANDOM, rank, rank < 3 ? 60 : 9);
            long[] kept = sizes.clone();
            for (int d = 0; d < kept.length; d++) if (RANDOM.nextBoolean()) kept[d] = 1;
            Strided in = Given.numbers(backend, RANDOM, dtype, true, sizes);
            if (kind == Reduction.PROD) Given.fill(in, () -> 1 + RANDOM.nextInt(400) / 399);
            if (dtype.isFloatingPoint() && RANDOM.nextInt(3) == 0 && in.numel() > 0) {
                Given.set(in, RANDOM.nextLong(in.numel()), Double.NaN);
            }
            Strided out = Given.operand(backend, RANDOM, result(kind, dtype), false, kept);
            backend.reduce(kind, Program.identity(dtype), out, new Strided[] {in}, new long[0]);
            check(kind, in, out, dtype.isHalf() ? 0.004 : 1e-6);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void largeOnes(CpuBackend backend) {
        for (long[] sizes : new long[][] {{200_001}, {500, 257}, {257, 1500}, {20, 10, 700}}) {
            Strided in = Given.fill(
                    Given.operand(backend, RANDOM, Dtype.FLOAT32, false, sizes), () -> RANDOM.nextFloat() - 0.5f);
            for (int mask = 1; mask < 1 << sizes.length; mask++) {
                long[] kept = sizes.clone();
                for (int d = 0; d < kept.length; d++) if ((mask >> d & 1) != 0) kept[d] = 1;
                for (Reduction kind : Reduction.values()) {
                    if (kind == Reduction.PROD) continue;
                    Strided out = Given.operand(backend, RANDOM, result(kind, Dtype.FLOAT32), false, kept);
                    backend.reduce(kind, Program.identity(Dtype.FLOAT32), out, new Strided[] {in}, new long[0]);
                    check(kind, in, out, 5e-6);
                }
            }
        }
    }

    private static final long[][] SHAPES = {
        {3},
        {63},
        {64},
        {1000},
        {1025},
        {4097},
        {300_001},
        {900, 1000},
        {9, 30_011},
        {70_000, 5},
        {5000, 257},
        {30, 9001},
        {17, 4100},
        {40, 70, 90},
        {3, 100, 4200},
        {2, 1030, 60},
        {1500, 16},
        {50, 2048}
    };

    /** In so many ways the same elements are handed over: lying in order, from the middle, with gaps, computed on the way, across. */
    private static final int WAYS = 5;

    private static Strided operand(CpuBackend backend, double[] x, int way, long... sizes) {
        long[] strides = Layout.rowMajor(sizes);
        if (way == 2) for (int d = 0; d < strides.length; d++) strides[d] *= 2;
        if (way == 4) {
            strides[0] = 1;
            for (int d = 1; d < strides.length; d++) strides[d] = strides[d - 1] * sizes[d - 1];
        }
        Layout layout = Layout.of(sizes, strides, way == 1 ? 5 : 0);
        Strided in = new Strided(backend.allocate(Dtype.FLOAT32, layout.storageSpan()), layout);
        for (int i = 0; i < x.length; i++) Given.set(in, i, x[i]);
        return in;
    }

    private static Strided reduce(CpuBackend backend, Reduction kind, Strided in, int way, long... kept) {
        Expr value = new Exprs().input(0, Dtype.FLOAT32);
        if (way == 3) value = value.neg().neg().abs().max(value);
        Program program = new Program(List.of(Dtype.FLOAT32), List.of(), List.of(value));
        Layout layout = Layout.contiguous(kept);
        Strided out = new Strided(backend.allocate(result(kind, Dtype.FLOAT32), layout.numel()), layout);
        backend.reduce(kind, program, out, new Strided[] {in}, new long[0]);
        return out;
    }

    private static double[] elements(long[] sizes, boolean positive) {
        Random random = new Random(3);
        double[] x = new double[(int) Layout.contiguous(sizes).numel()];
        for (int i = 0; i < x.length; i++) {
            double v = (float) random.nextGaussian();
            x[i] = positive ? Math.abs(v) : v;
        }
        return x;
    }

    private static long[] kept(long[] sizes, int mask) {
        long[] kept = sizes.clone();
        for (int d = 0; d < kept.length; d++) if ((mask >> d & 1) != 0) kept[d] = 1;
        return kept;
    }

    @Test
    void nothingDependsOnThreadsOrVectorsOrWhereOperandsLie() {
        List<CpuBackend> backends = Given.backends().toList();
        for (long[] sizes : SHAPES) {
            double[] x = elements(sizes, true);
            Strided[] ins = new Strided[WAYS];
            for (int way = 0; way < WAYS; way++) ins[way] = operand(backends.getFirst(), x, way, sizes);
            for (int mask = 1; mask < 1 << sizes.length; mask++) {
                long[] kept = kept(sizes, mask);
                for (Reduction kind : List.of(Reduction.SUM, Reduction.MAX, Reduction.ARGMIN)) {
                    Object expected = null;
                    for (CpuBackend backend : backends) {
                        for (int way = 0; way < WAYS; way++) {
                            Object got = reduce(backend, kind, ins[way], way, kept)
                                    .storage()
                                    .memory();
                            if (expected == null) expected = got;
                            else if (expected instanceof float[] f) assertArrayEquals(f, (float[]) got);
                            else assertArrayEquals((long[]) expected, (long[]) got);
                        }
                    }
                }
            }
        }
    }

    @Test
    void sumsAreNearTheExactOnes() {
        CpuBackend backend = new CpuBackend(2, CpuProvider.vectors());
        for (long[] sizes : SHAPES) {
            double[] x = elements(sizes, false);
            Layout in = Layout.contiguous(sizes);
            Strided operand = operand(backend, x, 0, sizes);
            for (int mask = 1; mask < 1 << sizes.length; mask++) {
                Layout kept = Layout.contiguous(kept(sizes, mask));
                // Sums of float32 are exact in float64 up to 1e-16 of them.
                double[] exact = new double[(int) kept.numel()];
                double[] size = new double[exact.length];
                for (int i = 0; i < x.length; i++) {
                    int t = (int) target(in, kept, i);
                    exact[t] += x[i];
                    size[t] += Math.abs(x[i]);
                }
                Strided out = reduce(backend, Reduction.SUM, operand, 0, kept.sizes());
                for (int t = 0; t < exact.length; t++) {
                    double error = Math.abs(exact[t] - Given.get(out, t));
                    assertTrue(error <= 6e-8 * Math.abs(exact[t]) + 1.5e-7 * size[t], () -> in + " to " + kept);
                }
            }
        }
    }

    /** Of float64 a sum loses little more than its last rounding, however its parts cancel. */
    @Test
    void sumsOfDoublesCarryTheirError() {
        CpuBackend backend = new CpuBackend(2, CpuProvider.vectors());
        for (long[] sizes : new long[][] {{200_003, 1}, {1, 200_003}, {4000, 50}}) {
            Random random = new Random(5);
            double[] x = new double[(int) (sizes[0] * sizes[1])];
            for (int i = 0; i < x.length; i++) x[i] = (random.nextDouble() - 0.5) * (i / 1024 % 2 == 0 ? 1e12 : 1);
            for (int i = x.length / 2; i < x.length; i++) x[i] = -x[x.length - 1 - i] + random.nextDouble();
            Strided in = new Strided(
                    java.util.Objects.requireNonNull(backend.share(Dtype.FLOAT64, x)), Layout.contiguous(sizes));
            Strided out = new Strided(backend.allocate(Dtype.FLOAT64, 1), Layout.contiguous(1, 1));
            backend.reduce(Reduction.SUM, Program.identity(Dtype.FLOAT64), out, new Strided[] {in}, new long[0]);
            BigDecimal exact = BigDecimal.ZERO;
            double size = 0;
            for (double v : x) {
                exact = exact.add(new BigDecimal(v));
                size += Math.abs(v);
            }
            assertEquals(exact.doubleValue(), Given.get(out, 0), 3e-17 * size);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void whatIsNoNumberStaysSo(CpuBackend backend) {
        for (long[] sizes : new long[][] {{3, 1}, {1, 5000}, {5000, 3}, {40, 4100}, {20, 2000}}) {
            double[] x = elements(sizes, false);
            int n = x.length;
            double inf = Double.POSITIVE_INFINITY;
            for (double[] two : new double[][] {{inf, 1}, {-inf, 1}, {inf, -inf}, {Double.NaN, 1}, {3e38, 3e38}}) {
                double[] y = x.clone();
                y[0] = two[0];
                y[n - 1] = two[1];
                Strided in = operand(backend, y, 0, sizes);
                Strided all = reduce(backend, Reduction.SUM, in, 0, 1, 1);
                assertEquals((float) (two[0] + two[1]), (float) Given.get(all, 0));
                Strided rows = reduce(backend, Reduction.SUM, in, 0, sizes[0], 1);
                Strided columns = reduce(backend, Reduction.SUM, in, 0, 1, sizes[1]);
                if (sizes[0] > 1) assertEquals((float) two[0], (float) Given.get(rows, 0));
                if (sizes[1] > 1) assertEquals((float) two[0], (float) Given.get(columns, 0));
                if (sizes[0] > 2) assertTrue(Double.isFinite(Given.get(rows, 1)));
                if (sizes[1] > 2) assertTrue(Double.isFinite(Given.get(columns, 1)));
            }
        }
    }

    @Test
    void sumsAreAccurate() {
        CpuBackend backend = new CpuBackend(2, CpuProvider.vectors());
        int n = 5_000_000;
        float[] x = new float[n];
        double exact = 0;
        for (int i = 0; i < n; i++) exact += x[i] = RANDOM.nextFloat();
        Strided out = new Strided(backend.allocate(Dtype.FLOAT32, 1), Layout.contiguous(1));
        Strided in =
                new Strided(java.util.Objects.requireNonNull(backend.share(Dtype.FLOAT32, x)), Layout.contiguous(n));
        backend.reduce(Reduction.SUM, Program.identity(Dtype.FLOAT32), out, new Strided[] {in}, new long[0]);
        assertEquals(exact, Given.get(out, 0), exact * 1e-7);
        x[5] = Float.POSITIVE_INFINITY;
        backend.reduce(Reduction.SUM, Program.identity(Dtype.FLOAT32), out, new Strided[] {in}, new long[0]);
        assertEquals(Double.POSITIVE_INFINITY, Given.get(out, 0));
    }

    @ParameterizedTest
    @MethodSource("backends")
    void prologuesAndNothing(CpuBackend backend) {
        Strided x = Given.numbers(backend, RANDOM, Dtype.FLOAT64, false, 30, 70);
        Strided y = Given.numbers(backend, RANDOM, Dtype.FLOAT64, true, 30, 70);
        Exprs e = new Exprs();
        Expr product = e.input(0, Dtype.FLOAT64).mul(e.input(1, Dtype.FLOAT64));
        Program p = new Program(List.of(Dtype.FLOAT64, Dtype.FLOAT64), List.of(), List.of(product));
        Strided out = new Strided(backend.allocate(Dtype.FLOAT64, 70), Layout.contiguous(1, 70));
        backend.reduce(Reduction.SUM, p, out, new Strided[] {x, y}, new long[0]);
        for (int j = 0; j < 70; j++) {
            double sum = 0;
            for (int i = 0; i < 30; i++) sum += Given.get(x, i * 70L + j) * Given.get(y, i * 70L + j);
            assertEquals(sum, Given.get(out, j));
        }
        for (Reduction kind : List.of(Reduction.SUM, Reduction.PROD, Reduction.ANY, Reduction.ALL)) {
            Strided none = new Strided(backend.allocate(Dtype.FLOAT32, 0), Layout.contiguous(4, 0));
            Strided to = new Strided(backend.allocate(result(kind, Dtype.FLOAT32), 4), Layout.contiguous(4, 1));
            backend.reduce(kind, Program.identity(Dtype.FLOAT32), to, new Strided[] {none}, new long[0]);
            for (int i = 0; i < 4; i++) {
                assertEquals(kind == Reduction.PROD || kind == Reduction.ALL ? 1 : 0, Given.get(to, i));
            }
        }
        assertTrue(Given.get(out, 0) == Given.get(out, 0));
    }
}
