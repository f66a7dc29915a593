package dev.cotangent.profiler;

import dev.cotangent.internal.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * Options of a profile's table. Immutable; each method returns changed options.
 *
 * @param sortBy the column to sort by, the largest first; null for the order of first calls
 * @param rowLimit maximum number of rows; -1 for all
 * @param header a title, or null
 * @param maxNameColumnWidth maximum width of names
 * @param maxShapesColumnWidth maximum width of shapes
 */
public record TableOptions(
        @Nullable SortKey sortBy,
        int rowLimit,
        @Nullable String header,
        int maxNameColumnWidth,
        int maxShapesColumnWidth) {
    static final TableOptions DEFAULT = new TableOptions(null, 100, null, 55, 80);

    /** Sets the column to sort by; PyTorch's {@code sort_by}. */
    public TableOptions sortBy(SortKey key) {
        return new TableOptions(
                Arguments.notNull("sortBy", "key", key), rowLimit, header, maxNameColumnWidth, maxShapesColumnWidth);
    }

    /** Works as {@link #sortBy(SortKey)}, by PyTorch's name of the column. */
    public TableOptions sortBy(String key) {
        return sortBy(SortKey.of(key));
    }

    /** Sets the maximum number of rows; PyTorch's {@code row_limit}. */
    public TableOptions rowLimit(int rows) {
        return new TableOptions(sortBy, rows, header, maxNameColumnWidth, maxShapesColumnWidth);
    }

    /** Sets a title; PyTorch's {@code header}. */
    public TableOptions header(String text) {
        Arguments.notNull("header", "text", text);
        return new TableOptions(sortBy, rowLimit, text, maxNameColumnWidth, maxShapesColumnWidth);
    }

    /** Sets the maximum width of names; PyTorch's {@code max_name_column_width}. */
    public TableOptions maxNameColumnWidth(int characters) {
        return new TableOptions(sortBy, rowLimit, header, Math.max(4, characters), maxShapesColumnWidth);
    }

    /** Sets the maximum width of shapes; PyTorch's {@code max_shapes_column_width}. */
    public TableOptions maxShapesColumnWidth(int characters) {
        return new TableOptions(sortBy, rowLimit, header, maxNameColumnWidth, Math.max(4, characters));
    }
}
