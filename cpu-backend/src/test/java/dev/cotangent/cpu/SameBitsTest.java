package dev.cotangent.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cotangent.Dtype;
import dev.cotangent.ir.ScalarOp;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The bits of a result are the same on plain loops and on vectors, and before and after either is compiled. */
class SameBitsTest {
    /** Not whole vectors. */
    private static final int N = 4099;
    /** Until all of a vector loop is compiled. */
    private static final int ROUNDS = Boolean.getBoolean("contract.thorough") ? 2000 : 500;
    /** For plain loops, of which some are slow, fewer do. */
    private static final int PLAIN_ROUNDS = 50;

    private static final Set<ScalarOp> FOLDED =
            EnumSet.of(ScalarOp.ADD, ScalarOp.MUL, ScalarOp.MAX, ScalarOp.MIN, ScalarOp.AND, ScalarOp.OR, ScalarOp.XOR);

    private static final double[] SPECIAL = {
        0,
        -0.0,
        1,
        -1,
        2,
        3,
        0.5,
        -0.5,
        -2,
        -3,
        1e-42,
        -1e-42,
        1e-310,
        0x1p-149,
        0x1p-126,
        88.73,
        -103.98,
        1e5,
        3e38,
        1e300,
        -1e300,
        Math.PI,
        0x1p51,
        0x1.fffffep127,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.NaN
    };

    /** All pairs of the special ones, numbers near 1 and numbers of every size; shifted for another operand. */
    private static double number(int i, boolean second, boolean isDouble, Random random) {
        int s = SPECIAL.length;
        if (i < s * s) return SPECIAL[second ? i % s : i / s];
        if (i % 2 == 0) return random.nextGaussian() * 3;
        return isDouble ? Double.longBitsToDouble(random.nextLong()) : Float.intBitsToFloat(random.nextInt());
    }

    private static Object numbers(ScalarOp op, int operand, RegisterType kind) {
        Random random = new Random(operand);
        boolean isDouble = kind == RegisterType.DOUBLE;
        Object to = op == ScalarOp.WHERE && operand == 0 ? new boolean[N] : kind.allocate(N);
        for (int i = 0; i < N; i++) {
            double v = number(i, operand % 2 == 1, isDouble, random);
            if (op == ScalarOp.POLYGAMMA && operand == 0) v = 1 + i % 3;
            v = switch (op) {
                case LAGUERRE_L, LEGENDRE_P -> operand == 1 ? i % 9 : v;
                case GAMMAINC, GAMMAINCC -> v % 20;
                default -> v;
            };
            switch (to) {
                case float[] x -> x[i] = (float) v;
                case double[] x -> x[i] = v;
                // Small ones, distances of shifts among them, and those of all bits.
                case long[] x ->
                    x[i] = i % 3 == 0 ? random.nextInt(140) - 70 : i % 97 == 0 ? Long.MIN_VALUE : random.nextLong();
                default -> ((boolean[]) to)[i] = v > 0;
            }
        }
        return to;
    }

    private static Object run(Loop loop, ScalarOp op, RegisterType kind, Object[] in) {
        Object out = op.kind() == ScalarOp.Kind.COMPARE ? new boolean[N] : kind.allocate(N);
        loop.run(out, 0, in[0], 0, in[1], 0, in[2], 0, N);
        return out;
    }

    private static int difference(Object x, Object y) {
        return switch (x) {
            case float[] a -> Arrays.mismatch(a, (float[]) y);
            case double[] a -> Arrays.mismatch(a, (double[]) y);
            case long[] a -> Arrays.mismatch(a, (long[]) y);
            default -> Arrays.mismatch((boolean[]) x, (boolean[]) y);
        };
    }

    @ParameterizedTest
    @EnumSource(ScalarOp.class)
    void ofEveryOp(ScalarOp op) {
        if (op.kind() == ScalarOp.Kind.BITS) return;
        VectorLoops vectors = CpuProvider.vectors();
        for (Dtype dtype : List.of(Dtype.FLOAT32, Dtype.FLOAT64)) {
            RegisterType kind = RegisterType.of(dtype);
            Object[] in = {numbers(op, 0, kind), numbers(op, 1, kind), numbers(op, 2, kind)};
            Object expected = run(ScalarFunctions.plain(op, dtype), op, kind, in);
            compare(ScalarFunctions.plain(op, dtype), PLAIN_ROUNDS, op, kind, in, expected);
            boolean isDouble = kind == RegisterType.DOUBLE;
            if (vectors == null || !vectors.has(op, isDouble)) continue;
            compare(vectors.loop(op, isDouble), ROUNDS, op, kind, in, expected);
        }
    }

