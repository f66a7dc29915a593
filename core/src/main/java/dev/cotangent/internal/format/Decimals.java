package dev.cotangent.internal.format;

import dev.cotangent.Dtype;
import dev.cotangent.backend.ElementCodec;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Floating point numbers in decimal, rounded correctly (to even, in a tie) from their exact value. */
final class Decimals {
    private Decimals() {}

    /** With so many digits after the point: Python's {@code f'{value:.4f}'}. */
    static String fixed(double value, int digits) {
        if (!Double.isFinite(value)) return nonFinite(value);
        return sign(value)
                + exact(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
    }

    /** With one digit before and so many after the point, and an exponent: Python's {@code f'{value:.4e}'}. */
    static String scientific(double value, int digits) {
        if (!Double.isFinite(value)) return nonFinite(value);
        BigDecimal rounded = round(exact(value), digits + 1);
        String text = rounded.unscaledValue().toString();
        String point = digits > 0 ? "." : "";
        String fraction = text.substring(1) + "0".repeat(digits + 1 - text.length());
        return sign(value) + text.charAt(0) + point + fraction + exponent(exponent(rounded), 2);
    }

    /** {@code nan}, {@code inf} or {@code -inf}. */
    static String nonFinite(double value) {
        return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }

    /** A minus or nothing; zero has a sign too. */
    static String sign(double value) {
        return Double.doubleToRawLongBits(value) < 0 && !Double.isNaN(value) ? "-" : "";
    }

    /** The absolute value, exactly. */
    static BigDecimal exact(double value) {
        return new BigDecimal(Math.abs(value));
    }

    /** Rounded to so many significant digits. */
    static BigDecimal round(BigDecimal value, int digits) {
        return value.round(new MathContext(digits, RoundingMode.HALF_EVEN));
    }

    /** The power of ten of the first digit; 0 for zero. */
    static int exponent(BigDecimal value) {
        return value.signum() == 0 ? 0 : value.precision() - value.scale() - 1;
    }

    /** Such as {@code e+05}, with at least so many digits. */
    static String exponent(int exponent, int digits) {
        String text = Integer.toString(Math.abs(exponent));
        return (exponent < 0 ? "e-" : "e+") + "0".repeat(Math.max(0, digits - text.length())) + text;
    }

    /** The shortest decimal that rounds to the absolute value in float64, float32 or float16; no trailing zeros. */
    static BigDecimal shortest(Dtype dtype, double value) {
        double abs = Math.abs(value);
        BigDecimal known = new BigDecimal(dtype == Dtype.FLOAT64 ? Double.toString(abs) : Float.toString((float) abs))
                .stripTrailingZeros();
        if (abs == 0) return known;
        // Java never looks for fewer than two digits, and knows no float16.
        int first = dtype == Dtype.FLOAT16 ? 1 : known.precision() == 2 ? 1 : known.precision();
        for (int digits = first; digits < known.precision(); digits++) {
            BigDecimal shorter = within(dtype, abs, digits);
            if (shorter != null) return shorter.stripTrailingZeros();
        }
        return known;
    }

    /** The nearest decimal of so many digits that still rounds to the value, or null. */
    private static @Nullable BigDecimal within(Dtype dtype, double value, int digits) {
        for (RoundingMode mode : List.of(RoundingMode.HALF_EVEN, RoundingMode.DOWN, RoundingMode.UP)) {
            BigDecimal candidate = new BigDecimal(value).round(new MathContext(digits, mode));
            if (roundsTo(dtype, candidate, value)) return candidate;
        }
        return null;
    }

    private static boolean roundsTo(Dtype dtype, BigDecimal candidate, double value) {
        return switch (dtype) {
            case FLOAT64 -> candidate.doubleValue() == value;
            case FLOAT32 -> candidate.floatValue() == (float) value;
            // A double holds so few digits well enough for the one rounding that counts.
            default -> Float.float16ToFloat(ElementCodec.float16(candidate.doubleValue())) == value;
        };
    }
}
