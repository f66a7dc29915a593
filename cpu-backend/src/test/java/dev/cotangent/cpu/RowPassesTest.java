package dev.cotangent.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Softmax and normalization along rows: the same bits whatever computes them, and near what float64 says. */
class RowPassesTest {
    private static final int[] LENGTHS = {2, 3, 10, 16, 33, 64, 65, 100, 127, 1024, 1031, 1055, 2500, 4096};
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

    /** What a softmax of a second operand gave, or its logarithm, and the gradient for its input. */
    private static float[][] softmaxBackward(CpuBackend backend, float[] g, int length, boolean log) {
        float[] x = given(length + 1, 0);
        float[] y = softmax(backend, Arrays.copyOf(x, g.length), length, log);
        Strided gradient = of(backend, g, length);
        Strided out = of(backend, new float[g.length], length);
        Strided result = of(backend, y, length);
        backend.softmaxBackward(gradient, result, out, 1, log);
        backend.softmaxBackward(gradient, result, gradient, 1, log);
        assertArrayEquals(
                (float[]) out.storage().memory(), (float[]) gradient.storage().memory());
        return new float[][] {y, (float[]) out.storage().memory()};
    }

    /** The gradients of what is normalized, of the weight and of the bias. */
    private static float[][] normalizeBackward(CpuBackend backend, float[] g, int length, boolean weighted) {
        Strided gradient = of(backend, g, length);
        Strided in = of(backend, Arrays.copyOf(given(length + 1, 0), g.length), length);
        Strided mean = of(backend, Arrays.copyOf(given(length, 0), ROWS), 1);
        Strided rstd = of(backend, Arrays.copyOfRange(given(length, 0), length, length + ROWS), 1);
        Strided out = of(backend, new float[g.length], length);
        Strided ofWeight = of(backend, new float[length], length);
        Strided weight = of(backend, given(length, 0), length);
        Layout row = weight.layout().slice(0, 1, 1, 1).expand(in.layout().sizes());
        Strided given = weighted ? weight.with(row) : null;
        backend.normalizeBackward(gradient, in, mean, rstd, given, out);
        backend.normalizeWeightBackward(gradient, in, mean, rstd, ofWeight);
        float[] alone = (float[]) out.storage().memory();
        float[] weights = ((float[]) ofWeight.storage().memory()).clone();

        Strided together = of(backend, new float[g.length], length);
        Strided ofBias = of(backend, new float[length], length);
        backend.normalizeBackward(gradient, in, mean, rstd, given, together, ofWeight, ofBias);
        assertArrayEquals(alone, (float[]) together.storage().memory());
        assertArrayEquals(weights, (float[]) ofWeight.storage().memory());
        return new float[][] {alone, weights, (float[]) ofBias.storage().memory()};
    }

    @Test
    void theSameBitsOfGradients() {
        List<CpuBackend> all = Given.backends().toList();
        for (int length : LENGTHS) {
            for (int odd = 0; odd < 3; odd++) {
                float[] g = given(length, odd);
                for (boolean flag : new boolean[] {false, true}) {
                    float[][] softmax = softmaxBackward(all.getFirst(), g, length, flag);
                    float[][] normal = normalizeBackward(all.getFirst(), g, length, flag);
                    for (CpuBackend b : all) {
                        assertArrayEquals(softmax, softmaxBackward(b, g, length, flag));
                        assertArrayEquals(normal, normalizeBackward(b, g, length, flag));
                    }
                }
            }
        }
    }

    /** A large mean costs no digits, and elements that are all the same are normalized to 0. */
    @Test
    void largeMeansAreExact() {
        for (CpuBackend backend : Given.backends().toList()) {
            float[] x = {1e6f, 1e6f + 1, 1e6f + 2, 0.1f, 0.1f, 0.1f, -3e7f, -3e7f + 2, -3e7f + 4};
            Strided in = of(backend, x, 3);
            Strided out = of(backend, new float[x.length], 3);
            Strided mean = of(backend, new float[3], 1);
            Strided rstd = of(backend, new float[3], 1);
            backend.normalize(in, null, null, 0, out, mean, rstd);
            float[] y = (float[]) out.storage().memory();
            float step = (float) Math.sqrt(1.5);
            for (int row = 0; row < 9; row += 6) {
                assertArrayEquals(new float[] {-step, 0, step}, Arrays.copyOfRange(y, row, row + 3), 1e-6f);
            }
            backend.normalize(in, null, null, 1e-5, out, mean, rstd);
            assertArrayEquals(new float[3], Arrays.copyOfRange(y, 3, 6));
            assertArrayEquals(new float[] {1e6f + 1, 0.1f, -3e7f + 2}, (float[])
                    mean.storage().memory());
        }
    }

