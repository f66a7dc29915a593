package dev.cotangent.data.table;

import dev.cotangent.IndexException;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.data.FileException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row of a table. Immutable; the number of a row and the names of the columns are in every error. */
public final class Row {
    private final TableDataset table;
    private final long number;
    private final @Nullable Object[] values;

    /** Creates a row that takes ownership of the values of the table's columns. */
    Row(TableDataset table, long number, @Nullable Object[] values) {
        this.table = table;
        this.number = number;
        this.values = values;
    }

    /** Returns the number of the row, from 1 on; in CSV files that of the line at which it starts. */
    public long number() {
        return number;
    }

    /** Returns the names of the columns. */
    public List<String> columns() {
        return table.columns();
    }

    /** Returns the value as the file has it: a String, a Number, a Boolean, a date; null where there is none. */
    public @Nullable Object get(String column) {
        return get(table.index(column));
    }

    /** Returns the value of a column by its number, from 0 on; see {@link #get(String)}. */
    public @Nullable Object get(int column) {
        if (column < 0 || column >= values.length) {
            throw new IndexException(table.file() + ": there is no column " + column + ", the " + values.length
                    + " columns are " + columns());
        }
        return values[column];
    }

    /** Returns whether there is no value, in CSV files an empty one. */
    public boolean isNull(String column) {
        return get(column) == null;
    }

    /** Returns a value as text. */
    public String getString(String column) {
        return value(table.index(column)).toString();
    }

    /** Returns a number; text is read as Java's {@link Double#parseDouble} does, true is 1. */
    public double getDouble(String column) {
        return doubleAt(table.index(column));
    }

    /** Returns a number, or another one where there is none. */
    public double getDouble(String column, double ifNull) {
        return isNull(column) ? ifNull : getDouble(column);
    }

    /** Returns an integer; a fraction is an error. */
    public long getLong(String column) {
        int at = table.index(column);
        Object value = value(at);
        try {
            return switch (value) {
                case Long l -> l;
                case Integer i -> i;
                case Short s -> s;
                case Byte b -> b;
                case Boolean b -> b ? 1 : 0;
                case Number n -> whole(n.doubleValue());
                case String s -> Long.parseLong(s.strip());
                default -> throw new NumberFormatException();
            };
        } catch (NumberFormatException e) {
            throw wrong(
                    at,
                    "no integer: '" + value + "'" + (value instanceof String ? "" : kind(value))
                            + "; read it by getDouble or getString, or filter such rows");
        }
    }

    private static long whole(double value) {
        if (value != Math.rint(value) || Math.abs(value) >= 0x1p63) throw new NumberFormatException();
        return (long) value;
    }

    /** Returns a truth value: a Boolean, {@code true} or {@code false} in any case, or a number, 0 being false. */
    public boolean getBoolean(String column) {
        int at = table.index(column);
        Object value = value(at);
        if (value instanceof Boolean b) return b;
        if (value instanceof String s) {
            if (s.strip().equalsIgnoreCase("true")) return true;
            if (s.strip().equalsIgnoreCase("false")) return false;
        }
        return doubleAt(at) != 0;
    }

    /** Returns numbers of several columns as a float32 tensor with one dimension. */
    public Tensor tensor(List<String> columns) {
        return tensor(columns.stream().mapToInt(table::index).toArray());
    }

    /** Returns numbers of columns by their numbers, as a float32 tensor with one dimension. */
    Tensor tensor(int... columns) {
        float[] numbers = new float[columns.length];
        for (int i = 0; i < numbers.length; i++) numbers[i] = (float) doubleAt(columns[i]);
        return Tensors.tensor(numbers);
    }

    double doubleAt(int column) {
        Object value = value(column);
        return switch (value) {
            case Number n -> n.doubleValue();
            case Boolean b -> b ? 1 : 0;
            case String s -> {
                try {
                    yield Double.parseDouble(s.strip());
                } catch (NumberFormatException e) {
                    throw wrong(
                            column, "no number: '" + s + "'; turn it into one by map(row -> ...), or filter such rows");
                }
            }
            default ->
                throw wrong(
                        column, "no number: '" + value + "'" + kind(value) + "; turn it into one by map(row -> ...)");
        };
    }

    private static String kind(Object value) {
        return " (" + value.getClass().getSimpleName() + ")";
    }

    private Object value(int column) {
        Object value = values[column];
        if (value != null) return value;
        throw wrong(column, "there is no value; give getDouble another one, or filter such rows by isNull");
    }

    private FileException wrong(int column, String message) {
        return new FileException(table.file(), number, columns().get(column), message, null);
    }

    /** Returns {@code {name=value, ...}}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < values.length; i++) {
            if (i > 0) text.append(", ");
            text.append(columns().get(i)).append('=').append(values[i]);
        }
        return text.append('}').toString();
    }
}
