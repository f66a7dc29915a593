package dev.cotangent.fft;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.TensorOptions;
import dev.cotangent.Tensors;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.nn.Spectra;

/**
 * Discrete Fourier transforms: {@code torch.fft}. Signals have any length; real ones of float32 or float64 (integers are converted to the
 * default dtype) have complex64 or complex128 transforms. Half types raise PyTorch's error. All are differentiable any number
 * of times.
 *
 * <p>Transforms throw PyTorch's errors if there is nothing to transform, if a dimension is out of range or named twice, or if a
 * transform of real numbers gets complex ones.
 */
public final class Fft {
    private Fft() {}

    // Options

    /** Returns options of transforms of one dimension with PyTorch's defaults: the last dimension as it is. */
    public static FftOptions fftOptions() {
        return FftOptions.DEFAULT;
    }

    /**
     * Returns options of transforms of several dimensions with PyTorch's defaults: all dimensions as they are, of the
     * transforms of two the last ones.
     */
    public static FftnOptions fftnOptions() {
        return FftnOptions.DEFAULT;
    }

    private static Tensor input(String op, Tensor x) {
        return Arguments.notNull("fft_" + op, "input", x);
    }

    private static FftOptions options(String op, FftOptions o) {
        return Arguments.notNull("fft_" + op, "options", o);
    }

    private static FftnOptions options(String op, FftnOptions o) {
        return Arguments.notNull("fft_" + op, "options", o);
    }

    // One dimension

    /** Returns {@link #fft(Tensor, FftOptions)} of the last dimension. */
    public static Tensor fft(Tensor input) {
        return fft(input, FftOptions.DEFAULT);
    }

    /**
     * Computes the discrete Fourier transform of one dimension, {@code X[k] = sum over j of x[j] exp(-2 pi i j k /
     * n)}, as complex numbers. {@code torch.fft.fft}.
     */
    public static Tensor fft(Tensor input, FftOptions options) {
        return Spectra.fft(input("fft", input), options("fft", options), false);
    }

    /** Returns {@link #ifft(Tensor, FftOptions)} of the last dimension. */
    public static Tensor ifft(Tensor input) {
        return ifft(input, FftOptions.DEFAULT);
    }

    /**
     * Computes the inverse of {@link #fft(Tensor, FftOptions)}: with the opposite sign in the exponent, divided by n.
     * {@code torch.fft.ifft}.
     */
    public static Tensor ifft(Tensor input, FftOptions options) {
        return Spectra.fft(input("ifft", input), options("ifft", options), true);
    }

    /** Returns {@link #rfft(Tensor, FftOptions)} of the last dimension. */
    public static Tensor rfft(Tensor input) {
        return rfft(input, FftOptions.DEFAULT);
    }

    /**
     * Computes the first {@code n / 2 + 1} elements of the transform of real numbers; the others are their conjugates.
     * {@code torch.fft.rfft}.
     */
    public static Tensor rfft(Tensor input, FftOptions options) {
        return Spectra.rfft(input("rfft", input), options("rfft", options), false);
    }

    /** Returns {@link #irfft(Tensor, FftOptions)} of the last dimension. */
    public static Tensor irfft(Tensor input) {
        return irfft(input, FftOptions.DEFAULT);
    }

    /**
     * Computes the inverse of {@link #rfft(Tensor, FftOptions)}: real numbers, by default {@code 2 (size - 1)}; give
     * {@code n} if it is odd. {@code torch.fft.irfft}.
     */
    public static Tensor irfft(Tensor input, FftOptions options) {
        return Spectra.irfft(input("irfft", input), options("irfft", options), true);
    }

    /** Returns {@link #hfft(Tensor, FftOptions)} of the last dimension. */
    public static Tensor hfft(Tensor input) {
        return hfft(input, FftOptions.DEFAULT);
    }

    /**
     * Computes the transform, which is real, of a signal whose second half is the conjugate of the first, which is
     * given; by default of {@code 2 (size - 1)} elements. {@code torch.fft.hfft}.
     */
    public static Tensor hfft(Tensor input, FftOptions options) {
        return Spectra.irfft(input("hfft", input), options("hfft", options), false);
    }

    /** Returns {@link #ihfft(Tensor, FftOptions)} of the last dimension. */
    public static Tensor ihfft(Tensor input) {
        return ihfft(input, FftOptions.DEFAULT);
    }

    /**
     * Computes the inverse of {@link #hfft(Tensor, FftOptions)}: the first {@code n / 2 + 1} elements. {@code
     * torch.fft.ihfft}.
     */
    public static Tensor ihfft(Tensor input, FftOptions options) {
        return Spectra.rfft(input("ihfft", input), options("ihfft", options), true);
    }

    // Several dimensions

