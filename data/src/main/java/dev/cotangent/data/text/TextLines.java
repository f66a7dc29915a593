package dev.cotangent.data.text;

import dev.cotangent.data.IterableDataset;
import dev.cotangent.data.SampleIterator;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.data.Reading;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a text file without their ends, read in order; decompressed where its name ends with {@code .gz}.
 *
 * @param file which is opened by each iteration
 * @param charset of the file; bytes that are no text in it are an error
 */
public record TextLines(Path file, Charset charset) implements IterableDataset<String> {
    /** Checks the arguments. */
    public TextLines {
        Arguments.notNull("TextLines", "file", file);
        Arguments.notNull("TextLines", "charset", charset);
    }

    /** Creates one of a file in UTF-8. */
    public TextLines(Path file) {
        this(file, StandardCharsets.UTF_8);
    }

    @Override
    public SampleIterator<String> iterator() {
        return new Lines(file, new BufferedReader(new InputStreamReader(Reading.open(file), charset.newDecoder())));
    }

    private static final class Lines implements SampleIterator<String> {
        private final Path file;
        private final BufferedReader reader;
        private @Nullable String next;
        private boolean closed;

        Lines(Path file, BufferedReader reader) {
            this.file = file;
            this.reader = reader;
        }

        @Override
        public boolean hasNext() {
            if (next == null && !closed) {
                boolean done = false;
                try {
                    next = Reading.<@Nullable String>of(file, reader::readLine);
                    done = next != null;
                } finally {
                    if (!done) close();
                }
            }
            return next != null;
        }

        @Override
        public String next() {
            String line = hasNext() ? next : null;
            if (line == null) throw new NoSuchElementException();
            next = null;
            return line;
        }

        @Override
        public void close() {
            if (closed) return;
            closed = true;
            next = null;
            Reading.close(file, reader);
        }
    }
}
