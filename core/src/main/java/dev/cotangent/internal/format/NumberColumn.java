package dev.cotangent.internal.format;

import dev.cotangent.Dtype;
import dev.cotangent.PrintOptions;

/** PyTorch's format of a tensor's numbers: one style and, except for non-finite values, one width. */
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
            values.forEach(offset -> width = Math.max(width, text(offset).length()));
            return;
        }
        values.forEach(offset -> note(values.getDouble(offset)));
        if (max == 0) return;
        boolean wide = max / min > WIDEST_RATIO || max > LARGEST || min < SMALLEST;
        exponents = options.sciMode() == null ? wide : options.sciMode();
        values.forEach(offset -> {
            if (counts(values.getDouble(offset)))
                width = Math.max(width, text(offset).length());
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

    /** Appends the number at an offset, padded to the width. */
    void append(StringBuilder out, long offset) {
        String text = text(offset);
        out.repeat(' ', Math.max(0, width - text.length())).append(text);
    }

    private String text(long offset) {
        Dtype dtype = values.dtype();
        if (dtype == Dtype.BOOL) return values.getLong(offset) != 0 ? "True" : "False";
        if (!dtype.isFloatingPoint()) return Long.toString(values.getLong(offset));
        double value = values.getDouble(offset);
        if (exponents) return Decimals.scientific(value, precision);
        if (!whole) return Decimals.fixed(value, precision);
        return Decimals.fixed(value, 0) + (Double.isFinite(value) ? "." : "");
    }
}
