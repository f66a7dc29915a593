package dev.cotangent;

import org.jspecify.annotations.Nullable;

/**
 * How tensors are printed: PyTorch's {@code torch.set_printoptions}.
 *
 * @param precision digits after the point of floating point numbers
 * @param threshold tensors of more elements than this are shown by their edges alone
 * @param edgeItems how many elements such an edge shows in each dimension
 * @param lineWidth characters in a line, after which elements go to the next
 * @param sciMode whether to write exponents; null to decide from the values
 */
public record PrintOptions(
        int precision,
        long threshold,
        int edgeItems,
        int lineWidth,
        @Nullable Boolean sciMode) {
    /** PyTorch's profile {@code default}. */
    public static final PrintOptions DEFAULT = new PrintOptions(4, 1000, 3, 80, null);

    /** PyTorch's profile {@code short}. */
    public static final PrintOptions SHORT = new PrintOptions(2, 1000, 2, 80, null);

    /** PyTorch's profile {@code full}: every element of every tensor. */
    public static final PrintOptions FULL = new PrintOptions(4, Long.MAX_VALUE, 3, 80, null);

    private static volatile PrintOptions current = DEFAULT;

    /** Checks that no number is negative. */
    public PrintOptions {
        if (precision < 0 || threshold < 0 || edgeItems < 0 || lineWidth < 0) {
            throw new ValueException("print options must not be negative, got precision=" + precision + ", threshold="
                    + threshold + ", edgeItems=" + edgeItems + ", lineWidth=" + lineWidth);
        }
    }

    /** The options in force. */
    public static PrintOptions current() {
        return current;
    }

    /** Sets the options for the whole process. */
    public static void set(PrintOptions options) {
        current = options;
    }

    /** With another number of digits after the point. */
    public PrintOptions withPrecision(int digits) {
        return new PrintOptions(digits, threshold, edgeItems, lineWidth, sciMode);
    }

    /** With another number of elements that are shown in full. */
    public PrintOptions withThreshold(long elements) {
        return new PrintOptions(precision, elements, edgeItems, lineWidth, sciMode);
    }

    /** With another number of elements at each edge. */
    public PrintOptions withEdgeItems(int elements) {
        return new PrintOptions(precision, threshold, elements, lineWidth, sciMode);
    }

    /** With another width of lines. */
    public PrintOptions withLineWidth(int characters) {
        return new PrintOptions(precision, threshold, edgeItems, characters, sciMode);
    }

    /** With exponents always, never, or (null) where the values ask for them. */
    public PrintOptions withSciMode(@Nullable Boolean exponents) {
        return new PrintOptions(precision, threshold, edgeItems, lineWidth, exponents);
    }
}
