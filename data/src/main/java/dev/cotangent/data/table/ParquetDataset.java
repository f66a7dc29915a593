package dev.cotangent.data.table;

import dev.cotangent.data.FileException;
import dev.cotangent.data.SampleIterator;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.data.Reading;
import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.schema.ColumnProjection;
import dev.hardwood.schema.SchemaNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a Parquet file, read page by page; only the chosen columns are read. Columns are flat: of numbers, booleans, text
 * or dates. Needs the library {@code dev.hardwood:hardwood-core}, and for files compressed by Snappy, Zstandard or LZ4 the
 * library that its message names.
 */
public final class ParquetDataset extends TableDataset {
    private static final String WHAT = "reading Parquet files";
    private static final String LIBRARY = "dev.hardwood:hardwood-core";

    private final long rows;

    private ParquetDataset(Path file, List<String> columns, long rows) {
        super(file, columns);
        this.rows = rows;
    }

    /**
     * Opens a file: reads its schema.
     *
     * @param columns to be read; none for all
     */
    public static ParquetDataset of(Path file, String... columns) {
        Arguments.notNull("ParquetDataset", "file", file);
        Arguments.noNulls("ParquetDataset", "columns", columns);
        return Reading.by(WHAT, LIBRARY, file, () -> {
            try (ParquetFileReader reader = ParquetFileReader.open(InputFile.of(file))) {
                List<SchemaNode> fields = reader.getFileSchema().getRootNode().children();
                List<String> all = fields.stream().map(SchemaNode::name).toList();
                List<String> chosen = columns.length == 0 ? all : Arrays.asList(columns);
                for (String name : chosen) {
                    int at = all.indexOf(name);
                    if (at < 0) throw new FileException(file, 0, name, "there is no such column, only " + all, null);
                    if (!(fields.get(at) instanceof SchemaNode.PrimitiveNode)) {
                        throw new FileException(
                                file,
                                0,
                                name,
                                "its values are lists, maps or structures; choose flat columns of " + all,
                                null);
                    }
                }
                return new ParquetDataset(file, chosen, reader.getFileMetaData().numRows());
            }
        });
    }

    /** Returns the number of rows that the file says it has. */
    public long rowCount() {
        return rows;
    }

    @Override
    public SampleIterator<Row> iterator() {
        return Reading.by(WHAT, LIBRARY, file(), () -> {
            ParquetFileReader reader = ParquetFileReader.open(InputFile.of(file()));
            try {
                RowReader rowReader = reader.buildRowReader()
                        .projection(ColumnProjection.columns(columns().toArray(String[]::new)))
                        .build();
                return new Reader(reader, rowReader);
            } catch (RuntimeException | Error e) {
                reader.close();
                throw e;
            }
        });
    }

    private final class Reader extends Rows {
        private final ParquetFileReader reader;
        private final RowReader rowReader;
        private long number;

        Reader(ParquetFileReader reader, RowReader rowReader) {
            this.reader = reader;
            this.rowReader = rowReader;
        }

        @Override
        @Nullable
        Row read() {
            return Reading.<@Nullable Row>by(WHAT, LIBRARY, file(), () -> {
                if (!rowReader.hasNext()) return null;
                rowReader.next();
                number++;
                @Nullable Object[] values = new @Nullable Object[columns().size()];
                for (int i = 0; i < values.length; i++) {
                    String name = columns().get(i);
                    values[i] = rowReader.isNull(name) ? null : rowReader.getValue(name);
                }
                return new Row(ParquetDataset.this, number, values);
            });
        }

        @Override
        void release() {
            try {
                rowReader.close();
            } finally {
                Reading.close(file(), reader);
            }
        }
    }
}
