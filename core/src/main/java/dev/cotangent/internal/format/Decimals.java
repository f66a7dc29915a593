package dev.cotangent.internal.format;

import dev.cotangent.Dtype;
import dev.cotangent.backend.ElementCodec;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decimal forms of floating-point numbers, rounded half to even from their exact value. */
final class Decimals {
    private Decimals() {}

    /** Returns Python's {@code f'{value:.4f}'} for 4 digits. */
    static String fixed(double value, int digits) {
        if (!Double.isFinite(value)) return nonFinite(value);
        return sign(value)
                + exact(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
    }

    /** Returns Python's {@code f'{value:.4e}'} for 4 digits. */
    static String scientific(double value, int digits) {
        if (!Double.isFinite(value)) return nonFinite(value);
        BigDecimal rounded = round(exact(value), digits + 1);
        String text = rounded.unscaledValue().toString();
        String point = digits > 0 ? "." : "";
        String fraction = text.substring(1) + "0".repeat(digits + 1 - text.length());
        return sign(value) + text.charAt(0) + point + fraction + exponent(exponent(rounded), 2);
    }

    /** Returns {@code nan}, {@code inf} or {@code -inf}. */
    static String nonFinite(double value) {
        return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }

    /** Returns a minus sign or an empty text; zero has a sign too. */
    static String sign(double value) {
        return Double.doubleToRawLongBits(value) < 0 && !Double.isNaN(value) ? "-" : "";
    }

    /** Returns the exact absolute value. */
    static BigDecimal exact(double value) {
        return new BigDecimal(Math.abs(value));
    }

    /** Rounds to a number of significant digits. */
    static BigDecimal round(BigDecimal value, int digits) {
        return value.round(new MathContext(digits, RoundingMode.HALF_EVEN));
    }

    /** Returns the decimal exponent of the first digit; 0 for zero. */
    static int exponent(BigDecimal value) {
        return value.signum() == 0 ? 0 : value.precision() - value.scale() - 1;
    }

    /** Returns a text such as {@code e+05}, with a minimum number of digits. */
    static String exponent(int exponent, int digits) {
        String text = Integer.toString(Math.abs(exponent));
        return (exponent < 0 ? "e-" : "e+") + "0".repeat(Math.max(0, digits - text.length())) + text;
    }

    /**
     * Returns the shortest decimal that rounds to the absolute value in float64, float32 or float16, without trailing
     * zeros.
     */
    static BigDecimal shortest(Dtype dtype, double value) {
        double abs = Math.abs(value);
        BigDecimal known = new BigDecimal(dtype == Dtype.FLOAT64 ? Double.toString(abs) : Float.toString((float) abs))
                .stripTrailingZeros();
        if (abs == 0) return known;
        // Double.toString and Float.toString return at least two digits, and Java has no float16 text.
        int first = dtype == Dtype.FLOAT16 ? 1 : known.precision() == 2 ? 1 : known.precision();
        for (int digits = first; digits < known.precision(); digits++) {
            BigDecimal shorter = within(dtype, abs, digits);
            if (shorter != null) return shorter.stripTrailingZeros();
        }
        return known;
    }

    /** Returns the nearest decimal of that many digits if it rounds to the value, else null. */
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
            // The candidate has few digits, so the double is exact enough for the rounding to float16.
            default -> Float.float16ToFloat(ElementCodec.float16(candidate.doubleValue())) == value;
        };
    }
}