    /** Returns {@link #fftn(Tensor, FftnOptions)} of all dimensions. */
    public static Tensor fftn(Tensor input) {
        return fftn(input, FftnOptions.DEFAULT);
    }

    /** Computes the discrete Fourier transform of several dimensions. {@code torch.fft.fftn}. */
    public static Tensor fftn(Tensor input, FftnOptions options) {
        return Spectra.fftn(input("fftn", input), options("fftn", options), false);
    }

    /** Returns {@link #fft2(Tensor, FftnOptions)} of the last two dimensions. */
    public static Tensor fft2(Tensor input) {
        return fft2(input, FftnOptions.DEFAULT);
    }

    /** Computes {@link #fftn(Tensor, FftnOptions)} of two dimensions, by default the last ones. {@code torch.fft.fft2}. */
    public static Tensor fft2(Tensor input, FftnOptions options) {
        return fftn(input("fft2", input), Spectra.two(options("fft2", options)));
    }

    /** Returns {@link #ifftn(Tensor, FftnOptions)} of all dimensions. */
    public static Tensor ifftn(Tensor input) {
        return ifftn(input, FftnOptions.DEFAULT);
    }

    /** Computes the inverse of {@link #fftn(Tensor, FftnOptions)}. {@code torch.fft.ifftn}. */
    public static Tensor ifftn(Tensor input, FftnOptions options) {
        return Spectra.fftn(input("ifftn", input), options("ifftn", options), true);
    }

    /** Returns {@link #ifft2(Tensor, FftnOptions)} of the last two dimensions. */
    public static Tensor ifft2(Tensor input) {
        return ifft2(input, FftnOptions.DEFAULT);
    }

    /** Computes {@link #ifftn(Tensor, FftnOptions)} of two dimensions, by default the last ones. {@code torch.fft.ifft2}. */
    public static Tensor ifft2(Tensor input, FftnOptions options) {
        return ifftn(input("ifft2", input), Spectra.two(options("ifft2", options)));
    }

    /** Returns {@link #rfftn(Tensor, FftnOptions)} of all dimensions. */
    public static Tensor rfftn(Tensor input) {
        return rfftn(input, FftnOptions.DEFAULT);
    }

    /**
     * Computes the transform of several dimensions of real numbers; of the last one the first {@code n / 2 + 1}
     * elements. {@code torch.fft.rfftn}.
     */
    public static Tensor rfftn(Tensor input, FftnOptions options) {
        return Spectra.rfftn(input("rfftn", input), options("rfftn", options));
    }

    /** Returns {@link #rfft2(Tensor, FftnOptions)} of the last two dimensions. */
    public static Tensor rfft2(Tensor input) {
        return rfft2(input, FftnOptions.DEFAULT);
    }

    /** Computes {@link #rfftn(Tensor, FftnOptions)} of two dimensions, by default the last ones. {@code torch.fft.rfft2}. */
    public static Tensor rfft2(Tensor input, FftnOptions options) {
        return rfftn(input("rfft2", input), Spectra.two(options("rfft2", options)));
    }

    /** Returns {@link #irfftn(Tensor, FftnOptions)} of all dimensions. */
    public static Tensor irfftn(Tensor input) {
        return irfftn(input, FftnOptions.DEFAULT);
    }

    /** Computes the inverse of {@link #rfftn(Tensor, FftnOptions)}, real numbers. {@code torch.fft.irfftn}. */
    public static Tensor irfftn(Tensor input, FftnOptions options) {
        return Spectra.irfftn(input("irfftn", input), options("irfftn", options));
    }

    /** Returns {@link #irfft2(Tensor, FftnOptions)} of the last two dimensions. */
    public static Tensor irfft2(Tensor input) {
        return irfft2(input, FftnOptions.DEFAULT);
    }

    /** Computes {@link #irfftn(Tensor, FftnOptions)} of two dimensions, by default the last ones. {@code torch.fft.irfft2}. */
    public static Tensor irfft2(Tensor input, FftnOptions options) {
        return irfftn(input("irfft2", input), Spectra.two(options("irfft2", options)));
    }

    /** Returns {@link #hfftn(Tensor, FftnOptions)} of all dimensions. */
    public static Tensor hfftn(Tensor input) {
        return hfftn(input, FftnOptions.DEFAULT);
    }

    /**
     * Computes the transform, which is real, of signals that are their own mirrored conjugates, of which half of the
     * last dimension is given. {@code torch.fft.hfftn}.
     */
    public static Tensor hfftn(Tensor input, FftnOptions options) {
        return Spectra.hfftn(input("hfftn", input), options("hfftn", options));
    }

    /** Returns {@link #hfft2(Tensor, FftnOptions)} of the last two dimensions. */
    public static Tensor hfft2(Tensor input) {
        return hfft2(input, FftnOptions.DEFAULT);
    }

