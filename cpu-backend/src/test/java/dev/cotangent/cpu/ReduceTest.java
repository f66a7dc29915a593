package dev.cotangent.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Strided;
import dev.cotangent.program.Expr;
import dev.cotangent.program.Exprs;
import dev.cotangent.program.Program;
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
            Dtype dtype = Dtype.values()[RANDOM.nextInt(Dtype.values().length)];
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

    @Test
    void nothingDependsOnThreadsOrVectors() {
        float[][] results = Given.backends()
                .map(backend -> {
                    Random random = new Random(3);
                    Strided in = Given.fill(
                            new Strided(backend.allocate(Dtype.FLOAT32, 900_000), Layout.contiguous(900, 1000)),
                            random::nextGaussian);
                    float[] all = new float[1901];
                    for (long[] kept : new long[][] {{1, 1}, {900, 1}, {1, 1000}}) {
                        Strided out = new Strided(
                                backend.allocate(Dtype.FLOAT32, kept[0] * kept[1]), Layout.contiguous(kept));
                        backend.reduce(
                                Reduction.SUM, Program.identity(Dtype.FLOAT32), out, new Strided[] {in}, new long[0]);
                        int at = kept[0] > 1 ? 1 : kept[1] > 1 ? 901 : 0;
                        System.arraycopy(out.storage().memory(), 0, all, at, (int) out.numel());
                    }
                    return all;
                })
                .toArray(float[][]::new);
        for (float[] r : results) assertArrayEquals(results[0], r);
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
