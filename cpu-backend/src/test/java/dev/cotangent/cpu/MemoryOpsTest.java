package dev.cotangent.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Dtype;
import dev.cotangent.IndexException;
import dev.cotangent.backend.Distribution;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Philox;
import dev.cotangent.backend.Scan;
import dev.cotangent.backend.Scatter;
import dev.cotangent.backend.Strided;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Scans, gather, scatter, sort, random numbers, raw memory, and matrix products. */
class MemoryOpsTest {
    private static final Random RANDOM = new Random(5);

    static Stream<CpuBackend> backends() {
        return Given.backends();
    }

    private static long[] unravel(long[] sizes, long linear) {
        long[] at = new long[sizes.length];
        for (int d = at.length - 1; d >= 0; d--) {
            at[d] = linear % sizes[d];
            linear /= sizes[d];
        }
        return at;
    }

    private static long ravel(long[] sizes, long[] at) {
        long linear = 0;
        for (int d = 0; d < sizes.length; d++) linear = linear * sizes[d] + at[d];
        return linear;
    }

    private static Dtype anyType() {
        return Dtype.reals()[RANDOM.nextInt(Dtype.reals().length)];
    }

    @ParameterizedTest
    @MethodSource("backends")
    void scans(CpuBackend backend) {
        for (int round = 0; round < 200; round++) {
            Dtype dtype = Dtype.reals()[RANDOM.nextInt(Dtype.BOOL.ordinal())];
            long[] sizes = round == 0 ? new long[] {3, 3000} : Given.shape(RANDOM, 1 + RANDOM.nextInt(3), 12);
            int dim = RANDOM.nextInt(sizes.length);
            Scan kind = Scan.values()[RANDOM.nextInt(4)];
            Strided in = Given.numbers(backend, RANDOM, dtype, true, sizes);
            // Of 3000 factors so many would be 2 that no type holds the product.
            int factor = round == 0 ? -1 : 2;
            if (kind == Scan.PROD) Given.fill(in, () -> RANDOM.nextInt(12) == 0 ? factor : 1);
            Strided out = Given.operand(backend, RANDOM, dtype, false, sizes);
            backend.scan(kind, in, out, dim);
            for (long i = 0; i < in.numel(); i++) {
                long[] at = unravel(sizes, i);
                double x = Given.get(in, i);
                double expected = x;
                if (at[dim]-- > 0) {
                    double before = Given.get(out, ravel(sizes, at));
                    expected = switch (kind) {
                        case SUM -> before + x;
                        case PROD -> before * x;
                        case MAX -> Math.max(before, x);
                        case MIN -> Math.min(before, x);
                    };
                }
                if (dtype == Dtype.UINT8) expected = (int) expected & 0xFF;
                if (dtype == Dtype.INT8) expected = (byte) expected;
                assertEquals(expected, Given.get(out, i), dtype == Dtype.BFLOAT16 ? 1 : 0);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void gatherAndScatter(CpuBackend backend) {
        for (int round = 0; round < 200; round++) {
            Dtype dtype = anyType();
            long[] sizes = Given.shape(RANDOM, 1 + RANDOM.nextInt(3), 9);
            int dim = RANDOM.nextInt(sizes.length);
            long[] less = sizes.clone();
            for (int d = 0; d < less.length; d++)
                less[d] = 1 + RANDOM.nextLong(d == dim ? 2000 / sizes.length : sizes[d]);
            Strided in = Given.numbers(backend, RANDOM, dtype, true, sizes);
            Strided index = Given.fill(
                    Given.operand(backend, RANDOM, Dtype.INT64, true, less), () -> RANDOM.nextLong(sizes[dim]));
            Strided out = Given.operand(backend, RANDOM, dtype, false, less);
            backend.gather(in, dim, index, out);
            for (long i = 0; i < out.numel(); i++) {
                long[] at = unravel(less, i);
                at[dim] = (long) Given.get(index, i);
                assertEquals(Given.get(in, ravel(sizes, at)), Given.get(out, i));
            }

            Scatter kind = Scatter.values()[RANDOM.nextInt(5)];
            Strided to = Given.numbers(backend, RANDOM, Dtype.FLOAT64, false, sizes);
            Strided from = Given.fill(Given.operand(backend, RANDOM, Dtype.FLOAT64, true, less), RANDOM::nextDouble);
            double[] expected = new double[(int) to.numel()];
            for (int i = 0; i < expected.length; i++) expected[i] = Given.get(to, i);
            for (long i = 0; i < from.numel(); i++) {
                long[] at = unravel(less, i);
                at[dim] = (long) Given.get(index, i);
                int t = (int) ravel(sizes, at);
                double x = Given.get(from, i);
                expected[t] = switch (kind) {
                    case SET -> x;
                    case ADD -> expected[t] + x;
                    case MUL -> expected[t] * x;
                    case MAX -> Math.max(expected[t], x);
                    case MIN -> Math.min(expected[t], x);
                };
            }
            backend.scatter(kind, to, dim, index, from);
            for (int i = 0; i < expected.length; i++) assertEquals(expected[i], Given.get(to, i));
        }
    }

    @Test
    void indicesAreCheckedFirst() {
        CpuBackend backend = new CpuBackend(1, null);
        Strided to = Given.numbers(backend, RANDOM, Dtype.FLOAT32, false, 3);
        Object before = ((float[]) to.storage().memory()).clone();
        Strided index = new Strided(backend.allocate(Dtype.INT64, 2), Layout.contiguous(2));
        Given.set(index, 1, 5);
        Strided from = Given.numbers(backend, RANDOM, Dtype.FLOAT32, false, 2);
        String message = "index 5 is out of bounds for dimension 0 with size 3";
        assertEquals(
                message,
                assertThrows(IndexException.class, () -> backend.scatter(Scatter.SET, to, 0, index, from))
                        .getMessage());
        assertTrue(Arrays.equals((float[]) before, (float[]) to.storage().memory()));
        assertEquals(
                message,
                assertThrows(IndexException.class, () -> backend.gather(to, 0, index, from))
                        .getMessage());
    }

    @ParameterizedTest
    @MethodSource("backends")
    void sortsStably(CpuBackend backend) {
        for (int round = 0; round < 200; round++) {
            Dtype dtype = anyType();
            long[] sizes = Given.shape(RANDOM, 1 + RANDOM.nextInt(3), 20);
            int dim = RANDOM.nextInt(sizes.length);
            boolean descending = RANDOM.nextBoolean();
            Strided in = Given.numbers(backend, RANDOM, dtype, true, sizes);
            if (dtype.isFloatingPoint()) {
                Given.set(in, RANDOM.nextLong(in.numel()), Double.NaN);
                Given.set(in, RANDOM.nextLong(in.numel()), -0.0);
            }
            Strided values = Given.operand(backend, RANDOM, dtype, false, sizes);
            Strided places = Given.operand(backend, RANDOM, Dtype.INT64, false, sizes);
            backend.sort(in, dim, descending, values, places);
            for (long i = 0; i < in.numel(); i++) {
                long[] at = unravel(sizes, i);
                double x = Given.get(values, i);
                long place = (long) Given.get(places, i);
                if (at[dim] > 0) {
                    at[dim]--;
                    double y = Given.get(values, ravel(sizes, at));
                    int order = y == x ? 0 : Double.compare(y, x);
                    assertTrue(descending ? order >= 0 : order <= 0);
                    if (order == 0) assertTrue(Given.get(places, ravel(sizes, at)) < place);
                }
                at[dim] = place;
                assertEquals(Given.get(in, ravel(sizes, at)), x);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void randomNumbersAreThoseOfPhilox(CpuBackend backend) {
        for (Dtype dtype : new Dtype[] {Dtype.FLOAT32, Dtype.FLOAT64, Dtype.FLOAT16, Dtype.BFLOAT16}) {
            Strided out = Given.operand(backend, RANDOM, dtype, false, 300, 70);
            backend.random(Distribution.UNIFORM, out, 42, 7);
            for (long i = 0; i < out.numel(); i++) {
                double x = Given.get(out, i);
                long bits = Philox.bits(42, 7, i);
                assertTrue(x >= 0 && x < 1);
                if (dtype == Dtype.FLOAT32) assertEquals(Philox.uniformFloat(bits), x);
                if (dtype == Dtype.FLOAT64) assertEquals(Philox.uniform(bits), x);
            }
        }
        Strided out = Given.operand(backend, RANDOM, Dtype.FLOAT64, false, 400, 300);
        backend.random(Distribution.NORMAL, out, 1, 2);
        for (long i = 0; i < out.numel(); i++) assertEquals(Philox.normal(Philox.bits(1, 2, i)), Given.get(out, i));
    }

    @Test
    void rawMemory() {
        CpuBackend backend = new CpuBackend(1, null);
        for (Dtype dtype : Dtype.reals()) {
            Strided x = Given.numbers(backend, RANDOM, dtype, false, 9);
            long n = x.storage().size();
            byte[] raw = new byte[(int) n * dtype.bytes()];
            backend.read(x.storage(), 0, MemorySegment.ofArray(raw));
            Strided y = new Strided(backend.allocate(dtype, n), x.layout());
            backend.write(y.storage(), 0, MemorySegment.ofArray(raw));
            for (long i = 0; i < 9; i++) assertEquals(Given.get(x, i), Given.get(y, i));
            byte[] part = new byte[2 * dtype.bytes()];
            backend.read(x.storage(), 3, MemorySegment.ofArray(part));
            assertTrue(Arrays.equals(part, 0, part.length, raw, 3 * dtype.bytes(), 5 * dtype.bytes()));
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void matrixProducts(CpuBackend backend) {
        for (int round = 0; round < 150; round++) {
            Dtype dtype = Dtype.reals()[RANDOM.nextInt(Dtype.BOOL.ordinal())];
            if (round % 2 == 0) dtype = round % 4 == 0 ? Dtype.FLOAT32 : Dtype.FLOAT64;
            int most = round < 12 ? 120 : 20;
            long n = 1 + RANDOM.nextInt(3);
            long m = 1 + RANDOM.nextInt(most);
            long k = RANDOM.nextInt(round < 4 ? 700 : most);
            long p = 1 + RANDOM.nextInt(most);
            Strided a = Given.numbers(backend, RANDOM, dtype, true, n, m, k);
            Strided b = Given.numbers(backend, RANDOM, dtype, true, n, k, p);
            Strided out = Given.numbers(backend, RANDOM, dtype, false, n, m, p);
            Strided c = round % 3 == 0 ? out : Given.numbers(backend, RANDOM, dtype, true, n, m, p);
            double alpha = RANDOM.nextInt(3) - 1;
            double beta = RANDOM.nextInt(3) - 1;
            double[] expected = new double[(int) out.numel()];
            for (int i = 0; i < expected.length; i++) {
                long batch = i / (m * p);
                long row = i / p % m;
                long column = i % p;
                double sum = 0;
                for (long l = 0; l < k; l++) {
                    sum += Given.get(a, (batch * m + row) * k + l) * Given.get(b, (batch * k + l) * p + column);
                }
                expected[i] = alpha * sum + (beta == 0 ? 0 : beta * Given.get(c, i));
                if (dtype == Dtype.INT8) expected[i] = (byte) expected[i];
                if (dtype == Dtype.UINT8) expected[i] = (int) expected[i] & 0xFF;
            }
            // What is not read may be anything.
            if (beta == 0 && dtype.isFloatingPoint()) Given.fill(c, () -> Double.NaN);
            if (c != out && dtype.isFloatingPoint()) Given.fill(out, () -> Double.NaN);
            backend.matmul(a, b, c, out, alpha, beta);
            double slack = dtype.isHalf() ? 0.005 : 0;
            for (int i = 0; i < expected.length; i++) {
                assertEquals(
                        expected[i],
                        Given.get(out, i) + 0.0,
                        slack * Math.abs(expected[i]),
                        a.layout() + " @ " + b.layout());
            }
        }
    }
}