    /** Computes {@link #hfftn(Tensor, FftnOptions)} of two dimensions, by default the last ones. {@code torch.fft.hfft2}. */
    public static Tensor hfft2(Tensor input, FftnOptions options) {
        return hfftn(input("hfft2", input), Spectra.two(options("hfft2", options)));
    }

    /** Returns {@link #ihfftn(Tensor, FftnOptions)} of all dimensions. */
    public static Tensor ihfftn(Tensor input) {
        return ihfftn(input, FftnOptions.DEFAULT);
    }

    /**
     * Computes the inverse of {@link #hfftn(Tensor, FftnOptions)}: of the last dimension the first {@code n / 2 + 1}
     * elements. {@code torch.fft.ihfftn}.
     */
    public static Tensor ihfftn(Tensor input, FftnOptions options) {
        return Spectra.ihfftn(input("ihfftn", input), options("ihfftn", options));
    }

    /** Returns {@link #ihfft2(Tensor, FftnOptions)} of the last two dimensions. */
    public static Tensor ihfft2(Tensor input) {
        return ihfft2(input, FftnOptions.DEFAULT);
    }

    /** Computes {@link #ihfftn(Tensor, FftnOptions)} of two dimensions, by default the last ones. {@code torch.fft.ihfft2}. */
    public static Tensor ihfft2(Tensor input, FftnOptions options) {
        return ihfftn(input("ihfft2", input), Spectra.two(options("ihfft2", options)));
    }

    // Frequencies

    /** Returns {@link #fftfreq(long, double, TensorOptions)} of steps of length 1. */
    public static Tensor fftfreq(long n) {
        return fftfreq(n, 1, Tensors.options());
    }

    /** Returns {@link #fftfreq(long, double, TensorOptions)} in the default dtype. */
    public static Tensor fftfreq(long n, double d) {
        return fftfreq(n, d, Tensors.options());
    }

    /**
     * Returns the frequencies that the elements of a transform stand for: 0, then the positive, then the negative ones, in cycles per
     * unit of the distance {@code d} of samples. {@code torch.fft.fftfreq}.
     */
    public static Tensor fftfreq(long n, double d, TensorOptions options) {
        return frequencies("fftfreq", n, d, options, n, false);
    }

    /** Returns {@link #rfftfreq(long, double, TensorOptions)} of steps of length 1. */
    public static Tensor rfftfreq(long n) {
        return rfftfreq(n, 1, Tensors.options());
    }

    /** Returns {@link #rfftfreq(long, double, TensorOptions)} in the default dtype. */
    public static Tensor rfftfreq(long n, double d) {
        return rfftfreq(n, d, Tensors.options());
    }

    /** Returns the {@code n / 2 + 1} frequencies that are not negative. {@code torch.fft.rfftfreq}. */
    public static Tensor rfftfreq(long n, double d, TensorOptions options) {
        return frequencies("rfftfreq", n, d, options, n / 2 + 1, true);
    }

    private static Tensor frequencies(
            String op, long n, double d, TensorOptions options, long count, boolean onesided) {
        Arguments.notNull("fft_" + op, "options", options);
        Dtype dtype = options.dtypeOr(Tensors.getDefaultDtype());
        if (!dtype.isDifferentiable()) {
            throw new CotangentException(op + " requires a floating point or complex dtype");
        }
        Tensor steps = Tensors.arange(count, dtype.device(options.deviceOr(Device.cpu())));
        Tensor out = Spectra.frequencies(steps, n, d, onesided);
        return options.requiresGrad() ? out.requiresGrad_() : out;
    }

    // Shifts

    /**
     * Rolls dimensions by half their size, so that the zero frequency comes to the middle; all dimensions where none are
     * named. {@code torch.fft.fftshift}.
     */
    public static Tensor fftshift(Tensor input, int... dim) {
        return shift("fft_fftshift", input, 0, dim);
    }

    /** Undoes {@link #fftshift}. {@code torch.fft.ifftshift}. */
    public static Tensor ifftshift(Tensor input, int... dim) {
        return shift("fft_ifftshift", input, 1, dim);
    }

    private static Tensor shift(String who, Tensor input, int more, int... dim) {
        Arguments.notNull(who, "input", input);
        int[] dims = Arguments.notNull(who, "dim", dim);
        if (dims.length == 0) {
            dims = new int[input.dim()];
            for (int d = 0; d < dims.length; d++) dims[d] = d;
        }
        long[] shifts = new long[dims.length];
        for (int i = 0; i < dims.length; i++) shifts[i] = (input.size(dims[i]) + more) / 2;
        return input.roll(shifts, dims);
    }
}
