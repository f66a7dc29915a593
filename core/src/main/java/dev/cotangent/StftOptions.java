package dev.cotangent;

import dev.cotangent.internal.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * Says how a signal is cut into frames and transformed: {@link SpectralMethods#stft(long, StftOptions)}. Immutable; each method
 * returns changed options: {@code Tensors.stftOptions().hopLength(128).window(hannWindow(512))}.
 *
 * @param hopLength how far one frame is from the next; null for a quarter of the frame
 * @param winLength the length of the window, which is padded with zeros to that of the frame; null for that
 * @param window by which frames are multiplied; null for ones
 * @param center whether the signal is padded at both ends, so that frame t is centred at {@code t * hopLength}
 * @param padMode how it is padded
 * @param normalized whether results are divided by the square root of the frame's length
 * @param onesided whether only the first half of the frequencies is returned; null for yes, unless signal or window are complex
 * @param returnComplex whether results are complex, else real and imaginary parts are a last dimension
 */
public record StftOptions(
        @Nullable Long hopLength,
        @Nullable Long winLength,
        @Nullable Tensor window,
        boolean center,
        PadMode padMode,
        boolean normalized,
        @Nullable Boolean onesided,
        boolean returnComplex) {
    static final StftOptions DEFAULT = new StftOptions(null, null, null, true, PadMode.REFLECT, false, null, true);

    /** Returns options with another {@code hop_length}. */
    public StftOptions hopLength(long value) {
        return new StftOptions(value, winLength, window, center, padMode, normalized, onesided, returnComplex);
    }

    /** Returns options with another {@code win_length}. */
    public StftOptions winLength(long value) {
        return new StftOptions(hopLength, value, window, center, padMode, normalized, onesided, returnComplex);
    }

    /** Returns options with another {@code window}. */
    public StftOptions window(Tensor value) {
        Arguments.notNull("stft", "window", value);
        return new StftOptions(hopLength, winLength, value, center, padMode, normalized, onesided, returnComplex);
    }

    /** Returns options with another {@code center}. */
    public StftOptions center(boolean value) {
        return new StftOptions(hopLength, winLength, window, value, padMode, normalized, onesided, returnComplex);
    }

    /** Returns options with another {@code pad_mode}. */
    public StftOptions padMode(PadMode value) {
        Arguments.notNull("stft", "padMode", value);
        return new StftOptions(hopLength, winLength, window, center, value, normalized, onesided, returnComplex);
    }

    /** Returns options with another {@code pad_mode}, by its name. */
    public StftOptions padMode(String value) {
        return padMode(PadMode.of(value));
    }

    /** Returns options with another {@code normalized}. */
    public StftOptions normalized(boolean value) {
        return new StftOptions(hopLength, winLength, window, center, padMode, value, onesided, returnComplex);
    }

    /** Returns options with another {@code onesided}. */
    public StftOptions onesided(boolean value) {
        return new StftOptions(hopLength, winLength, window, center, padMode, normalized, value, returnComplex);
    }

    /** Returns options with another {@code return_complex}. */
    public StftOptions returnComplex(boolean value) {
        return new StftOptions(hopLength, winLength, window, center, padMode, normalized, onesided, value);
    }
}
