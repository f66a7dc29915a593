package dev.cotangent.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Dtype;
import dev.cotangent.backend.FourierTransform;
import dev.cotangent.backend.FourierTransform.Kind;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Fourier transforms against sums in float64, and their bits with vectors, threads, other layouts and other lines. */
class FourierTest {
    /** Every radix, odd and even, products and large primes; and a length in parts, of both kinds. */
    private static final int[] LENGTHS = {1, 2, 3, 4, 5, 6, 7, 8, 12, 15, 22, 26, 34, 64, 97, 120, 210, 1030, 4096, 1039
    };

    private static final int EACH = 29;

    private final CpuBackend scalar = new CpuBackend(1, null);
    private final CpuBackend vectors = new CpuBackend(3, CpuProvider.vectors());

    private record Signals(FourierTransform transform, Dtype dtype, int batch, double[] values) {
        static Signals of(Kind kind, boolean inverse, int n, Dtype dtype, int batch) {
            FourierTransform t = new FourierTransform(kind, inverse, n, 0.5);
            double[] values = new double[Math.toIntExact(batch * t.inputs() * (kind == Kind.REAL_TO_COMPLEX ? 1 : 2))];
            Random random = new Random(n);
            for (int i = 0; i < values.length; i++) values[i] = (float) random.nextGaussian();
            return new Signals(t, dtype, batch, values);
        }

        private long[] sizes(long elements, boolean isReal) {
            return isReal ? new long[] {batch, elements} : new long[] {batch, elements, 2};
        }

        Strided in(CpuBackend backend) {
            Object memory = Roots.cast(values, dtype == Dtype.FLOAT64);
            return new Strided(
                    java.util.Objects.requireNonNull(backend.share(dtype, memory)),
                    Layout.contiguous(sizes(transform.inputs(), transform.kind() == Kind.REAL_TO_COMPLEX)));
        }

        Strided out(CpuBackend backend, boolean transposed) {
            long[] sizes = sizes(transform.outputs(), transform.kind() == Kind.COMPLEX_TO_REAL);
            Layout layout = Layout.contiguous(sizes);
            if (transposed) {
                long[] other = sizes.clone();
                other[0] = sizes[1];
                other[1] = sizes[0];
                layout = Layout.contiguous(other).transpose(0, 1);
            }
            return new Strided(backend.allocateUnset(dtype, layout.numel()), layout);
        }

        Strided run(CpuBackend backend, boolean transposed) {
            Strided out = out(backend, transposed);
            backend.fourier(transform, in(backend), out, 1);
            return out;
        }

        /** Returns the sum that defines an element of the first line. */
        double[] expected(int k) {
            int n = (int) transform.length();
            boolean fromReal = transform.kind() == Kind.REAL_TO_COMPLEX;
            boolean toReal = transform.kind() == Kind.COMPLEX_TO_REAL;
            double re = 0;
            double im = 0;
            for (int j = 0; j < n; j++) {
                boolean mirrored = toReal && j > n / 2;
                int at = mirrored ? n - j : j;
                double a = values[fromReal ? at : 2 * at];
                double b = fromReal || toReal && (j == 0 || 2 * j == n) ? 0 : values[2 * at + 1];
                if (mirrored) b = -b;
                double angle = (transform.inverse() ? 2 : -2) * Math.PI * ((long) j * k % n) / n;
                re += a * Math.cos(angle) - b * Math.sin(angle);
                im += a * Math.sin(angle) + b * Math.cos(angle);
            }
            return new double[] {re * transform.factor(), im * transform.factor()};
        }
    }

    @Test
    void equalsItsDefinition() {
        for (Dtype dtype : new Dtype[] {Dtype.FLOAT32, Dtype.FLOAT64}) {
            double tolerance = 20 * (dtype == Dtype.FLOAT64 ? Math.ulp(1.0) : Math.ulp(1f));
            for (int n : LENGTHS) {
                for (Kind kind : Kind.values()) {
                    Signals s = Signals.of(kind, n % 2 == 0, n, dtype, n > 200 ? 1 : 17);
                    Strided out = s.run(vectors, false);
                    boolean isReal = kind == Kind.COMPLEX_TO_REAL;
                    for (int k = 0; k < s.transform.outputs(); k += Math.max(1, n / EACH)) {
                        double[] expected = s.expected(k);
                        double scale = tolerance * Math.sqrt(n) * (1 + Math.log(n));
                        assertEquals(expected[0], Given.get(out, isReal ? k : 2 * k), scale, s + " " + k);
                        if (!isReal) assertEquals(expected[1], Given.get(out, 2 * k + 1), scale, s + " " + k);
                    }
                }
            }
        }
    }

    @Test
    void hasTheSameBits() {
        for (Dtype dtype : new Dtype[] {Dtype.FLOAT32, Dtype.FLOAT64}) {
            for (int n : LENGTHS) {
                for (Kind kind : Kind.values()) {
                    Signals s = Signals.of(kind, n % 2 == 1, n, dtype, n > 200 ? 3 : 21);
                    Strided plain = s.run(scalar, false);
                    Strided fast = s.run(vectors, true);
                    for (long i = 0; i < plain.numel(); i++) {
                        assertEquals(Given.get(plain, i), Given.get(fast, i), 0.0, s + " " + i);
                    }
                    // A line's result is what it is alone.
                    Signals first = new Signals(s.transform, dtype, 1, s.values);
                    Strided alone = first.run(vectors, false);
                    for (long i = 0; i < alone.numel(); i++) {
                        assertEquals(Given.get(alone, i), Given.get(fast, i), 0.0, s + " alone " + i);
                    }
                }
            }
        }
    }

    @Test
    void rootsAreExactWhereTheyCanBe() {
        double[] w = new double[2];
        for (int n : new int[] {1, 2, 4, 8, 12, 1 << 20}) {
            for (int k = 0; k < Math.min(n, 100); k++) {
                Roots.put(k, n, w, 0);
                double angle = -2 * Math.PI * k / n;
                // The angle is rounded, which the roots are not.
                assertEquals(Math.cos(angle), w[0], 1e-15);
                assertEquals(Math.sin(angle), w[1], 1e-15);
                assertTrue(4L * k % n != 0 || Math.abs(w[0]) + Math.abs(w[1]) == 1, k + " of " + n);
            }
        }
    }
}
