package dev.cotangent.internal.format;

import dev.cotangent.Dtype;
import dev.cotangent.PrintOptions;

/** How PyTorch writes the numbers of one tensor: all in one style and, but for the non-finite, in one width. */
final class NumberColumn {
    private static final double WIDEST_RATIO = 1000;
    private static final double LARGEST = 1e8;
    private static final double SMALLEST = 1e-4;

    private final Summarization values;
    private final int precision;
    private boolean whole = true;
    private boolean exponents;
    private int width = 1;
    private double min = Double.POSITIVE_INFINITY;
    private double max;

    NumberColumn(Summarization values, PrintOptions options) {
        this.values = values;
        this.precision = options.precision();
        if (!values.dtype().isFloatingPoint()) {
            values.forEach(place -> width = Math.max(width, text(place).length()));
            return;
        }
        values.forEach(place -> note(values.getDouble(place)));
        if (max == 0) return;
        boolean wide = max / min > WIDEST_RATIO || max > LARGEST || min < SMALLEST;
        exponents = options.sciMode() == null ? wide : options.sciMode();
        values.forEach(place -> {
            if (counts(values.getDouble(place)))
                width = Math.max(width, text(place).length());
        });
    }

    private static boolean counts(double value) {
        return Double.isFinite(value) && value != 0;
    }

    private void note(double value) {
        if (!counts(value)) return;
        if (value != Math.ceil(value)) whole = false;
        min = Math.min(min, Math.abs(value));
        max = Math.max(max, Math.abs(value));
    }

    int width() {
        return width;
    }

    /** Appends the number at a place, padded to the width. */
    void append(StringBuilder out, long place) {
        String text = text(place);
        out.repeat(' ', Math.max(0, width - text.length())).append(text);
    }

    private String text(long place) {
        Dtype dtype = values.dtype();
        if (dtype == Dtype.BOOL) return values.getLong(place) != 0 ? "True" : "False";
        if (!dtype.isFloatingPoint()) return Long.toString(values.getLong(place));
        double value = values.getDouble(place);
        if (exponents) return Decimals.scientific(value, precision);
        if (!whole) return Decimals.fixed(value, precision);
        return Decimals.fixed(value, 0) + (Double.isFinite(value) ? "." : "");
    }
}
