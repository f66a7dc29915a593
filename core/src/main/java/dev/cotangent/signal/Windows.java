package dev.cotangent.signal;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.creation.WindowOps.Window;

/**
 * Windows of {@code m} points, to weight the samples of a signal with: {@code torch.signal.windows}. They have one
 * dimension and are float32 or float64; one point is 1. Symmetric unless the options say periodic. A negative length, another
 * dtype and a parameter out of range raise PyTorch's ValueError.
 */
public final class Windows {
    private Windows() {}

    @FunctionalInterface
    private interface Formula {
        Tensor of(Window window, Dtype dtype, Device device);
    }

    private static Tensor make(String name, long m, WindowOptions options, Formula formula) {
        Arguments.notNull(name, "options", options);
        Dtype dtype = options.tensor().dtypeOr(Tensors.getDefaultDtype());
        Window window = new Window(name, m, options.sym()).checkSignal(dtype);
        return options.marked(formula.of(window, dtype, options.tensor().deviceOr(Device.cpu())));
    }

    /** Returns options with PyTorch's defaults: symmetric, of the default dtype, on the CPU. */
    public static WindowOptions options() {
        return WindowOptions.DEFAULT;
    }

    /** Returns the Bartlett window, a triangle that is 0 at its ends. {@code torch.signal.windows.bartlett}. */
    public static Tensor bartlett(long m) {
        return bartlett(m, options());
    }

    /** Returns {@link #bartlett(long)} with options. */
    public static Tensor bartlett(long m, WindowOptions options) {
        return make("bartlett", m, options, (w, d, v) -> w.bartlett(d, v));
    }

    /** Returns the Blackman window, a sum of three cosines. {@code torch.signal.windows.blackman}. */
    public static Tensor blackman(long m) {
        return blackman(m, options());
    }

    /** Returns {@link #blackman(long)} with options. */
    public static Tensor blackman(long m, WindowOptions options) {
        return make("blackman", m, options, (w, d, v) -> w.blackman(d, v));
    }

    /** Returns the cosine window, half a period of a sine. {@code torch.signal.windows.cosine}. */
    public static Tensor cosine(long m) {
        return cosine(m, options());
    }

    /** Returns {@link #cosine(long)} with options. */
    public static Tensor cosine(long m, WindowOptions options) {
        return make("cosine", m, options, (w, d, v) -> w.cosine(d, v));
    }

    /** Returns {@link #exponential(long, double)} with {@code tau = 1}. */
    public static Tensor exponential(long m) {
        return exponential(m, 1, options());
    }

    /** Returns {@link #exponential(long)} with options. */
    public static Tensor exponential(long m, WindowOptions options) {
        return exponential(m, 1, options);
    }

    /** Returns the exponential window, which decays from its centre by e every {@code tau} points. {@code torch.signal.windows.exponential}. */
    public static Tensor exponential(long m, double tau) {
        return exponential(m, tau, options());
    }

    /** Returns {@link #exponential(long, double)} with options. */
    public static Tensor exponential(long m, double tau, WindowOptions options) {
        return make("exponential", m, options, (w, d, v) -> w.exponential(d, v, tau, options.center()));
    }

    /** Returns {@link #gaussian(long, double)} with {@code std = 1}. */
    public static Tensor gaussian(long m) {
        return gaussian(m, 1, options());
    }

    /** Returns {@link #gaussian(long)} with options. */
    public static Tensor gaussian(long m, WindowOptions options) {
        return gaussian(m, 1, options);
    }

    /** Returns the Gaussian window, a normal curve of that standard deviation in points. {@code torch.signal.windows.gaussian}. */
    public static Tensor gaussian(long m, double std) {
        return gaussian(m, std, options());
    }

    /** Returns {@link #gaussian(long, double)} with options. */
    public static Tensor gaussian(long m, double std, WindowOptions options) {
        return make("gaussian", m, options, (w, d, v) -> w.gaussian(d, v, std));
    }

    /** Returns {@link #generalHamming(long, double)} with {@code alpha = 0.54}. */
    public static Tensor generalHamming(long m) {
        return generalHamming(m, 0.54, options());
    }

    /** Returns {@link #generalHamming(long)} with options. */
    public static Tensor generalHamming(long m, WindowOptions options) {
        return generalHamming(m, 0.54, options);
    }

    /** Returns the generalised Hamming window {@code alpha - (1 - alpha) cos}. {@code torch.signal.windows.general_hamming}. */
    public static Tensor generalHamming(long m, double alpha) {
        return generalHamming(m, alpha, options());
    }

    /** Returns {@link #generalHamming(long, double)} with options. */
    public static Tensor generalHamming(long m, double alpha, WindowOptions options) {
        return make("general_hamming", m, options, (w, d, v) -> w.cosines(d, v, alpha, 1 - alpha));
    }

    /** Returns the Hamming window. {@code torch.signal.windows.hamming}. */
    public static Tensor hamming(long m) {
        return hamming(m, options());
    }

    /** Returns {@link #hamming(long)} with options. */
    public static Tensor hamming(long m, WindowOptions options) {
        return make("hamming", m, options, (w, d, v) -> w.cosines(d, v, 0.54, 0.46));
    }

    /** Returns the Hann window, a raised cosine. {@code torch.signal.windows.hann}. */
    public static Tensor hann(long m) {
        return hann(m, options());
    }

    /** Returns {@link #hann(long)} with options. */
    public static Tensor hann(long m, WindowOptions options) {
        return make("hann", m, options, (w, d, v) -> w.cosines(d, v, 0.5, 0.5));
    }

    /** Returns {@link #kaiser(long, double)} with {@code beta = 12}. */
    public static Tensor kaiser(long m) {
        return kaiser(m, 12, options());
    }

    /** Returns {@link #kaiser(long)} with options. */
    public static Tensor kaiser(long m, WindowOptions options) {
        return kaiser(m, 12, options);
    }

    /** Returns the Kaiser window of shape {@code beta}, the wider the larger that is. {@code torch.signal.windows.kaiser}. */
    public static Tensor kaiser(long m, double beta) {
        return kaiser(m, beta, options());
    }

    /** Returns {@link #kaiser(long, double)} with options. */
    public static Tensor kaiser(long m, double beta, WindowOptions options) {
        return make("kaiser", m, options, (w, d, v) -> w.signalKaiser(d, v, beta));
    }

    /** Returns the minimum four-term Blackman-Harris window after Nuttall. {@code torch.signal.windows.nuttall}. */
    public static Tensor nuttall(long m) {
        return nuttall(m, options());
    }

    /** Returns {@link #nuttall(long)} with options. */
    public static Tensor nuttall(long m, WindowOptions options) {
        return make("nuttall", m, options, (w, d, v) -> w.nuttall(d, v));
    }

    /**
     * Returns the sum of cosines of the multiples of one period, with alternating signs.
     * {@code torch.signal.windows.general_cosine}.
     *
     * @param a the coefficients, at least one
     */
    public static Tensor generalCosine(long m, double[] a) {
        return generalCosine(m, a, options());
    }

    /** Returns {@link #generalCosine(long, double[])} with options. */
    public static Tensor generalCosine(long m, double[] a, WindowOptions options) {
        double[] coefficients = Arguments.notNull("general_cosine", "a", a);
        return make("general_cosine", m, options, (w, d, v) -> w.cosines(d, v, coefficients));
    }
}
