package dev.cotangent.internal.ops.creation;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import java.util.function.DoubleUnaryOperator;

/**
 * Window functions of signal processing, computed in double on the host and rounded once. A periodic window of n points
 * is the symmetric one of n + 1 without its last point. Source of the formulas: F. J. Harris, "On the use of windows for
 * harmonic analysis with the discrete Fourier transform", Proc. IEEE 66 (1978).
 */
public final class WindowOps {
    private static final double TWO_PI = 2 * Math.PI;
    private static final double[] BLACKMAN = {0.42, 0.5, 0.08};
    private static final double[] NUTTALL = {0.3635819, 0.4891775, 0.1365995, 0.0106411};

    private WindowOps() {}

    /**
     * A window still without its options.
     *
     * @param name PyTorch's
     * @param length the number of points
     * @param symmetric whether the last point mirrors the first
     */
    public record Window(String name, long length, boolean symmetric) {
        /** Throws PyTorch's ValueError of a function of torch.signal.windows. */
        public Window checkSignal(Dtype dtype) {
            if (length < 0) {
                throw new ValueException(name + " requires non-negative window length, got M=" + length);
            }
            if (dtype != Dtype.FLOAT32 && dtype != Dtype.FLOAT64) {
                throw new ValueException(name + " expects float32 or float64 dtypes, got: " + dtype);
            }
            return this;
        }

        /** Throws PyTorch's error of a function of torch. */
        public Window check(Dtype dtype) {
            if (length < 0) {
                throw new CotangentException(
                        name + " requires non-negative window_length, got window_length=" + length);
            }
            if (!dtype.isFloatingPoint()) {
                throw new CotangentException(name + " expects floating point dtypes, got: " + dtype);
            }
            return this;
        }

        /** Returns the number of points of a period, which is one less than the window's if that is symmetric. */
        private double period() {
            return symmetric ? length - 1 : length;
        }

        /** Returns the period, or 0 for a window of one point. */
        private double span() {
            return symmetric || length < 2 ? length - 1 : length;
        }

        private Tensor points(Dtype dtype, Device device, DoubleUnaryOperator value) {
            Tensor out = CreationOps.uninitialized(dtype, device, length);
            return Sequences.doubles(out, i -> length == 1 ? 1 : value.applyAsDouble(i));
        }

        /** Returns the sum of cosines of the multiples of an angle, with alternating signs. */
        public Tensor cosines(Dtype dtype, Device device, double... coefficients) {
            if (coefficients.length == 0) throw new ValueException("Coefficients cannot be empty");
            double step = TWO_PI / period();
            return points(dtype, device, i -> {
                double sum = 0;
                for (int k = coefficients.length - 1; k >= 0; k--) {
                    double term = coefficients[k] * Math.cos(k * i * step);
                    sum += k % 2 == 0 ? term : -term;
                }
                return sum;
            });
        }

        /** Returns the Blackman window. */
        public Tensor blackman(Dtype dtype, Device device) {
            return cosines(dtype, device, BLACKMAN);
        }

        /** Returns Nuttall's window of the least sidelobes. */
        public Tensor nuttall(Dtype dtype, Device device) {
            return cosines(dtype, device, NUTTALL);
        }

        /** Returns the triangle. */
        public Tensor bartlett(Dtype dtype, Device device) {
            double step = 2 / period();
            return points(dtype, device, i -> 1 - Math.abs(i * step - 1));
        }

        /** Returns half a period of a sine. */
        public Tensor cosine(Dtype dtype, Device device) {
            double step = Math.PI / (symmetric ? length : length + 1);
            return points(dtype, device, i -> Math.sin((i + 0.5) * step));
        }

        /** Returns the exponential decay from a centre, NaN for the middle. */
        public Tensor exponential(Dtype dtype, Device device, double tau, double center) {
            if (!(tau > 0)) throw new ValueException("Tau must be positive, got: " + number(tau) + " instead.");
            if (symmetric && !Double.isNaN(center))
                throw new ValueException("Center must be None for symmetric windows");
            double from = Double.isNaN(center) ? span() / 2 : center;
            return points(dtype, device, i -> Math.exp(-Math.abs(i - from) / tau));
        }

        /** Returns the normal curve. */
        public Tensor gaussian(Dtype dtype, Device device, double std) {
            if (!(std > 0)) {
                throw new ValueException("Standard deviation must be positive, got: " + number(std) + " instead.");
            }
            double middle = span() / 2;
            return points(dtype, device, i -> Math.exp(-0.5 * Math.pow((i - middle) / std, 2)));
        }

        /** Returns Kaiser's window. */
        public Tensor kaiser(Dtype dtype, Device device, double beta) {
            double step = 2 / period();
            return points(dtype, device, i -> {
                double at = i * step - 1;
                return besselRatio(beta * Math.sqrt(Math.max(0, 1 - at * at)), beta);
            });
        }

        /** Returns {@link #kaiser} where {@code beta} is not negative. */
        public Tensor signalKaiser(Dtype dtype, Device device, double beta) {
            if (!(beta >= 0)) throw new ValueException("beta must be non-negative, got: " + number(beta) + " instead.");
            return kaiser(dtype, device, beta);
        }
    }

    private static String number(double x) {
        return x == Math.rint(x) ? Long.toString((long) x) : Double.toString(x);
    }

    /** Computes I0(x) / I0(y), |x| being at most |y|, by the power series (DLMF 10.25.2), scaled by that of y. */
    private static double besselRatio(double x, double y) {
        double numerator = 1;
        double denominator = 1;
        double a = 1;
        double b = 1;
        for (int k = 1; b > 1e-17 * denominator; k++) {
            a *= x * x / (4.0 * k * k);
            b *= y * y / (4.0 * k * k);
            numerator += a;
            denominator += b;
            if (denominator > 1e200) {
                a *= 1e-200;
                b *= 1e-200;
                numerator *= 1e-200;
                denominator *= 1e-200;
            }
        }
        return numerator / denominator;
    }
}
