package dev.cotangent;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.WindowOps.Window;

/** Creates windows, periodic unless that is false; use it through {@link Tensors}. One point is 1. */
sealed class WindowFunctions extends CreationFunctions permits ComplexFunctions {
    WindowFunctions() {}

    @FunctionalInterface
    private interface Formula {
        Tensor of(Window window, Dtype dtype, Device device);
    }

    private static Tensor window(String name, long length, boolean periodic, TensorOptions options, Formula formula) {
        Arguments.notNull(name, "options", options);
        Dtype dtype = options.dtypeOr(Promotion.defaultDtype());
        Window window = new Window(name, length, !periodic).check(dtype);
        return marked(formula.of(window, dtype, options.deviceOr(Device.cpu())), options);
    }

    /** Returns the Bartlett window, a triangle. {@code torch.bartlett_window}. */
    public static Tensor bartlettWindow(long windowLength) {
        return bartlettWindow(windowLength, true, options());
    }

    /** Returns {@link #bartlettWindow(long)}, periodic or symmetric. {@code torch.bartlett_window}. */
    public static Tensor bartlettWindow(long windowLength, boolean periodic) {
        return bartlettWindow(windowLength, periodic, options());
    }

    /** Returns {@link #bartlettWindow(long, boolean)} with options. {@code torch.bartlett_window}. */
    public static Tensor bartlettWindow(long windowLength, boolean periodic, TensorOptions options) {
        return window("bartlett_window", windowLength, periodic, options, (w, d, v) -> w.bartlett(d, v));
    }

    /** Returns the Blackman window, a sum of three cosines. {@code torch.blackman_window}. */
    public static Tensor blackmanWindow(long windowLength) {
        return blackmanWindow(windowLength, true, options());
    }

    /** Returns {@link #blackmanWindow(long)}, periodic or symmetric. {@code torch.blackman_window}. */
    public static Tensor blackmanWindow(long windowLength, boolean periodic) {
        return blackmanWindow(windowLength, periodic, options());
    }

    /** Returns {@link #blackmanWindow(long, boolean)} with options. {@code torch.blackman_window}. */
    public static Tensor blackmanWindow(long windowLength, boolean periodic, TensorOptions options) {
        return window("blackman_window", windowLength, periodic, options, (w, d, v) -> w.blackman(d, v));
    }

    /** Returns the Hann window, a raised cosine. {@code torch.hann_window}. */
    public static Tensor hannWindow(long windowLength) {
        return hannWindow(windowLength, true, options());
    }

    /** Returns {@link #hannWindow(long)}, periodic or symmetric. {@code torch.hann_window}. */
    public static Tensor hannWindow(long windowLength, boolean periodic) {
        return hannWindow(windowLength, periodic, options());
    }

    /** Returns {@link #hannWindow(long, boolean)} with options. {@code torch.hann_window}. */
    public static Tensor hannWindow(long windowLength, boolean periodic, TensorOptions options) {
        return window("hann_window", windowLength, periodic, options, (w, d, v) -> w.cosines(d, v, 0.5, 0.5));
    }

    /** Returns the Hamming window {@code alpha - beta cos}. {@code torch.hamming_window}. */
    public static Tensor hammingWindow(long windowLength) {
        return hammingWindow(windowLength, true, 0.54, 0.46, options());
    }

    /** Returns {@link #hammingWindow(long)}, periodic or symmetric. {@code torch.hamming_window}. */
    public static Tensor hammingWindow(long windowLength, boolean periodic) {
        return hammingWindow(windowLength, periodic, 0.54, 0.46, options());
    }

    /** Returns {@link #hammingWindow(long, boolean)} with parameters and options. {@code torch.hamming_window}. */
    public static Tensor hammingWindow(
            long windowLength, boolean periodic, double alpha, double beta, TensorOptions options) {
        return window("hamming_window", windowLength, periodic, options, (w, d, v) -> w.cosines(d, v, alpha, beta));
    }

    /** Returns the Kaiser window of shape {@code beta}. {@code torch.kaiser_window}. */
    public static Tensor kaiserWindow(long windowLength) {
        return kaiserWindow(windowLength, true, 12, options());
    }

    /** Returns {@link #kaiserWindow(long)}, periodic or symmetric. {@code torch.kaiser_window}. */
    public static Tensor kaiserWindow(long windowLength, boolean periodic) {
        return kaiserWindow(windowLength, periodic, 12, options());
    }

    /** Returns {@link #kaiserWindow(long, boolean)} with parameters and options. {@code torch.kaiser_window}. */
    public static Tensor kaiserWindow(long windowLength, boolean periodic, double beta, TensorOptions options) {
        return window("kaiser_window", windowLength, periodic, options, (w, d, v) -> w.kaiser(d, v, beta));
    }

    /** Returns options of {@code stft} with PyTorch's defaults, and complex results. */
    public static StftOptions stftOptions() {
        return StftOptions.DEFAULT;
    }

    /** Returns options of {@code istft} with PyTorch's defaults. */
    public static IstftOptions istftOptions() {
        return IstftOptions.DEFAULT;
    }
}
