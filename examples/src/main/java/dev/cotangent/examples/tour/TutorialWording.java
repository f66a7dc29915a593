package dev.cotangent.examples.tour;

import dev.cotangent.CotangentException;
import dev.cotangent.ValueException;
import java.util.regex.Pattern;

/** Converts errors and warnings to the texts of the PyTorch version of the tutorials, where those differ. */
final class TutorialWording {
    private static final Pattern OPERATION =
            Pattern.compile("(which is output \\d+ of |^Output \\d+ of )(\\w+?)(\\d*)(?=,| is a view)");

    private TutorialWording() {}

    /** Returns an error with the tutorials' message, or the error itself if that does not differ. */
    static Throwable of(Throwable error) {
        if (!(error instanceof CotangentException)) return error;
        String message = String.valueOf(error.getMessage());
        if (message.endsWith(" elements cannot be converted to Scalar")) {
            return new ValueException("only one element tensors can be converted to Python scalars", error);
        }
        if (message.startsWith("torch.cat(): expected a non-empty")) return new CotangentException(message, error);
        String reworded = of(message);
        return reworded.equals(message) || error.getClass() != CotangentException.class
                ? error
                : new CotangentException(reworded, error);
    }

    /** Returns the tutorials' form of a message, without the advice for Java. */
    static String of(String message) {
        return OPERATION
                .matcher(message.replaceFirst("(?s) In Java: .*", ""))
                .replaceAll(
                        m -> m.group(1) + m.group(2) + "Backward" + (m.group(3).isEmpty() ? "0" : m.group(3)))
                .replace("set_detect_anomaly(True, check_nan=False)", "set_detect_anomaly(True)")
                .replaceFirst(
                        "The differentiated Tensor at index \\d+ appears", "One of the differentiated Tensors appears")
                .replace("for more information.", "for more informations.");
    }
}
