package dev.cotangent;

import dev.cotangent.internal.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * Says how a signal is put together from transformed frames: {@link SpectralMethods#istft(long, IstftOptions)}. What frames and
 * windows are must be said as it was to {@link SpectralMethods#stft(long, StftOptions)}. Immutable; each method returns changed options.
 *
 * @param hopLength how far one frame is from the next; null for a quarter of the frame
 * @param winLength the length of the window; null for that of the frame
 * @param window by which frames were multiplied; null for ones
 * @param center whether the signal was padded at both ends
 * @param normalized whether frames were divided by the square root of their length
 * @param onesided whether there is only the first half of the frequencies; null for what their number says
 * @param length of the signal, to which it is cut or padded with zeros; null for what the frames cover
 * @param returnComplex whether the signal is complex
 */
public record IstftOptions(
        @Nullable Long hopLength,
        @Nullable Long winLength,
        @Nullable Tensor window,
        boolean center,
        boolean normalized,
        @Nullable Boolean onesided,
        @Nullable Long length,
        boolean returnComplex) {
    static final IstftOptions DEFAULT = new IstftOptions(null, null, null, true, false, null, null, false);

    /** Returns options with another {@code hop_length}. */
    public IstftOptions hopLength(long value) {
        return new IstftOptions(value, winLength, window, center, normalized, onesided, length, returnComplex);
    }

    /** Returns options with another {@code win_length}. */
    public IstftOptions winLength(long value) {
        return new IstftOptions(hopLength, value, window, center, normalized, onesided, length, returnComplex);
    }

    /** Returns options with another {@code window}. */
    public IstftOptions window(Tensor value) {
        Arguments.notNull("istft", "window", value);
        return new IstftOptions(hopLength, winLength, value, center, normalized, onesided, length, returnComplex);
    }

    /** Returns options with another {@code center}. */
    public IstftOptions center(boolean value) {
        return new IstftOptions(hopLength, winLength, window, value, normalized, onesided, length, returnComplex);
    }

    /** Returns options with another {@code normalized}. */
    public IstftOptions normalized(boolean value) {
        return new IstftOptions(hopLength, winLength, window, center, value, onesided, length, returnComplex);
    }

    /** Returns options with another {@code onesided}. */
    public IstftOptions onesided(boolean value) {
        return new IstftOptions(hopLength, winLength, window, center, normalized, value, length, returnComplex);
    }

    /** Returns options with another {@code length}. */
    public IstftOptions length(long value) {
        return new IstftOptions(hopLength, winLength, window, center, normalized, onesided, value, returnComplex);
    }

    /** Returns options with another {@code return_complex}. */
    public IstftOptions returnComplex(boolean value) {
        return new IstftOptions(hopLength, winLength, window, center, normalized, onesided, length, value);
    }
}
