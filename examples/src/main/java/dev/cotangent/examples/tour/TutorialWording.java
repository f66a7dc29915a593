package dev.cotangent.examples.tour;

import dev.cotangent.CotangentException;
import dev.cotangent.ValueException;
import java.util.Map;
import java.util.regex.Pattern;

/** Errors in the words of the PyTorch that the tutorials were written for: those of today differ in a few places. */
final class TutorialWording {
    private static final Pattern OPERATION =
            Pattern.compile("(which is output \\d+ of |^Output \\d+ of )(\\w+?)(\\d*)(?=,| is a view)");

    private static final Map<String, String> PHRASES = Map.of(
            "set_detect_anomaly(True, check_nan=False)", "set_detect_anomaly(True)",
            "The differentiated Tensor at index 0 appears", "One of the differentiated Tensors appears");

    private TutorialWording() {}

    /** Returns an error whose message is the tutorials', or the error itself where nothing differs. */
    static Throwable of(Throwable error) {
        if (error.getClass() != CotangentException.class) return error;
        String message = String.valueOf(error.getMessage());
        String told = OPERATION
                .matcher(message)
                .replaceAll(
                        m -> m.group(1) + m.group(2) + "Backward" + (m.group(3).isEmpty() ? "0" : m.group(3)));
        if (message.endsWith(" elements cannot be converted to Scalar")) {
            return new ValueException("only one element tensors can be converted to Python scalars", error);
        }
        for (Map.Entry<String, String> phrase : PHRASES.entrySet())
            told = told.replace(phrase.getKey(), phrase.getValue());
        return told.equals(message) ? error : new CotangentException(told, error);
    }
}
