package dev.cotangent.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cotangent.Dtype;
import dev.cotangent.ir.ScalarOp;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Floats of all sizes and both signs, and what is no number. */
class FloatMathTest {
    private record Function(DoubleUnaryOperator exact, double ulps) {}

    private static final Map<ScalarOp, Function> FUNCTIONS = Map.of(
            ScalarOp.EXP, new Function(Math::exp, 1.1),
            ScalarOp.ERF, new Function(SpecialMath::erf, 1.4),
            ScalarOp.TANH, new Function(Math::tanh, 1.9),
            ScalarOp.LOG, new Function(Math::log, 0.9),
            ScalarOp.LOG2, new Function(ScalarFunctions::log2, 1.1),
            ScalarOp.LOG10, new Function(Math::log10, 1.3),
            ScalarOp.LOG1P, new Function(Math::log1p, 0.9),
            ScalarOp.SIN, new Function(Math::sin, 1.6),
            ScalarOp.COS, new Function(Math::cos, 1.6));

    static Stream<ScalarOp> functions() {
        return FUNCTIONS.keySet().stream();
    }

    /** A prime number of bits apart. */
    private static final int STEP = 3_989;

    private static float[] floats() {
        float[] x = new float[(int) ((1L << 32) / STEP) + 7];
        for (int i = 0; i < x.length - 7; i++) x[i] = Float.intBitsToFloat(i * STEP);
        float[] odd = {0f, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 88.722f, -103.9f};
        System.arraycopy(odd, 0, x, x.length - 7, 7);
        return x;
    }

    private static float[] run(Loop loop, float[] x) {
        float[] y = new float[x.length];
        loop.run(y, 0, x, 0, x, 0, x, 0, x.length);
        return y;
    }

    @ParameterizedTest
    @MethodSource("functions")
    void nearTheFunction(ScalarOp op) {
        float[] x = floats();
        float[] y = run(ScalarFunctions.plain(op, Dtype.FLOAT32), x);
        Function f = FUNCTIONS.get(op);
        for (int i = 0; i < x.length; i++) {
            double exact = f.exact.applyAsDouble(x[i]);
            float rounded = (float) exact;
            if (Float.isFinite(rounded) && rounded != 0) {
                double ulp = Math.ulp((float) Math.min(Math.abs(exact), Math.abs(rounded)));
                assertEquals(exact, y[i], f.ulps * ulp, op + " of " + x[i]);
            } else {
                assertEquals(rounded, y[i], op + " of " + x[i]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("functions")
    void vectorsGiveTheSameBits(ScalarOp op) {
        VectorLoops vectors = CpuProvider.vectors();
        assumeTrue(vectors != null, "the Vector API is not loaded");
        Loop loop = vectors.loop(op, false);
        float[] x = floats();
        assertArrayEquals(run(ScalarFunctions.plain(op, Dtype.FLOAT32), x), run(loop, x));
        // Vectors of which all, some and none of the elements are easy.
        float[] mixed = new float[4099];
        for (int i = 0; i < mixed.length; i++) mixed[i] = i % (1 + i / 64) == 0 ? i - 2000 : i / 4099f;
        assertArrayEquals(run(ScalarFunctions.plain(op, Dtype.FLOAT32), mixed), run(loop, mixed));
    }

    @Test
    void tanhOfWhatIsTinyIsItself() {
        for (float x = 0x1p-13f; x > 0; x *= 0.4f) {
            assertEquals(x, FloatMath.tanh(x), x < 0x1p-14f ? 0 : Math.ulp(x));
            assertEquals(-x, FloatMath.tanh(-x), x < 0x1p-14f ? 0 : Math.ulp(x));
        }
        assertEquals(0f, FloatMath.tanh(0f));
        assertEquals(-0f, FloatMath.tanh(-0f));
        assertEquals(Float.MIN_VALUE, FloatMath.tanh(Float.MIN_VALUE));
        assertEquals(-1f, FloatMath.tanh(Float.NEGATIVE_INFINITY));
        assertEquals(1f, FloatMath.tanh(Float.MAX_VALUE));
    }

    @Test
    void exponentialsLess1() {
        for (float x = -40; x < 89.5f; x += 0.00137f) {
            double exact = Math.expm1(x);
            assertEquals(exact, FloatMath.expm1(x), 1.5 * Math.ulp((float) exact), "of " + x);
        }
        for (float x = 0.3f; x > 0; x *= 0.4f) {
            assertEquals(Math.expm1(x), FloatMath.expm1(x), 1.2 * Math.ulp(x));
            assertEquals(Math.expm1(-x), FloatMath.expm1(-x), 1.2 * Math.ulp(x));
        }
        assertEquals(-0f, FloatMath.expm1(-0f));
        assertEquals(-1f, FloatMath.expm1(Float.NEGATIVE_INFINITY));
        assertEquals(Float.POSITIVE_INFINITY, FloatMath.expm1(Float.MAX_VALUE));
        assertEquals(Float.NaN, FloatMath.expm1(Float.NaN));
    }

    @Test
    void logarithms() {
        for (int n = -149; n < 128; n++) assertEquals(n, FloatMath.log2((float) Math.scalb(1.0, n)));
        assertEquals(-0f, FloatMath.log1p(-0f));
        assertEquals(0f, FloatMath.log1p(0f));
        for (float x = 1e-8f; x > 0; x *= 0.4f) assertEquals(-x, FloatMath.log1p(-x));
    }

    @Test
    void sinesOfWhatIsTinyAndOfWholeTurns() {
        for (float x = 1e-4f; x > 0; x *= 0.4f) {
            assertEquals(x, FloatMath.sin(x), Math.ulp(x));
            assertEquals(-FloatMath.sin(x), FloatMath.sin(-x));
            assertEquals(1f, FloatMath.cos(x));
        }
        assertEquals(-0f, FloatMath.sin(-0f));
        for (int n = 1; n < 20_000; n++) {
            float x = (float) (n * Math.PI / 2);
            double sin = Math.sin(x);
            double cos = Math.cos(x);
            assertEquals(sin, FloatMath.sin(x), 1.6 * Math.ulp((float) sin));
            assertEquals(cos, FloatMath.cos(-x), 1.6 * Math.ulp((float) cos));
        }
    }
}
