package dev.cotangent.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import dev.cotangent.ir.ScalarOp;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PointwiseTest {
    private static final Random RANDOM = new Random(7);

    static Stream<CpuBackend> backends() {
        return Given.backends();
    }

    private static Strided flat(CpuBackend backend, Dtype dtype, double... values) {
        Strided x = new Strided(backend.allocate(dtype, values.length), Layout.contiguous(values.length));
        for (int i = 0; i < values.length; i++) Given.set(x, i, values[i]);
        return x;
    }

    private static double[] apply(CpuBackend backend, ScalarOp op, Strided... ins) {
        Exprs e = new Exprs();
        Expr[] args = new Expr[ins.length];
        List<Dtype> types = Stream.of(ins).map(Strided::dtype).toList();
        for (int i = 0; i < ins.length; i++) args[i] = e.input(i, types.get(i));
        Expr result = e.call(op, args);
        Strided out = new Strided(backend.allocate(result.dtype(), ins[0].numel()), Layout.contiguous(ins[0].numel()));
        backend.pointwise(new Program(types, List.of(), List.of(result)), new Strided[] {out}, ins, new long[0]);
        double[] values = new double[(int) out.numel()];
        for (int i = 0; i < values.length; i++) values[i] = Given.get(out, i);
        return values;
    }

    private static double one(ScalarOp op, Dtype dtype, double a, double b) {
        CpuBackend backend = new CpuBackend(1, null);
        return apply(backend, op, flat(backend, dtype, a), flat(backend, dtype, b))[0];
    }

    @ParameterizedTest
    @MethodSource("backends")
    void chainsOfEveryTypeAndLayout(CpuBackend backend) {
        for (int round = 0; round < 300; round++) {
            Dtype dtype = Dtype.reals()[RANDOM.nextInt(Dtype.BOOL.ordinal())];
            Dtype other = Dtype.reals()[RANDOM.nextInt(Dtype.reals().length)];
            long[] sizes = Given.shape(RANDOM, RANDOM.nextInt(5), round % 10 == 0 ? 17 : 6);
            Strided x = Given.numbers(backend, RANDOM, dtype, true, sizes);
            Strided y = Given.numbers(backend, RANDOM, other, true, sizes);
            Strided z = Given.operand(backend, RANDOM, dtype, false, sizes);
            Strided w = Given.operand(backend, RANDOM, Dtype.BOOL, false, sizes);
            Exprs e = new Exprs();
            Dtype wide = dtype.computeType();
            Expr a = e.input(0, dtype).cast(wide);
            Expr b = e.input(1, other).cast(wide);
            Expr s = e.scalar(0, wide);
            Expr sum = a.mul(b).add(s).sub(b.mul(2));
            Expr less = a.lt(b);
            Program p = new Program(
                    List.of(dtype, other),
                    List.of(wide),
                    List.of(less.where(sum, a.max(b)).cast(dtype), less));
            long scalar = wide.isFloatingPoint() ? Double.doubleToRawLongBits(3) : 3;
            backend.pointwise(p, new Strided[] {z, w}, new Strided[] {x, y}, new long[] {scalar});
            for (long i = 0; i < x.numel(); i++) {
                double u = Given.get(x, i);
                double v = Given.get(y, i);
                if (dtype == Dtype.UINT8) v = (int) v & 0xFF;
                double expected = u < v ? u * v + 3 - v * 2 : Math.max(u, v);
                if (dtype == Dtype.UINT8) expected = (int) expected & 0xFF;
                if (dtype == Dtype.INT8) expected = (byte) expected;
                assertEquals(expected, Given.get(z, i), p + " of " + x.layout() + " and " + y.layout());
                assertEquals(u < v ? 1 : 0, Given.get(w, i));
            }
        }
    }

    /** A matrix, one row and one column repeated, rows with gaps, and a bool, with rows shorter and longer than a block. */
    @ParameterizedTest
    @MethodSource("backends")
    void rowsAndColumns(CpuBackend backend) {
        for (int columns : new int[] {31, 100, Registers.BLOCK, Registers.BLOCK + 300}) {
            int rows = 7;
            long[] sizes = {rows, columns};
            for (Dtype dtype : List.of(Dtype.FLOAT32, Dtype.INT64, Dtype.FLOAT16)) {
                for (int chosen = 0; chosen < 8; chosen++) {
                    Layout whole = Layout.contiguous(sizes);
                    Layout row = (chosen & 1) == 0 ? whole : Layout.of(sizes, new long[] {0, 1}, 2);
                    Layout column = (chosen & 2) == 0 ? whole : Layout.of(sizes, new long[] {1, 0}, 1);
                    Layout gaps = (chosen & 4) == 0 ? whole : Layout.of(sizes, new long[] {columns + 5, 1}, 3);
                    Strided x = integers(backend, dtype, row);
                    Strided y = integers(backend, dtype, column);
                    Strided z = integers(backend, dtype, gaps);
                    Strided w = integers(backend, Dtype.BOOL, whole);
                    Strided out = new Strided(backend.allocate(dtype, whole.numel()), whole);
                    Dtype wide = dtype.computeType();
                    Exprs e = new Exprs();
                    Expr sum = e.input(0, dtype)
                            .cast(wide)
                            .add(e.input(1, dtype).cast(wide))
                            .mul(2);
                    Expr result = e.input(3, Dtype.BOOL)
                            .where(sum.sub(e.input(2, dtype).cast(wide)), sum)
                            .cast(dtype);
                    Program p = new Program(List.of(dtype, dtype, dtype, Dtype.BOOL), List.of(), List.of(result));
                    backend.pointwise(p, new Strided[] {out}, new Strided[] {x, y, z, w}, new long[0]);
                    for (int i = 0; i < rows * columns; i++) {
                        double s = (Given.get(x, i) + Given.get(y, i)) * 2;
                        double expected = Given.get(w, i) != 0 ? s - Given.get(z, i) : s;
                        if (expected != Given.get(out, i)) assertEquals(expected, Given.get(out, i), p + " at " + i);
                    }
                }
            }
        }
    }

    private static Strided integers(CpuBackend backend, Dtype dtype, Layout layout) {
        Strided all =
                new Strided(backend.allocate(dtype, layout.storageSpan()), Layout.contiguous(layout.storageSpan()));
        Given.fill(all, () -> RANDOM.nextInt(dtype == Dtype.BOOL ? 2 : 9));
        return all.with(layout);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void largeOnesInSeveralThreadsAndInPlace(CpuBackend backend) {
        int n = 1_000_003;
        Strided x =
                Given.fill(new Strided(backend.allocate(Dtype.FLOAT32, n), Layout.contiguous(n)), RANDOM::nextFloat);
        float[] before = ((float[]) x.storage().memory()).clone();
        Exprs e = new Exprs();
        Expr a = e.input(0, Dtype.FLOAT32);
        Expr result = a.mul(a).add(e.scalar(0, Dtype.FLOAT32)).div(a.add(1));
        Strided twin = new Strided(backend.allocate(Dtype.FLOAT32, n), Layout.contiguous(n));
        Program p = new Program(List.of(Dtype.FLOAT32), List.of(Dtype.FLOAT32), List.of(result, a.neg()));
        backend.pointwise(p, new Strided[] {x, twin}, new Strided[] {x}, new long[] {Double.doubleToRawLongBits(0.5)});
        for (int i = 0; i < n; i++) {
            float v = before[i];
            assertEquals((v * v + 0.5f) / (v + 1), Given.get(x, i));
            assertEquals(-v, Given.get(twin, i));
        }
    }

    @ParameterizedTest
    @EnumSource(ScalarOp.class)
    void everyOpIsKnownAndVectorsAgree(ScalarOp op) {
        CpuBackend plain = new CpuBackend(1, null);
        CpuBackend fast = new CpuBackend(1, CpuProvider.vectors());
        int n = Given.THOROUGH ? 200_003 : 30_003;
        for (Dtype dtype : List.of(Dtype.FLOAT32, Dtype.FLOAT64, Dtype.INT64, Dtype.INT32, Dtype.BOOL)) {
            if (dtype.isFloatingPoint() && op.kind() == ScalarOp.Kind.BITS) continue;
            if (!dtype.isFloatingPoint() && op.kind() == ScalarOp.Kind.FLOAT) continue;
            if (dtype == Dtype.BOOL && op != ScalarOp.WHERE && op.kind() != ScalarOp.Kind.COMPARE) {
                if (!List.of(ScalarOp.ADD, ScalarOp.MUL, ScalarOp.AND, ScalarOp.XOR, ScalarOp.NOT)
                        .contains(op)) continue;
            }
            double[][] values = new double[3][n];
            double[] odd = {0, -0.0, 1, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e-40, 0.5};
            for (double[] v : values) {
                for (int i = 0; i < n; i++) {
                    v[i] = dtype.isFloatingPoint() ? (float) RANDOM.nextGaussian() * 3 : RANDOM.nextInt(1, 9);
                    if (dtype.isFloatingPoint() && RANDOM.nextInt(20) == 0) v[i] = odd[RANDOM.nextInt(odd.length)];
                    if (op == ScalarOp.POLYGAMMA && v == values[0]) v[i] = RANDOM.nextInt(1, 4);
                }
            }
            double[] expected = null;
            for (CpuBackend backend : List.of(plain, fast)) {
                Strided[] ins = new Strided[op.arity()];
                for (int i = 0; i < ins.length; i++) {
                    Dtype type = op == ScalarOp.WHERE && i == 0 ? Dtype.BOOL : dtype;
                    ins[i] = flat(backend, type, values[i]);
                }
                double[] got = apply(backend, op, ins);
                if (expected == null) expected = got;
                for (int i = 0; i < n; i++) {
                    int at = i;
                    assertEquals(
                            expected[i],
                            got[i],
                            () -> op + " " + dtype + " of " + values[0][at] + ", " + values[1][at]);
                }
            }
        }
    }

    @Test
    void roundingOps() {
        for (Dtype d : List.of(Dtype.FLOAT32, Dtype.FLOAT64)) {
            assertEquals(-4, one(ScalarOp.FLOOR_DIV, d, -7, 2));
            assertEquals(-4, one(ScalarOp.FLOOR_DIV, d, 7, -2));
            assertEquals(Double.NEGATIVE_INFINITY, one(ScalarOp.FLOOR_DIV, d, -1, 0));
            assertEquals(1, one(ScalarOp.REMAINDER, d, -7, 2));
            assertEquals(-1, one(ScalarOp.REMAINDER, d, 7, -2));
            assertEquals(-1, one(ScalarOp.FMOD, d, -7, 2));
            assertTrue(Double.isNaN(one(ScalarOp.REMAINDER, d, 1, 0)));
            assertTrue(Double.isNaN(one(ScalarOp.MAX, d, Double.NaN, 1)));
            assertTrue(Double.isNaN(one(ScalarOp.MIN, d, 1, Double.NaN)));
            assertEquals(1, one(ScalarOp.POW, d, 1, Double.NaN));
            assertEquals(1, one(ScalarOp.POW, d, -1, Double.POSITIVE_INFINITY));
        }
        assertEquals(9, one(ScalarOp.FLOOR_DIV, Dtype.FLOAT64, 1, 0.1));
    }

    @Test
    void integerOps() {
        for (Dtype d : List.of(Dtype.INT64, Dtype.INT32, Dtype.INT16, Dtype.INT8)) {
            assertEquals(-4, one(ScalarOp.FLOOR_DIV, d, -7, 2));
            assertEquals(-3, one(ScalarOp.DIV, d, -7, 2));
            assertEquals(1, one(ScalarOp.REMAINDER, d, -7, 2));
            assertEquals(-1, one(ScalarOp.FMOD, d, -7, 2));
            assertEquals(-32, one(ScalarOp.POW, d, -2, 5));
            assertEquals(0, one(ScalarOp.POW, d, 2, -1));
            assertEquals(-1, one(ScalarOp.POW, d, -1, -3));
            assertEquals(0, one(ScalarOp.SHL, d, 1, 8 * d.bytes()));
            assertEquals(-1, one(ScalarOp.SHR, d, -5, 70));
            for (ScalarOp op : List.of(ScalarOp.DIV, ScalarOp.FLOOR_DIV, ScalarOp.REMAINDER, ScalarOp.FMOD)) {
                assertEquals(
                        "ZeroDivisionError",
                        assertThrows(CotangentException.class, () -> one(op, d, 1, 0))
                                .getMessage());
            }
        }
        assertEquals(-128, one(ScalarOp.ADD, Dtype.INT8, 127, 1));
        assertEquals(255, one(ScalarOp.SUB, Dtype.UINT8, 1, 2));
        assertEquals(1, one(ScalarOp.ADD, Dtype.BOOL, 1, 1));
        assertEquals(0, one(ScalarOp.MUL, Dtype.BOOL, 1, 0));
    }

    private static double convert(Dtype from, Dtype to, double value) {
        CpuBackend backend = new CpuBackend(1, null);
        Strided x = flat(backend, from, value);
        Strided y = flat(backend, to, 0);
        backend.copy(x, y);
        return Given.get(y, 0);
    }

    @Test
    void conversions() {
        assertEquals(-3, convert(Dtype.FLOAT32, Dtype.INT32, -3.9));
        assertEquals(44, convert(Dtype.FLOAT32, Dtype.INT8, 300));
        assertEquals(212, convert(Dtype.FLOAT32, Dtype.UINT8, -300));
        assertEquals(Integer.MIN_VALUE, convert(Dtype.FLOAT64, Dtype.INT32, 3e9));
        assertEquals(Integer.MIN_VALUE, convert(Dtype.FLOAT32, Dtype.INT32, Double.NaN));
        assertEquals(Long.MIN_VALUE, convert(Dtype.FLOAT32, Dtype.INT64, Double.POSITIVE_INFINITY));
        assertEquals(0, convert(Dtype.FLOAT64, Dtype.INT16, Double.NaN));
        assertEquals(1, convert(Dtype.FLOAT32, Dtype.BOOL, Double.NaN));
        assertEquals(1, convert(Dtype.INT64, Dtype.BOOL, 256));
        assertEquals(65504, convert(Dtype.FLOAT32, Dtype.FLOAT16, 65519));
        assertEquals(Double.POSITIVE_INFINITY, convert(Dtype.FLOAT64, Dtype.FLOAT16, 65520));
        // Just above the middle of two halves: rounding through float32, as PyTorch does, loses the little that
        // decides.
        assertEquals(1, convert(Dtype.FLOAT64, Dtype.FLOAT16, 1 + 0x1p-11 + 0x1p-40));
        assertEquals(1, convert(Dtype.FLOAT64, Dtype.FLOAT16, 1 + 0x1p-11));
        assertEquals(1, convert(Dtype.FLOAT64, Dtype.BFLOAT16, 1 + 0x1p-8 + 0x1p-40));
        assertEquals(1 + 0x1p-6, convert(Dtype.FLOAT32, Dtype.BFLOAT16, 1 + 0x1p-7 + 0x1p-8));
        assertTrue(Double.isNaN(convert(Dtype.FLOAT64, Dtype.BFLOAT16, Double.NaN)));
        assertEquals(Double.POSITIVE_INFINITY, convert(Dtype.FLOAT64, Dtype.BFLOAT16, 3.4e38));
    }

    @Test
    void copiesOfEveryLayout() {
        CpuBackend backend = new CpuBackend(2, CpuProvider.vectors());
        for (int round = 0; round < 200; round++) {
            Dtype dtype = Dtype.reals()[RANDOM.nextInt(Dtype.reals().length)];
            long[] sizes = Given.shape(RANDOM, RANDOM.nextInt(5), 8);
            Strided x = Given.numbers(backend, RANDOM, dtype, true, sizes);
            Strided y = Given.operand(backend, RANDOM, dtype, false, sizes);
            backend.copy(x, y);
            for (long i = 0; i < x.numel(); i++) assertEquals(Given.get(x, i), Given.get(y, i));
            backend.fill(y, dtype.isFloatingPoint() ? Double.doubleToRawLongBits(1) : 1);
            for (long i = 0; i < x.numel(); i++) assertEquals(1, Given.get(y, i));
        }
    }

    @Test
    void sharedArraysAndLimits() {
        CpuBackend backend = new CpuBackend(1, null);
        float[] mine = {1, 2, 3};
        Storage s = backend.share(Dtype.FLOAT32, mine);
        assertTrue(s != null && backend.array(s) == mine);
        assertEquals(null, backend.share(Dtype.FLOAT64, mine));
        assertTrue(assertThrows(CotangentException.class, () -> backend.allocate(Dtype.INT8, 1L << 33))
                .getMessage()
                .contains("8589934592"));
    }
}
