package dev.cotangent.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import dev.cotangent.ir.ScalarOp;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Functions of float32 that are computed by way of others: near what float64 says, and what it says at their edges. */
class LoweringTest {
    private static final double ULPS = 6;

    private static final float[] EDGES = {
        0,
        -0f,
        1,
        -1,
        0.5f,
        -0.5f,
        2,
        -3,
        1e-30f,
        -1e-40f,
        88,
        -88,
        88.9f,
        89.3f,
        100,
        -100,
        1e10f,
        1e20f,
        3e38f,
        -3e38f,
        Float.MIN_VALUE,
        Float.MAX_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN
    };

    @ParameterizedTest
    @EnumSource(names = {"TAN", "ASIN", "ACOS", "ATAN", "SINH", "COSH", "ASINH", "ACOSH", "ATANH"})
    void isNear(ScalarOp op) {
        ScalarFunction.DoubleUnary exact = (ScalarFunction.DoubleUnary) ScalarFunctions.function(op, Dtype.FLOAT64);
        Program program = new Program(
                List.of(Dtype.FLOAT32),
                List.of(),
                List.of(new Exprs().input(0, Dtype.FLOAT32).call(op)));
        Random random = new Random(3);
        int n = 20_000;
        for (CpuBackend backend : Given.backends().toList()) {
            Strided x = new Strided(backend.allocate(Dtype.FLOAT32, n), Layout.contiguous(n));
            Strided y = new Strided(backend.allocate(Dtype.FLOAT32, n), Layout.contiguous(n));
            float[] in = (float[]) x.storage().memory();
            for (int i = 0; i < n; i++) {
                double v = random.nextGaussian() * (i % 3 == 0 ? 1 : i % 3 == 1 ? 0.3 : 30);
                in[i] = i < EDGES.length ? EDGES[i] : (float) v;
            }
            backend.pointwise(program, new Strided[] {y}, new Strided[] {x}, new long[0]);
            float[] out = (float[]) y.storage().memory();
            for (int i = 0; i < n; i++) {
                float e = (float) exact.of(in[i]);
                boolean isFinite = Math.abs(e) < Float.MAX_VALUE / 2;
                if (!isFinite)
                    assertTrue(e == out[i] || e != e && out[i] != out[i] || Math.abs(out[i]) > 1e38, "" + in[i]);
                else assertEquals(e, out[i], ULPS * Math.ulp(e), op + " of " + in[i]);
                if (e == 0) assertEquals(e, out[i], op + " of " + in[i]);
            }
        }
    }
}
