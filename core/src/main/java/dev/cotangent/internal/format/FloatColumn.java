package dev.cotangent.internal.format;

import dev.cotangent.Dtype;
import dev.cotangent.backend.ElementCodec;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** NumPy's format of an array's floating-point numbers: the fewest sufficient digits, at most 8, points aligned. */
final class FloatColumn {
    private static final int PRECISION = 8;

    private final Dtype dtype;
    private boolean exponents;
    private int before;
    private int after;
    private int exponentDigits;
    private double min = Double.POSITIVE_INFINITY;
    private double max;
    private int nonFinite;

    FloatColumn(Summarization values) {
        this.dtype = values.dtype();
        values.forEach(place -> survey(values.getDouble(place)));
        exponents = max != 0 && (max >= 1e8 || min < 1e-4 || ratio() > 1000);
        values.forEach(place -> measure(values.getDouble(place)));
        before = Math.max(before, nonFinite - tail());
    }

    private void survey(double value) {
        double abs = Math.abs(value);
        if (!Double.isFinite(value)) {
            nonFinite = Math.max(nonFinite, Decimals.nonFinite(value).length());
        } else if (value != 0) {
            min = Math.min(min, abs);
            max = Math.max(max, abs);
        }
    }

    /** Returns max / min, computed in the array's own type. */
    private double ratio() {
        return switch (dtype) {
            case FLOAT64 -> max / min;
            case FLOAT32 -> (float) max / (float) min;
            default -> Float.float16ToFloat(ElementCodec.float16(max / min));
        };
    }

    private void measure(double value) {
        if (!Double.isFinite(value)) return;
        int sign = Decimals.sign(value).length();
        if (exponents) {
            BigDecimal shown = significant(value, PRECISION, 0);
            before = Math.max(before, sign + 1);
            after = Math.max(after, shown.precision() - 1);
            String exponent = Decimals.exponent(Decimals.exponent(shown), 2);
            exponentDigits = Math.max(exponentDigits, exponent.length() - 2);
        } else {
            String shown = positional(value);
            int point = shown.indexOf('.');
            before = Math.max(before, point);
            after = Math.max(after, shown.length() - point - 1);
        }
    }

    /** Returns the width from the decimal point on. */
    private int tail() {
        return 1 + after + (exponents ? 2 + exponentDigits : 0);
    }

    String text(double value) {
        if (!Double.isFinite(value)) {
            String text = Decimals.nonFinite(value);
            return " ".repeat(before + tail() - text.length()) + text;
        }
        String text = exponents ? scientific(value) : positional(value);
        int point = text.indexOf('.');
        int right = exponents ? 0 : after - (text.length() - point - 1);
        return " ".repeat(before - point) + text + " ".repeat(right);
    }

    private String positional(double value) {
        BigDecimal shown = Decimals.shortest(dtype, value);
        int scale = Math.clamp(shown.scale(), 0, PRECISION);
        if (shown.scale() != scale) {
            shown = Decimals.exact(value)
                    .setScale(scale, RoundingMode.HALF_EVEN)
                    .stripTrailingZeros();
        }
        return Decimals.sign(value) + positionalText(shown);
    }

    private String scientific(double value) {
        BigDecimal shown = significant(value, after, after);
        String digits = shown.unscaledValue().toString();
        return Decimals.sign(value)
                + digits.charAt(0)
                + "."
                + digits.substring(1)
                + "0".repeat(after + 1 - digits.length())
                + Decimals.exponent(Decimals.exponent(shown), exponentDigits);
    }

    /** Returns the shortest digits if between {@code least} and {@code most} follow the first, else the exact ones. */
    private BigDecimal significant(double value, int most, int least) {
        BigDecimal shown = Decimals.shortest(dtype, value);
        int follow = shown.precision() - 1;
        if (follow >= least && follow <= most) return shown;
        return Decimals.round(Decimals.exact(value), 1 + Math.clamp(follow, least, most))
                .stripTrailingZeros();
    }

    /** Returns positional notation that keeps the point but no trailing zeros. */
    private static String positionalText(BigDecimal value) {
        String text = value.toPlainString();
        return text.indexOf('.') < 0 ? text + "." : text;
    }

    /** Returns NumPy's text of a single number: {@code str(np.float32(x))}. */
    static String scalar(Dtype dtype, double value) {
        if (!Double.isFinite(value)) return Decimals.nonFinite(value);
        double abs = Math.abs(value);
        BigDecimal shown = Decimals.shortest(dtype, value);
        if (abs == 0 || abs >= 1e-4 && abs < 1e16) {
            String text = positionalText(shown);
            return Decimals.sign(value) + (text.endsWith(".") ? text + "0" : text);
        }
        String digits = shown.unscaledValue().toString();
        return Decimals.sign(value)
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + Decimals.exponent(Decimals.exponent(shown), 2);
    }
}
