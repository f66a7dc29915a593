package dev.cotangent;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.nn.StftOps;

/** Methods of {@link Tensor}: short-time Fourier transforms. */
interface SpectralMethods {
    /** Returns {@link #stft(long, StftOptions)} with defaults: frames of ones, a quarter of their length apart. */
    default Tensor stft(long nFft) {
        return stft(nFft, StftOptions.DEFAULT);
    }

    /**
     * Computes the Fourier transforms of overlapping frames of a signal: of [.., time] complex numbers [.., frequency, frame].
     * {@code torch.stft}.
     *
     * @param nFft length of a frame
     * @throws CotangentException PyTorch's, if this is not one signal or a batch of signals, or options do not fit to its length
     */
    default Tensor stft(long nFft, StftOptions options) {
        return StftOps.stft((Tensor) this, nFft, Arguments.notNull("stft", "options", options));
    }

    /** Returns {@link #istft(long, IstftOptions)} with defaults. */
    default Tensor istft(long nFft) {
        return istft(nFft, IstftOptions.DEFAULT);
    }

    /**
     * Computes the signal of which frames were transformed by {@link #stft(long, StftOptions)}: the frames' sum, divided by that of
     * the windows' squares (D. Griffin and J. Lim, Signal estimation from modified short-time Fourier transform, 1984). {@code
     * torch.istft}.
     *
     * @param nFft length of a frame
     * @throws CotangentException PyTorch's, if this is not such a transform, or windows leave a part of the signal out
     */
    default Tensor istft(long nFft, IstftOptions options) {
        return StftOps.istft((Tensor) this, nFft, Arguments.notNull("istft", "options", options));
    }
}
