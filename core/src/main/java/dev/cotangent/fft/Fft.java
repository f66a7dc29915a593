package dev.cotangent.fft;

import dev.cotangent.Tensor;
import dev.cotangent.internal.Arguments;

/** Discrete Fourier transforms and what belongs to them: {@code torch.fft}. */
public final class Fft {
    private Fft() {}

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