    /** Within what the roundings of a sum of 32 chains, and of the few steps after it, can make. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void softmaxGradientsAreNear(boolean log) {
        CpuBackend backend = Given.backends().toList().getLast();
        for (int length : LENGTHS) {
            float[] g = given(length, 0);
            float[][] found = softmaxBackward(backend, g, length, log);
            float[] y = found[0];
            for (int r = 0; r < ROWS; r++) {
                double sum = 0;
                double size = 0;
                for (int i = r * length; i < (r + 1) * length; i++) {
                    double term = log ? g[i] : (double) g[i] * y[i];
                    sum += term;
                    size += Math.abs(term);
                }
                for (int i = r * length; i < (r + 1) * length; i++) {
                    double p = log ? Math.exp(y[i]) : y[i];
                    double exact = log ? g[i] - p * sum : (g[i] - sum) * p;
                    double error = (8 * size * p + 3 * Math.abs(log ? g[i] : g[i] * p)) * 0x1p-24;
                    assertEquals(exact, found[1][i], error + Float.MIN_VALUE, "of " + length);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void normalGradientsAreNear(boolean weighted) {
        CpuBackend backend = Given.backends().toList().getLast();
        for (int length : LENGTHS) {
            float[] g = given(length, 0);
            float[][] found = normalizeBackward(backend, g, length, weighted);
            float[] x = given(length + 1, 0);
            float[] own = given(length, 0);
            double[] ofWeight = new double[length];
            double[] sizes = new double[length];
            double[] ofBias = new double[length];
            double[] gradients = new double[length];
            for (int r = 0; r < ROWS; r++) {
                double mean = own[r];
                double scale = own[length + r];
                double sum = 0;
                double along = 0;
                double size = 0;
                double sizeAlong = 0;
                for (int i = 0; i < length; i++) {
                    double h = g[r * length + i] * (weighted ? own[length + i] : 1.0);
                    double normal = (x[r * length + i] - mean) * scale;
                    sum += h / length;
                    along += h * normal / length;
                    size += Math.abs(h) / length;
                    sizeAlong += Math.abs(h * normal) / length;
                    ofWeight[i] += g[r * length + i] * normal;
                    sizes[i] += Math.abs(g[r * length + i] * normal);
                    ofBias[i] += g[r * length + i];
                    gradients[i] += Math.abs(g[r * length + i]);
                }
                for (int i = 0; i < length; i++) {
                    double h = g[r * length + i] * (weighted ? own[length + i] : 1.0);
                    double normal = (x[r * length + i] - mean) * scale;
                    double exact = (h - sum - normal * along) * scale;
                    double terms = Math.abs(h) + size + Math.abs(normal) * sizeAlong;
                    double error = 12 * terms * Math.abs(scale) * 0x1p-24;
                    assertEquals(exact, found[0][r * length + i], error, "of " + length);
                }
            }
            for (int i = 0; i < length; i++) {
                assertEquals(ofWeight[i], found[1][i], 8 * sizes[i] * 0x1p-24);
                assertEquals(ofBias[i], found[2][i], 8 * gradients[i] * 0x1p-24);
            }
        }
    }

    /** So many rows that their columns are added up in parts, by several threads. */
    @Test
    void sumsOfManyRows() {
        int length = 100;
        int rows = 5000;
        Random random = new Random(1);
        float[] g = new float[rows * length];
        for (int i = 0; i < g.length; i++) g[i] = random.nextFloat() - 0.3f;
        double[] sums = new double[length];
        for (int i = 0; i < g.length; i++) sums[i % length] += g[i];
        float[] ones = new float[rows];
        Arrays.fill(ones, 1);
        float[] first = null;
        for (CpuBackend backend : Given.backends().toList()) {
            Strided gradient = of(backend, g, length);
            Strided mean = of(backend, new float[rows], 1);
            Strided rstd = of(backend, ones, 1);
            Strided in = of(backend, Arrays.copyOf(ones, g.length), length);
            Given.fill(in, () -> 1);
            Strided ofWeight = of(backend, new float[length], length);
            Strided ofBias = of(backend, new float[length], length);
            Strided out = of(backend, new float[g.length], length);
            backend.normalizeBackward(gradient, in, mean, rstd, null, out, ofWeight, ofBias);
            float[] found = (float[]) ofBias.storage().memory();
            if (first == null) first = found;
            assertArrayEquals(first, found);
            assertArrayEquals(found, (float[]) ofWeight.storage().memory());
            for (int i = 0; i < length; i++) assertEquals(sums[i], found[i], 2e-6 * rows);
        }
    }

