package dev.cotangent.data.table;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.cotangent.data.FileException;
import dev.cotangent.data.SampleIterator;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.data.Reading;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a file of comma-separated values (RFC 4180), decompressed where its name ends with {@code .gz}. Values are text
 * until they are asked for; an empty one is none. Needs the library {@code de.siegmar:fastcsv}.
 */
public final class CsvDataset extends TableDataset {
    private static final String WHAT = "reading CSV files";
    private static final String LIBRARY = "de.siegmar:fastcsv";

    private final CsvOptions options;

    private CsvDataset(Path file, List<String> columns, CsvOptions options) {
        super(file, columns);
        this.options = options;
    }

    /** Returns options for commas, double quotes, UTF-8, and names in the first line. */
    public static CsvOptions options() {
        return CsvOptions.DEFAULT;
    }

    /** Opens a file with {@link #options}. */
    public static CsvDataset of(Path file) {
        return of(file, options());
    }

    /** Opens a file: reads the names of its columns. */
    public static CsvDataset of(Path file, CsvOptions options) {
        Arguments.notNull("CsvDataset", "file", file);
        Arguments.notNull("CsvDataset", "options", options);
        List<String> given = options.columns();
        return Reading.by(WHAT, LIBRARY, file, () -> {
            List<String> columns = given;
            try (Records records = new Records(file, options)) {
                CsvRecord first = records.read();
                if (columns == null) {
                    if (first == null)
                        throw new FileException(file, "the file is empty: there is no line of names", null);
                    columns = first.getFields();
                }
            }
            return new CsvDataset(file, columns, options);
        });
    }

    @Override
    public SampleIterator<Row> iterator() {
        return Reading.by(WHAT, LIBRARY, file(), () -> {
            Records records = new Records(file(), options);
            if (options.columns() == null) records.read();
            return new Rows() {
                @Override
                @Nullable
                Row read() {
                    CsvRecord record = records.read();
                    return record == null ? null : row(record);
                }

                @Override
                void release() {
                    records.close();
                }
            };
        });
    }

    private Row row(CsvRecord record) {
        long line = record.getStartingLineNumber();
        int count = record.getFieldCount();
        if (count != columns().size()) {
            throw new FileException(
                    file(),
                    line,
                    "",
                    count + " values for " + columns().size() + " columns " + columns()
                            + "; quote values that contain a '" + options.separator() + "', or set another separator",
                    null);
        }
        @Nullable Object[] values = new @Nullable Object[count];
        for (int i = 0; i < count; i++) {
            String text = record.getField(i);
            values[i] = text.isEmpty() ? null : text;
        }
        return new Row(this, line, values);
    }

    /** The records of the file. */
    private static final class Records implements AutoCloseable {
        private final Path file;
        private final CsvReader<CsvRecord> reader;
        private final CloseableIterator<CsvRecord> records;

        Records(Path file, CsvOptions options) {
            this.file = file;
            var builder = CsvReader.builder()
                    .fieldSeparator(options.separator())
                    .quoteCharacter(options.quote())
                    .skipEmptyLines(true)
                    .detectBomHeader(true)
                    .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .missingFieldStrategy(FieldMismatchStrategy.IGNORE);
            if (options.comment() != null) {
                builder.commentStrategy(CommentStrategy.SKIP).commentCharacter(options.comment());
            }
            reader = builder.ofCsvRecord(Reading.open(file), options.charset());
            records = reader.iterator();
        }

        @Nullable
        CsvRecord read() {
            try {
                return records.hasNext() ? records.next() : null;
            } catch (CsvParseException e) {
                throw new FileException(
                        file, String.valueOf(e.getMessage()) + "; check its quotes, or set another quote", e);
            } catch (RuntimeException e) {
                throw Reading.failure(file, e.getCause() instanceof IOException io ? io : e);
            }
        }

        @Override
        public void close() {
            Reading.close(file, records);
            Reading.close(file, reader);
        }
    }
}
