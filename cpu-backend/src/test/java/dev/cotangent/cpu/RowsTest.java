package dev.cotangent.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Softmax and normalization along rows: the same bits whatever computes them, and near what float64 says. */
class RowsTest {
    private static final int[] LENGTHS = {64, 65, 100, 127, 1024, 1031, 1055, 2500, 4096};
    private static final int ROWS = 7;

    private static final float[] ODD = {
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        -0f,
        0f,
        -87.5f,
        -95,
        -103.9f,
        -120,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.MIN_VALUE
    };

    /** Of each length rows of several sizes, and with that many odd elements in the later ones. */
    private static float[] given(int length, int odd) {
        Random random = new Random(length);
        float[] x = new float[ROWS * length];
        for (int i = 0; i < x.length; i++) x[i] = (float) (random.nextGaussian() * Math.pow(10, i / length - 2));
        for (int i = 2 * length; odd > 0 && i < x.length; i += 1 + random.nextInt(2 * length / odd)) {
            x[i] = ODD[random.nextInt(ODD.length)];
        }
        return x;
    }

    private static Strided of(CpuBackend backend, float[] x, int length) {
        Strided result =
                new Strided(backend.allocate(Dtype.FLOAT32, x.length), Layout.contiguous(x.length / length, length));
        System.arraycopy(x, 0, result.storage().memory(), 0, x.length);
        return result;
    }

    private static float[] softmax(CpuBackend backend, float[] x, int length, boolean log) {
        Strided in = of(backend, x, length);
        Strided out = of(backend, new float[x.length], length);
        backend.softmax(in, out, 1, log);
        backend.softmax(in, in, 1, log);
        assertArrayEquals(
                (float[]) out.storage().memory(), (float[]) in.storage().memory());
        return (float[]) out.storage().memory();
    }

    /** The result, the means and what the deviations are divided by. */
    private static List<float[]> normalize(CpuBackend backend, float[] x, int length, int given) {
        Strided in = of(backend, x, length);
        Strided out = of(backend, new float[x.length], length);
        Strided mean = of(backend, new float[ROWS], 1);
        Strided rstd = of(backend, new float[ROWS], 1);
        Layout all = in.layout();
        Strided weight = of(backend, given(length, 0), length);
        Strided bias = of(backend, given(length, 0), length);
        Layout row = weight.layout().slice(0, 1, 1, 1).expand(all.sizes());
        backend.normalize(
                in,
                (given & 1) == 0 ? null : weight.with(row),
                (given & 2) == 0 ? null : bias.with(row),
                1e-5,
                out,
                mean,
                rstd);
        return List.of(
                (float[]) out.storage().memory(), (float[]) mean.storage().memory(), (float[])
                        rstd.storage().memory());
    }

    @Test
    void theSameBits() {
        List<CpuBackend> all = Given.backends().toList();
        for (int length : LENGTHS) {
            for (int odd = 0; odd < 3; odd++) {
                float[] x = given(length, odd);
                for (boolean log : new boolean[] {false, true}) {
                    float[] expected = softmax(all.getFirst(), x, length, log);
                    for (CpuBackend b : all) assertArrayEquals(expected, softmax(b, x, length, log));
                }
                for (int given = 0; given < 4; given++) {
                    List<float[]> expected = normalize(all.getFirst(), x, length, given);
                    for (CpuBackend b : all) {
                        List<float[]> found = normalize(b, x, length, given);
                        for (int k = 0; k < 3; k++) assertArrayEquals(expected.get(k), found.get(k));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void softmaxIsNear(boolean log) {
        CpuBackend backend = Given.backends().toList().getLast();
        for (int length : LENGTHS) {
            float[] x = given(length, 0);
            float[] y = softmax(backend, x, length, log);
            for (int r = 0; r < ROWS; r++) {
                double most = Double.NEGATIVE_INFINITY;
                double sum = 0;
                for (int i = 0; i < length; i++) most = Math.max(most, x[r * length + i]);
                for (int i = 0; i < length; i++) sum += Math.exp(x[r * length + i] - most);
                for (int i = 0; i < length; i++) {
                    double d = x[r * length + i] - most;
                    double exact = log ? d - Math.log(sum) : Math.exp(d) / sum;
                    // The difference is rounded, which the exponential multiplies.
                    double error = log
                            ? 2 * Math.ulp((float) Math.max(1, -exact))
                            : (4 + Math.abs(d)) * Math.ulp((float) exact);
                    assertEquals(exact, y[r * length + i], error, "of a difference of " + d);
                }
            }
        }
    }

    @Test
    void softmaxOfWhatIsNoNumber() {
        for (CpuBackend backend : Given.backends().toList()) {
            for (float odd : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                for (int at : new int[] {0, 31, 77, 99}) {
                    float[] x = given(100, 0);
                    x[at] = odd;
                    for (int i = 100; i < 200; i++) x[i] = odd;
                    float[] y = softmax(backend, x, 100, false);
                    boolean masked = odd == Float.NEGATIVE_INFINITY;
                    double sum = 0;
                    for (int i = 0; i < 100; i++) sum += y[i];
                    assertEquals(masked ? 1 : Double.NaN, sum, 1e-5);
                    if (masked) assertEquals(0f, y[at]);
                    for (int i = 100; i < 200; i++) assertEquals(Float.NaN, y[i]);
                }
            }
        }
    }
}
