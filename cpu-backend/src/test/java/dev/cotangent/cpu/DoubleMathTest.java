package dev.cotangent.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cotangent.Dtype;
import dev.cotangent.ir.ScalarOp;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against what is exact to 100 bits, at their edges, and in both forms. */
class DoubleMathTest {
    private static final int N = 100_003;
    private static final double EXP_ULPS = 0.96;
    private static final double LOG_ULPS = 0.8;

    private static double[] numbers(ToDoubleFunction<SplittableRandom> next) {
        SplittableRandom random = new SplittableRandom(1);
        double[] x = new double[N];
        for (int i = 0; i < N; i++) x[i] = next.applyAsDouble(random);
        return x;
    }

    private static double[] run(Loop loop, double[] x) {
        double[] y = new double[x.length];
        loop.run(y, 0, x, 0, x, 0, x, 0, x.length);
        return y;
    }

    private static void near(
            ScalarOp op, DoubleBinaryOperator ulps, double most, ToDoubleFunction<SplittableRandom> next) {
        double[] x = numbers(next);
        double[] y = run(ScalarFunctions.plain(op, Dtype.FLOAT64), x);
        for (int i = 0; i < N; i++) {
            double off = Math.abs(ulps.applyAsDouble(x[i], y[i]));
            double at = x[i];
            assertTrue(off <= most, () -> op + " of " + at + ": " + off + " ulps");
        }
        VectorLoops vectors = CpuProvider.vectors();
        if (vectors != null) assertArrayEquals(y, run(vectors.loop(op, true), x));
    }

    @Test
    void exponentials() {
        near(ScalarOp.EXP, Twofold::ulpsFromExp, EXP_ULPS, r -> r.nextDouble(-708, 709.78));
        near(ScalarOp.EXP, Twofold::ulpsFromExp, EXP_ULPS, r -> r.nextDouble(-2, 2));
        // Where the polynomial ends.
        near(
                ScalarOp.EXP,
                Twofold::ulpsFromExp,
                EXP_ULPS,
                r -> (r.nextInt(-1020, 1020) + 0.5) * Math.log(2) + r.nextDouble(-0.02, 0.02));
        near(ScalarOp.EXP, Twofold::ulpsFromExp, EXP_ULPS, r -> Math.scalb(r.nextDouble(-1, 1), -r.nextInt(80)));
    }

    @Test
    void exponentialsThatAreDenormal() {
        near(ScalarOp.EXP, Twofold::ulpsFromExp, EXP_ULPS, r -> r.nextDouble(-745, -707));
    }

    @Test
    void logarithms() {
        near(
                ScalarOp.LOG,
                Twofold::ulpsFromLog,
                LOG_ULPS,
                r -> Double.longBitsToDouble(r.nextLong(1, Double.doubleToRawLongBits(Double.POSITIVE_INFINITY))));
        near(ScalarOp.LOG, Twofold::ulpsFromLog, LOG_ULPS, r -> r.nextDouble(0.25, 4));
        near(ScalarOp.LOG, Twofold::ulpsFromLog, LOG_ULPS, r -> 1 + Math.scalb(r.nextDouble(-1, 1), -r.nextInt(1, 53)));
    }

    @Test
    void edgesOfTheExponential() {
        assertEquals(1, DoubleMath.exp(0.0));
        assertEquals(1, DoubleMath.exp(-0.0));
        assertEquals(1, DoubleMath.exp(Double.MIN_VALUE));
        assertEquals(Double.NaN, DoubleMath.exp(Double.NaN));
        assertEquals(Double.POSITIVE_INFINITY, DoubleMath.exp(Double.POSITIVE_INFINITY));
        assertEquals(0.0, DoubleMath.exp(Double.NEGATIVE_INFINITY));
        double last = Math.log(Double.MAX_VALUE);
        assertEquals(0, Twofold.ulpsFromExp(last, DoubleMath.exp(last)), EXP_ULPS);
        assertEquals(Double.POSITIVE_INFINITY, DoubleMath.exp(Math.nextUp(last)));
        assertEquals(Double.POSITIVE_INFINITY, DoubleMath.exp(Double.MAX_VALUE));
        assertEquals(Double.MIN_VALUE, DoubleMath.exp(-745.1332191019411));
        assertEquals(0.0, DoubleMath.exp(-745.1332191019412));
        assertEquals(0.0, DoubleMath.exp(-Double.MAX_VALUE));
        assertEquals(Double.MIN_NORMAL, DoubleMath.exp(Math.log(Double.MIN_NORMAL)), 1e-13 * Double.MIN_NORMAL);
    }

    @Test
    void edgesOfTheLogarithm() {
        assertEquals(0.0, DoubleMath.log(1));
        assertEquals(Double.NEGATIVE_INFINITY, DoubleMath.log(0.0));
        assertEquals(Double.NEGATIVE_INFINITY, DoubleMath.log(-0.0));
        assertEquals(Double.NaN, DoubleMath.log(-Double.MIN_VALUE));
        assertEquals(Double.NaN, DoubleMath.log(Double.NEGATIVE_INFINITY));
        assertEquals(Double.NaN, DoubleMath.log(Double.NaN));
        assertEquals(Double.POSITIVE_INFINITY, DoubleMath.log(Double.POSITIVE_INFINITY));
        for (int n = -1074; n < 1024; n++) {
            for (double x = Math.scalb(1.0, n), i = 0; i < 3; i++, x = Math.nextDown(x)) {
                if (x > 0) assertEquals(0, Twofold.ulpsFromLog(x, DoubleMath.log(x)), LOG_ULPS, "of " + x);
            }
            double root = Math.scalb(Math.sqrt(0.5), n);
            if (n > -1074) assertEquals(0, Twofold.ulpsFromLog(root, DoubleMath.log(root)), LOG_ULPS, "of " + root);
        }
    }

    /** Vectors of which all, some and none of the elements are easy. */
    @ParameterizedTest
    @EnumSource(names = {"EXP", "LOG"})
    void mixedVectorsGiveTheSameBits(ScalarOp op) {
        VectorLoops vectors = CpuProvider.vectors();
        assumeTrue(vectors != null, "the Vector API is not loaded");
        double[] x = new double[4099];
        for (int i = 0; i < x.length; i++) x[i] = i % (1 + i / 64) == 0 ? i - 2000 : i / 4099.0;
        assertArrayEquals(run(ScalarFunctions.plain(op, Dtype.FLOAT64), x), run(vectors.loop(op, true), x));
    }
}
