package dev.cotangent;

import org.jspecify.annotations.Nullable;

/**
 * Options of printed tensors: PyTorch's {@code torch.set_printoptions}.
 *
 * @param precision digits after the point of floating-point numbers
 * @param threshold number of elements beyond which tensors are summarized
 * @param edgeItems number of elements at each edge of a summarized dimension
 * @param lineWidth maximum line width in characters
 * @param sciMode whether to use scientific notation; null to decide by the values
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

    /** Returns the current options. */
    public static PrintOptions current() {
        return current;
    }

    /** Sets the options for the whole process. */
    public static void set(PrintOptions options) {
        current = options;
    }

    /** Returns options with another number of digits after the point. */
    public PrintOptions withPrecision(int digits) {
        return new PrintOptions(digits, threshold, edgeItems, lineWidth, sciMode);
    }

    /** Returns options with another summarization threshold. */
    public PrintOptions withThreshold(long elements) {
        return new PrintOptions(precision, elements, edgeItems, lineWidth, sciMode);
    }

    /** Returns options with another number of elements at each edge. */
    public PrintOptions withEdgeItems(int elements) {
        return new PrintOptions(precision, threshold, elements, lineWidth, sciMode);
    }

    /** Returns options with another line width. */
    public PrintOptions withLineWidth(int characters) {
        return new PrintOptions(precision, threshold, edgeItems, characters, sciMode);
    }

    /** Returns options with scientific notation always, never, or (null) depending on the values. */
    public PrintOptions withSciMode(@Nullable Boolean exponents) {
        return new PrintOptions(precision, threshold, edgeItems, lineWidth, exponents);
    }
}