    @ParameterizedTest
    @EnumSource(ScalarOp.class)
    void ofEveryOpOnBools(ScalarOp op) {
        VectorLoops vectors = CpuProvider.vectors();
        if (vectors == null || !vectors.hasOnBools(op)) return;
        Object[] in = {
            numbers(op, 0, RegisterType.BOOL), numbers(op, 1, RegisterType.BOOL), numbers(op, 2, RegisterType.BOOL)
        };
        Object expected = run(ScalarFunctions.plain(op, Dtype.BOOL), op, RegisterType.BOOL, in);
        compare(vectors.loopOnBools(op), ROUNDS, op, RegisterType.BOOL, in, expected);
    }

    @ParameterizedTest
    @EnumSource(ScalarOp.class)
    void ofEveryOpOnIntegers(ScalarOp op) {
        VectorLoops vectors = CpuProvider.vectors();
        if (vectors == null || !vectors.hasOnLongs(op)) return;
        Object[] in = {
            numbers(op, 0, RegisterType.LONG), numbers(op, 1, RegisterType.LONG), numbers(op, 2, RegisterType.LONG)
        };
        for (Dtype dtype : List.of(Dtype.INT64, Dtype.INT8)) {
            Loop scalar = ScalarFunctions.plain(op, dtype);
            Object expected = run(scalar, op, RegisterType.LONG, in);
            Loop vector = vectors.loopOnLongs(op, 8 * dtype.bytes(), scalar);
            compare(vector, ROUNDS, op, RegisterType.LONG, in, expected);
            if (!FOLDED.contains(op)) continue;
            for (int n : new int[] {Loop.LANES, 1000, N}) {
                long[] one = new long[N];
                long[] other = new long[N];
                scalar.fold(one, 0, in[0], 0, n);
                vector.fold(other, 0, in[0], 0, n);
                assertEquals(one[0], other[0], () -> op + " of all");
            }
        }
    }

    /** Conversions in memory have the bits of those between registers. */
    @ParameterizedTest
    @EnumSource(
            value = Dtype.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"COMPLEX64", "COMPLEX128"})
    void ofEveryConversion(Dtype from) {
        LoopKernels kernels = new LoopKernels(CpuProvider.vectors(), false);
        RegisterCodec codec = RegisterCodec.of(from);
        Object register = numbers(ScalarOp.ADD, 0, RegisterType.of(from));
        Object memory = codec.allocate(N);
        codec.store(register, 0, memory, 0, 1, N);
        codec.load(memory, 0, 1, register, 0, N);
        for (Dtype to : Dtype.reals()) {
            Conversion scalar = Converter.scalar(from, to);
            if (scalar == null) continue;
            Object converted = register;
            Loop loop = DtypeConversions.loop(from, to);
            if (loop != null) {
                converted = RegisterType.of(to).allocate(N);
                loop.run(converted, 0, register, 0, register, 0, register, 0, N);
            }
            Object expected = RegisterCodec.of(to).allocate(N);
            RegisterCodec.of(to).store(converted, 0, expected, 0, 1, N);
            Object found = RegisterCodec.of(to).allocate(N);
            scalar.run(memory, 0, found, 0, N);
            assertArrayEquals(new Object[] {expected}, new Object[] {found}, () -> from + " to " + to);
            Conversion vector = Objects.requireNonNull(kernels.conversion(from, to, 1L << 40));
            for (int round = 0; round < (vector == scalar ? PLAIN_ROUNDS : ROUNDS / 5); round++) {
                vector.run(memory, 0, found, 0, N);
                assertArrayEquals(new Object[] {expected}, new Object[] {found}, () -> from + " to " + to);
            }
        }
    }

    private static void compare(Loop loop, int rounds, ScalarOp op, RegisterType kind, Object[] in, Object expected) {
        for (int round = 0; round < rounds; round++) {
            int at = difference(expected, run(loop, op, kind, in));
            int seen = round;
            assertEquals(-1, at, () -> op + " of " + kind + ", place " + at + ", round " + seen);
        }
    }
}
