package dev.cotangent.data.table;

import dev.cotangent.UnsupportedException;
import dev.cotangent.data.FileException;
import dev.cotangent.data.SampleIterator;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.data.Reading;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.util.Text;
import org.jspecify.annotations.Nullable;

/**
 * The rows of an Arrow IPC file (Feather 2) or stream, read record batch by record batch. Needs the libraries {@code
 * org.apache.arrow:arrow-vector} and {@code arrow-memory-unsafe}, and the JVM option {@code
 * --add-opens=java.base/java.nio=ALL-UNNAMED} that they ask for.
 */
public final class ArrowDataset extends TableDataset {
    private static final String WHAT = "reading Arrow files";
    private static final String LIBRARY = "org.apache.arrow:arrow-vector with org.apache.arrow:arrow-memory-unsafe";
    private static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);

    private ArrowDataset(Path file, List<String> columns) {
        super(file, columns);
    }

    /**
     * Opens a file: reads its schema.
     *
     * @param columns to be read; none for all
     */
    public static ArrowDataset of(Path file, String... columns) {
        Arguments.notNull("ArrowDataset", "file", file);
        Arguments.noNulls("ArrowDataset", "columns", columns);
        return by(file, () -> {
            try (Source source = new Source(file)) {
                List<String> all = source.root().getSchema().getFields().stream()
                        .map(Field::getName)
                        .toList();
                for (String name : columns) {
                    if (!all.contains(name)) {
                        throw new FileException(file, 0, name, "there is no such column, only " + all, null);
                    }
                }
                return new ArrowDataset(file, columns.length == 0 ? all : Arrays.asList(columns));
            }
        });
    }

    private static <T extends @Nullable Object> T by(Path file, Reading.Work<T> work) {
        try {
            return Reading.by(WHAT, LIBRARY, file, work);
        } catch (ExceptionInInitializerError e) {
            throw opens(e);
        } catch (UnsupportedException e) {
            // The second use of a class whose initialiser failed.
            boolean initialiser = e.getCause() != null
                    && String.valueOf(e.getCause().getMessage()).startsWith("Could not initialize class");
            throw initialiser ? opens(e) : e;
        }
    }

    private static UnsupportedException opens(Throwable cause) {
        return new UnsupportedException(
                WHAT
                        + " needs the JVM option --add-opens=java.base/java.nio=ALL-UNNAMED, which Arrow asks for:"
                        + " start java with it",
                cause);
    }

    @Override
    public SampleIterator<Row> iterator() {
        return by(file(), () -> new Reader(new Source(file())));
    }

    /** An open file with its memory. */
    private static final class Source implements AutoCloseable {
        private final RootAllocator allocator = new RootAllocator();
        private final ArrowReader reader;

        Source(Path file) throws Exception {
            SeekableByteChannel channel = null;
            try {
                channel = Files.newByteChannel(file);
                byte[] start;
                try (var in = Files.newInputStream(file)) {
                    start = in.readNBytes(MAGIC.length);
                }
                reader = Arrays.equals(start, MAGIC)
                        ? new ArrowFileReader(channel, allocator)
                        : new ArrowStreamReader(channel, allocator);
            } catch (Exception | Error e) {
                if (channel != null) channel.close();
                allocator.close();
                throw e;
            }
        }

        VectorSchemaRoot root() throws Exception {
            return reader.getVectorSchemaRoot();
        }

        @Override
        public void close() throws IOException {
            try {
                reader.close();
            } finally {
                allocator.close();
            }
        }
    }

    private final class Reader extends Rows {
        private final Source source;
        private final List<ValueVector> vectors = new ArrayList<>();
        private final List<ValueVector> decoded = new ArrayList<>();
        private int at;
        private int size;
        private long number;

        Reader(Source source) {
            this.source = source;
        }

        @Override
        @Nullable
        Row read() {
            return ArrowDataset.<@Nullable Row>by(file(), () -> {
                while (at == size) {
                    closeDecoded();
                    if (!source.reader.loadNextBatch()) return null;
                    load(source.root());
                }
                @Nullable Object[] values = new @Nullable Object[columns().size()];
                for (int i = 0; i < values.length; i++) values[i] = value(vectors.get(i), at);
                at++;
                return new Row(ArrowDataset.this, ++number, values);
            });
        }

        private void load(VectorSchemaRoot root) {
            vectors.clear();
            for (String name : columns()) {
                FieldVector vector = root.getVector(name);
                var encoding = vector.getField().getDictionary();
                if (encoding == null) {
                    vectors.add(vector);
                } else {
                    ValueVector plain = DictionaryEncoder.decode(vector, source.reader.lookup(encoding.getId()));
                    decoded.add(plain);
                    vectors.add(plain);
                }
            }
            at = 0;
            size = root.getRowCount();
        }

        private void closeDecoded() {
            decoded.forEach(ValueVector::close);
            decoded.clear();
        }

        @Override
        void release() {
            closeDecoded();
            Reading.close(file(), source);
        }
    }

    private static @Nullable Object value(ValueVector vector, int at) {
        if (vector.isNull(at)) return null;
        return switch (vector) {
            case UInt1Vector v -> v.getObjectNoOverflow(at);
            case UInt4Vector v -> v.getObjectNoOverflow(at);
            case UInt8Vector v -> v.getObjectNoOverflow(at);
            case Float2Vector v -> v.getValueAsFloat(at);
            default ->
                switch (vector.getObject(at)) {
                    case Text t -> t.toString();
                    case Character unsignedShort -> (int) unsignedShort;
                    case Object o -> o;
                };
        };
    }
}
