package dev.cotangent.data.table;

import dev.cotangent.internal.Arguments;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The format of a CSV file. Immutable; each method returns changed options.
 *
 * @param separator between the values
 * @param quote around values that contain a separator or a line break
 * @param charset of the file; a byte order mark is heeded
 * @param columns their names; null where the first line has them
 * @param comment with which lines begin that do not count; null for none
 */
public record CsvOptions(
        char separator,
        char quote,
        Charset charset,
        @Nullable List<String> columns,
        @Nullable Character comment) {
    static final CsvOptions DEFAULT = new CsvOptions(',', '"', StandardCharsets.UTF_8, null, null);

    /** Returns options with another separator, such as {@code '\t'}. */
    public CsvOptions separator(char value) {
        return new CsvOptions(value, quote, charset, columns, comment);
    }

    /** Returns options with another quote. */
    public CsvOptions quote(char value) {
        return new CsvOptions(separator, value, charset, columns, comment);
    }

    /** Returns options with another charset. */
    public CsvOptions charset(Charset value) {
        Arguments.notNull("CsvOptions", "charset", value);
        return new CsvOptions(separator, quote, value, columns, comment);
    }

    /** Returns options for a file without a line of names. */
    public CsvOptions columns(String... names) {
        return new CsvOptions(
                separator, quote, charset, List.of(Arguments.noNulls("CsvOptions", "columns", names)), comment);
    }

    /** Returns options that leave out lines that begin with a character, such as {@code '#'}. */
    public CsvOptions comment(char value) {
        return new CsvOptions(separator, quote, charset, columns, value);
    }
}
