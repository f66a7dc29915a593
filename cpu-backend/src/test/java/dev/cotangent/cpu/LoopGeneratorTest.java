package dev.cotangent.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.cpu.LoopProgram.Use;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import dev.cotangent.ir.ScalarOp;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Generated loops: the bits of the interpreter, and no objects once they are compiled. */
class LoopGeneratorTest {
    private static final int[] LENGTHS = {1, 3, 10, 16, 17, 64, 65, 100, 1024};
    private static final int ROWS = 5;
    private static final int PADDING = 64;

    private static final ScalarOp[] UNARY = {
        ScalarOp.NEG,
        ScalarOp.ABS,
        ScalarOp.SQRT,
        ScalarOp.EXP,
        ScalarOp.LOG,
        ScalarOp.ERF,
        ScalarOp.TANH,
        ScalarOp.SIN,
        ScalarOp.EXPM1
    };
    private static final ScalarOp[] BINARY = {
        ScalarOp.ADD, ScalarOp.SUB, ScalarOp.MUL, ScalarOp.DIV, ScalarOp.MAX, ScalarOp.MIN, ScalarOp.COPYSIGN
    };
    private static final ScalarOp[] TESTS = {
        ScalarOp.EQ, ScalarOp.NE, ScalarOp.LT, ScalarOp.LE, ScalarOp.GT, ScalarOp.GE
    };
    private static final ScalarOp[] LOGICAL = {ScalarOp.AND, ScalarOp.OR, ScalarOp.XOR, ScalarOp.EQ, ScalarOp.NE};

    private static final double[] LIMITS = {0, -0.0, 1.5, -2};

    private static final double[] ODD = {
        Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, -0.0, 100, -95, 1e-40, 1e30
    };

    private static VectorLoops vectors() {
        VectorLoops vectors = CpuProvider.vectors();
        assumeTrue(vectors != null, "needs the Vector API");
        return vectors;
    }

    private static Object numbers(Dtype dtype, int n, Random random, int odd) {
        Object x = RegisterType.of(dtype).allocate(n);
        for (int i = 0; i < n; i++) {
            double v = random.nextInt(100) < odd ? ODD[random.nextInt(ODD.length)] : random.nextGaussian() * 3;
            switch (x) {
                case float[] f -> f[i] = (float) v;
                case double[] d -> d[i] = v;
                default -> ((boolean[]) x)[i] = v > 0;
            }
        }
        return x;
    }

    private static Object[] run(RowLoop loop, LoopProgram program, int operands, int n, int odd) {
        Random random = new Random(n);
        Object[] arrays = new Object[operands];
        int[] offsets = new int[operands];
        int[] strides = new int[operands];
        for (int k = 0; k < operands; k++) {
            arrays[k] = numbers(program.type(), ROWS * n + PADDING, random, odd);
            offsets[k] = k == program.scratch() ? 0 : 3;
            strides[k] = n;
        }
        loop.run(arrays, offsets, strides, ROWS, n);
        return Arrays.copyOf(arrays, program.scratch());
    }

    @ParameterizedTest
    @EnumSource(RowPass.class)
    void passesHaveTheSameBits(RowPass pass) {
        VectorLoops vectors = vectors();
        for (Dtype dtype : List.of(Dtype.FLOAT32, Dtype.FLOAT64)) {
            LoopProgram program = pass.program(dtype);
            RowLoop scalar = LoopGenerator.scalar(program);
            RowLoop vector = vectors.generate(program);
            for (int n : LENGTHS) {
                for (int odd : new int[] {0, 3}) {
                    Object[] expected = run(scalar, program, pass.operands(), n, odd);
                    Object[] found = run(vector, program, pass.operands(), n, odd);
                    for (int k = 0; k < expected.length; k++) {
                        assertEquals(-1, mismatch(expected[k], found[k]), pass + " of " + dtype + ", row of " + n);
                    }
                }
            }
        }
    }

    private static int mismatch(Object x, Object y) {
        return switch (x) {
            case float[] a -> Arrays.mismatch(a, (float[]) y);
            case double[] a -> Arrays.mismatch(a, (double[]) y);
            default -> Arrays.mismatch((boolean[]) x, (boolean[]) y);
        };
    }

    /** An expression of numbers, of a few random operations on each other's results. */
    private static Program program(Random random, Dtype dtype) {
        Exprs e = new Exprs();
        List<Expr> numbers = new ArrayList<>(List.of(e.input(0, dtype), e.input(1, dtype), e.scalar(0, dtype)));
        numbers.add(numbers.getFirst().like(0.75));
        List<Expr> bools = new ArrayList<>(List.of(e.input(2, Dtype.BOOL)));
        int functions = 0;
        for (int i = 0; i < 12; i++) {
            Expr a = numbers.get(random.nextInt(numbers.size()));
            Expr b = numbers.get(random.nextInt(numbers.size()));
            Expr p = bools.get(random.nextInt(bools.size()));
            Expr q = bools.get(random.nextInt(bools.size()));
            switch (random.nextInt(8)) {
                case 0 -> {
                    ScalarOp op = UNARY[random.nextInt(dtype == Dtype.FLOAT64 ? 5 : UNARY.length)];
                    if (LoopProgram.isFunction(op) && functions++ > 2) op = ScalarOp.ABS;
                    numbers.add(a.call(op));
                }
                case 1 -> numbers.add(p.where(a, b));
                case 2 -> bools.add(a.call(TESTS[random.nextInt(TESTS.length)], b));
                case 3 -> bools.add(p.call(LOGICAL[random.nextInt(LOGICAL.length)], q));
                case 4 -> numbers.add(p.not().cast(dtype).add(a.cast(Dtype.BOOL).cast(dtype)));
                case 5 -> numbers.add(a.call(i % 2 == 0 ? ScalarOp.MAX : ScalarOp.MIN, a.like(LIMITS[i % 4])));
                default -> numbers.add(a.call(BINARY[random.nextInt(BINARY.length)], b));
            }
        }
        return new Program(
                List.of(dtype, dtype, Dtype.BOOL), List.of(dtype), List.of(numbers.getLast(), bools.getLast()));
    }

