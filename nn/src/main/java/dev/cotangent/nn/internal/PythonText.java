package dev.cotangent.nn.internal;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values as Python's {@code str} writes them, for texts that equal PyTorch's. */
public final class PythonText {
    private static final int SMALLEST_PLAIN_EXPONENT = -4;
    private static final int FIRST_SCIENTIFIC_EXPONENT = 16;
    private static final int TWO_DIGITS = 10;

    private PythonText() {}

    /** Returns the text of null, a Boolean, a number, a text or a list of these, which is written as a tuple. */
    public static String of(@Nullable Object value) {
        return switch (value) {
            case null -> "None";
            case Boolean b -> b ? "True" : "False";
            case Float f -> of(new BigDecimal(Float.toString(f)).doubleValue());
            case Double d -> of(d.doubleValue());
            case List<?> list -> tuple(list);
            default -> value.toString();
        };
    }

    private static String tuple(List<?> list) {
        if (list.size() == 1) return "(" + of(list.getFirst()) + ",)";
        return list.stream().map(PythonText::of).collect(Collectors.joining(", ", "(", ")"));
    }

    /** Returns the shortest text that reads back as the number. */
    public static String of(double value) {
        if (Double.isNaN(value)) return "nan";
        if (Double.isInfinite(value)) return value > 0 ? "inf" : "-inf";
        if (value == 0) return Double.toString(value);
        BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = exact.precision() - exact.scale() - 1;
        if (exponent >= SMALLEST_PLAIN_EXPONENT && exponent < FIRST_SCIENTIFIC_EXPONENT) {
            String plain = exact.toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        String digits = exact.unscaledValue().abs().toString();
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        int size = Math.abs(exponent);
        return (value < 0 ? "-" : "") + digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+")
                + (size < TWO_DIGITS ? "0" : "") + size;
    }
}
