package dev.cotangent.examples.tour;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Python's {@code print} and {@code str}, so that the output of fragments can be compared exactly. */
public final class Python {
    private Python() {}

    /** Prints values as Python's {@code print(a, b, ...)}. */
    public static void print(@Nullable Object... values) {
        System.out.println(Arrays.stream(values).map(Python::str).collect(Collectors.joining(" ")));
    }

    /** Returns Python's {@code str(value)}. */
    public static String str(@Nullable Object value) {
        return value instanceof String text ? text : repr(value);
    }

    /** Returns Python's tuple of these values. */
    public static Tuple tuple(List<?> values) {
        return new Tuple(values);
    }

    private static String repr(@Nullable Object value) {
        return switch (value) {
            case null -> "None";
            case Boolean b -> b ? "True" : "False";
            case String s -> "'" + s + "'";
            case Float f -> number(f.doubleValue());
            case Double d -> number(d);
            case List<?> list -> list.stream().map(Python::repr).collect(Collectors.joining(", ", "[", "]"));
            default -> value.toString();
        };
    }

    /** Returns the shortest digits that parse to the number, with an exponent below 1e-4 and from 1e16 on. */
    private static String number(double d) {
        if (Double.isNaN(d)) return "nan";
        if (Double.isInfinite(d)) return d > 0 ? "inf" : "-inf";
        double size = Math.abs(d);
        if (size == 0 || (size >= 1e-4 && size < 1e16)) {
            String digits = new BigDecimal(Double.toString(d)).toPlainString();
            return (1 / d < 0 && d == 0 ? "-" : "") + (digits.contains(".") ? digits : digits + ".0");
        }
        String[] parts = Double.toString(d).split("E");
        int exponent = Integer.parseInt(parts[1]);
        return parts[0].replaceFirst("\\.0$", "") + "e%+03d".formatted(exponent);
    }

    /**
     * Values that print as a Python tuple.
     *
     * @param values the elements
     */
    public record Tuple(List<?> values) {
        @Override
        public String toString() {
            String inside = values.stream().map(Python::repr).collect(Collectors.joining(", "));
            return values.size() == 1 ? "(" + inside + ",)" : "(" + inside + ")";
        }
    }
}