    /** Of float64, beside the same elements where they do not lie in rows. */
    @Test
    void doublesAreNearWhatIsComposed() {
        for (CpuBackend backend : Given.backends().toList()) {
            for (int length : new int[] {64, 100, 2500}) {
                Random random = new Random(length);
                Strided[] rows = new Strided[3];
                Strided[] across = new Strided[rows.length];
                for (int k = 0; k < rows.length; k++) {
                    rows[k] = doubles(backend, Layout.contiguous(ROWS, length));
                    across[k] = doubles(backend, Layout.contiguous(length, ROWS).transpose(0, 1));
                    for (int i = 0; i < ROWS * length; i++) {
                        double v = random.nextGaussian();
                        Given.set(rows[k], i, v);
                        Given.set(across[k], i, v);
                    }
                }
                Strided mean = doubles(backend, Layout.contiguous(ROWS, 1));
                Strided rstd = doubles(backend, Layout.contiguous(ROWS, 1));
                Given.fill(mean, random::nextGaussian);
                Given.fill(rstd, () -> 1 + random.nextDouble());
                Layout first = Layout.contiguous(ROWS, length).slice(0, 0, 1, 1).expand(ROWS, length);
                Strided weight = new Strided(rows[2].storage(), first);
                Strided[] ofWeight = new Strided[2];
                for (boolean log : new boolean[] {false, true}) {
                    Strided[] found = new Strided[4];
                    for (int k = 0; k < 2; k++) {
                        Strided[] in = k == 0 ? rows : across;
                        Strided y = found[k] = doubles(backend, in[0].layout());
                        backend.softmax(in[0], y, 1, log);
                        Strided out = found[2 + k] = doubles(backend, in[0].layout());
                        backend.softmaxBackward(in[1], y, out, 1, log);
                    }
                    assertNear(found[1], found[0]);
                    assertNear(found[3], found[2]);
                    for (int k = 0; k < 2; k++) {
                        Strided[] in = k == 0 ? rows : across;
                        Strided out = found[k] = doubles(backend, in[0].layout());
                        backend.normalizeBackward(in[0], in[1], mean, rstd, log ? weight : null, out);
                        ofWeight[k] = doubles(backend, Layout.contiguous(1, length));
                        backend.normalizeWeightBackward(in[0], in[1], mean, rstd, ofWeight[k]);
                    }
                    assertNear(found[1], found[0]);
                    assertNear(ofWeight[1], ofWeight[0]);
                }
            }
        }
    }

    /** Of float64, odd elements among them, on plain loops and on vectors, by one thread and by several. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void doublesHaveTheSameBits(boolean log) {
        for (int length : LENGTHS) {
            float[] given = given(length, 3);
            double[][] first = null;
            for (CpuBackend backend : Given.backends().toList()) {
                Layout layout = Layout.contiguous(ROWS, length);
                Strided x = doubles(backend, layout);
                for (int i = 0; i < given.length; i++) Given.set(x, i, given[i] * 10.0);
                Strided y = doubles(backend, layout);
                backend.softmax(x, y, 1, log);
                Strided gradient = doubles(backend, layout);
                backend.softmaxBackward(x, y, gradient, 1, log);
                double[][] found = {
                    (double[]) y.storage().memory(),
                    (double[]) gradient.storage().memory()
                };
                if (first == null) first = found;
                assertArrayEquals(first[0], found[0]);
                assertArrayEquals(first[1], found[1]);
            }
        }
    }

    /** A gradient that was expanded, as a sum's is, gives the same bits as one that is written out. */
    @Test
    void expandedGradientsAreAsGoodAsCopies() {
        for (CpuBackend backend : Given.backends().toList()) {
            for (int length : new int[] {64, 100, 2500}) {
                Strided x = of(backend, given(length, 0), length);
                float[] column = new float[ROWS];
                Random random = new Random(length);
                for (int i = 0; i < ROWS; i++) column[i] = random.nextFloat();
                Strided one = of(backend, column, 1);
                Strided expanded = one.with(one.layout().expand(ROWS, length));
                Strided copy = of(backend, new float[ROWS * length], length);
                backend.copy(expanded, copy);
                assertArrayEquals(gradients(backend, copy, x, length), gradients(backend, expanded, x, length));
            }
        }
    }

    private static float[][] gradients(CpuBackend backend, Strided g, Strided x, int length) {
        Strided mean = of(backend, new float[ROWS], 1);
        Strided rstd = of(backend, new float[ROWS], 1);
        Strided y = of(backend, new float[ROWS * length], length);
        backend.normalize(x, null, null, 1e-5, y, mean, rstd);
        Strided[] outs = new Strided[7];
        for (int i = 0; i < outs.length; i++) outs[i] = of(backend, new float[(i < 4 ? ROWS : 1) * length], length);
        backend.softmaxBackward(g, y, outs[0], 1, false);
        backend.softmaxBackward(g, y, outs[1], 1, true);
        backend.normalizeBackward(g, x, mean, rstd, null, outs[2]);
        backend.normalizeBackward(g, x, mean, rstd, null, outs[3], outs[4], outs[5]);
        backend.normalizeWeightBackward(g, x, mean, rstd, outs[6]);
        return Arrays.stream(outs).map(o -> (float[]) o.storage().memory()).toArray(float[][]::new);
    }

    private static Strided doubles(CpuBackend backend, Layout layout) {
        return new Strided(backend.allocate(Dtype.FLOAT64, layout.numel()), layout);
    }

    private static void assertNear(Strided expected, Strided found) {
        for (int i = 0; i < expected.numel(); i++) {
            double e = Given.get(expected, i);
            assertEquals(e, Given.get(found, i), 1e-13 * Math.max(1, Math.abs(e)));
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
