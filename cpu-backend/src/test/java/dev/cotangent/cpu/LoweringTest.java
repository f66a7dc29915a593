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
    private static final double ULPS_OF_ERFINV = 8;

    private static final float[] EDGES = {
        2.5f,
        -1.5f,
        3.5f,
        -2.5f,
        0.49999997f,
        -0.99999994f,
        0.9999999f,
        8388607.5f,
        -8388606.5f,
        8388609,
        4.2e9f,
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
    @EnumSource(names = {"TAN", "ASIN", "ACOS", "ATAN", "SINH", "COSH", "ASINH", "ACOSH", "ATANH", "ERFINV"})
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
                else
                    assertEquals(
                            e,
                            out[i],
                            (op == ScalarOp.ERFINV ? ULPS_OF_ERFINV : ULPS) * Math.ulp(e),
                            op + " of " + in[i]);
                if (e == 0) assertEquals(e, out[i], op + " of " + in[i]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOOR", "CEIL", "ROUND", "TRUNC", "SIGN"})
    void isExact(ScalarOp op) {
        int n = 20_000;
        for (Dtype dtype : List.of(Dtype.FLOAT32, Dtype.FLOAT64)) {
            ScalarFunction.DoubleUnary exact = (ScalarFunction.DoubleUnary) ScalarFunctions.function(op, Dtype.FLOAT64);
            Program program = new Program(
                    List.of(dtype),
                    List.of(),
                    List.of(new Exprs().input(0, dtype).call(op)));
            Random random = new Random(5);
            for (CpuBackend backend : Given.backends().toList()) {
                Strided x = new Strided(backend.allocate(dtype, n), Layout.contiguous(n));
                Strided y = new Strided(backend.allocate(dtype, n), Layout.contiguous(n));
                for (int i = 0; i < n; i++) {
                    double v = i < EDGES.length
                            ? EDGES[i]
                            : i % 2 == 0 ? random.nextGaussian() * 10 : random.nextInt(1 << 20) - (1 << 19) + 0.5;
                    if (x.storage().memory() instanceof float[] f) f[i] = (float) v;
                    else ((double[]) x.storage().memory())[i] = i == n - 1 ? 0x1.fffffffffffffp51 : v;
                }
                backend.pointwise(program, new Strided[] {y}, new Strided[] {x}, new long[0]);
                for (int i = 0; i < n; i++) {
                    double in = x.storage().memory() instanceof float[] f
                            ? f[i]
                            : ((double[]) x.storage().memory())[i];
                    double out = y.storage().memory() instanceof float[] f
                            ? f[i]
                            : ((double[]) y.storage().memory())[i];
                    assertEquals(exact.of(in), out, op + " of " + in + " in " + dtype);
                }
            }
        }
    }

    /** All pairs of the edges, which have all angles between the axes and on them. */
    @ParameterizedTest
    @EnumSource(names = {"ATAN2", "HYPOT"})
    void functionsOfTwoAreNear(ScalarOp op) {
        int n = EDGES.length * EDGES.length;
        Exprs e = new Exprs();
        Program program = new Program(
                List.of(Dtype.FLOAT32, Dtype.FLOAT32),
                List.of(),
                List.of(e.input(0, Dtype.FLOAT32).call(op, e.input(1, Dtype.FLOAT32))));
        for (CpuBackend backend : Given.backends().toList()) {
            Strided y = new Strided(backend.allocate(Dtype.FLOAT32, n), Layout.contiguous(n));
            Strided x = new Strided(backend.allocate(Dtype.FLOAT32, n), Layout.contiguous(n));
            Strided angle = new Strided(backend.allocate(Dtype.FLOAT32, n), Layout.contiguous(n));
            float[] a = (float[]) y.storage().memory();
            float[] b = (float[]) x.storage().memory();
            for (int i = 0; i < n; i++) {
                a[i] = EDGES[i / EDGES.length];
                b[i] = EDGES[i % EDGES.length];
            }
            backend.pointwise(program, new Strided[] {angle}, new Strided[] {y, x}, new long[0]);
            float[] out = (float[]) angle.storage().memory();
            for (int i = 0; i < n; i++) {
                float exact = (float) (op == ScalarOp.ATAN2 ? Math.atan2(a[i], b[i]) : Math.hypot(a[i], b[i]));
                String what = op + " of " + a[i] + " and " + b[i];
                if (Float.isNaN(exact)) {
                    assertEquals(exact, out[i], what);
                    continue;
                }
                if (Float.isInfinite(exact)) {
                    assertEquals(exact, out[i], what);
                    continue;
                }
                assertEquals(exact, out[i], Math.max(ULPS * Math.ulp(exact), Float.MIN_NORMAL), what);
                assertEquals(Math.copySign(1, exact), Math.copySign(1, out[i]), what);
            }
        }
    }
}