    /** By way of a backend, which generates a loop for what is computed often enough. */
    @Test
    void programsHaveTheSameBits() {
        List<CpuBackend> backends = Given.backends().toList();
        Random random = new Random(7);
        for (int round = 0; round < 40; round++) {
            Dtype dtype = round % 3 == 0 ? Dtype.FLOAT64 : Dtype.FLOAT32;
            Program program = program(random, dtype);
            int n = 5000 + random.nextInt(100);
            long seed = random.nextLong();
            Object[] first = null;
            for (CpuBackend b : backends) {
                Strided[] ins = {of(b, dtype, n, seed), of(b, dtype, n, seed + 1), of(b, Dtype.BOOL, n, seed + 2)};
                Strided[] outs = {of(b, dtype, n, 0), of(b, Dtype.BOOL, n, 0)};
                long[] scalars = {Double.doubleToRawLongBits(1.25)};
                // The last of them by a generated loop, where there are vectors.
                for (int call = 0; call < 23; call++) b.pointwise(program, outs, ins, scalars);
                // In place, where all of an element is read before it is written.
                b.pointwise(program, new Strided[] {ins[0], outs[1]}, ins, scalars);
                Object[] found = {
                    outs[0].storage().memory(),
                    outs[1].storage().memory(),
                    ins[0].storage().memory()
                };
                if (first == null) first = found;
                for (int k = 0; k < found.length; k += 2) assertEquals(-1, mismatch(first[k], found[k]), "" + program);
                assertArrayEquals((byte[]) first[1], (byte[]) found[1]);
                assertEquals(-1, mismatch(found[0], found[2]), "in place: " + program);
            }
        }
    }

    private static Strided of(CpuBackend backend, Dtype dtype, int n, long seed) {
        Strided x = new Strided(backend.allocate(dtype, n), Layout.contiguous(n));
        Random random = new Random(seed);
        Given.fill(x, () -> {
            double v = random.nextInt(50) == 0 ? ODD[random.nextInt(ODD.length)] : random.nextGaussian() * 3;
            return dtype == Dtype.BOOL ? (v > 0 ? 1 : 0) : v;
        });
        return x;
    }

    /** Waits for the compiler, for a minute at most. */
    private static void assertComesToAllocateNothing(String what, LoopProgram program, int operands, int n) {
        RowLoop loop = vectors().generate(program);
        Object[] arrays = new Object[operands];
        for (int k = 0; k < operands; k++)
            arrays[k] = LoopKernel.numbers(RegisterType.of(program.type()), ROWS * n + PADDING);
        int[] offsets = new int[operands];
        int[] strides = new int[operands];
        Arrays.fill(strides, n);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long end = System.nanoTime() + 60_000_000_000L;
        long bytes = 1;
        while (bytes > 0 && System.nanoTime() < end) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100; i++) loop.run(arrays, offsets, strides, ROWS, n - i % 2);
            bytes = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertTrue(bytes == 0, what + " still allocates " + bytes + " bytes");
    }

    /** Those that do most. */
    @ParameterizedTest
    @EnumSource(
            value = RowPass.class,
            names = {"EXP", "MOMENTS", "NORMALIZE_GRADIENTS"})
    void passesComeToAllocateNothing(RowPass pass) {
        for (Dtype dtype : List.of(Dtype.FLOAT32, Dtype.FLOAT64)) {
            assertComesToAllocateNothing(pass + " of " + dtype, pass.program(dtype), pass.operands(), 128);
        }
    }

    @Test
    void functionsComeToAllocateNothing() {
        functionComesToAllocateNothing(
                "gelu",
                x -> x.mul(0.5).mul(x.mul(Math.sqrt(0.5)).call(ScalarOp.ERF).add(1)));
        functionComesToAllocateNothing("silu", x -> x.div(x.neg().exp().add(1)));
        functionComesToAllocateNothing(
                "softplus", x -> x.gt(20).where(x, x.exp().log1p()));
        functionComesToAllocateNothing("as much as there may be", x -> {
            Expr y = x.exp().log1p();
            for (int i = 0; i < 10; i++) y = y.mul(x).add(0.1 * i);
            return y;
        });
    }

    private static void functionComesToAllocateNothing(String name, UnaryOperator<Expr> function) {
        Expr y = function.apply(new Exprs().input(0, Dtype.FLOAT32));
        Program p = new Program(Collections.singletonList(Dtype.FLOAT32), List.of(), List.of(y));
        assertTrue(LoopProgram.suits(p, vectors()), name);
        assertComesToAllocateNothing(name, LoopProgram.ofRows(p, Dtype.FLOAT32, Use.STORE), 2, 1024);
    }
}
