package dev.cotangent.data.table;

import dev.cotangent.data.SampleIterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Rows read ahead by one; closes itself at the end. */
abstract class Rows implements SampleIterator<Row> {
    private @Nullable Row next;
    private boolean closed;

    /** Reads the next row, null at the end. */
    abstract @Nullable Row read();

    /** Closes the file. */
    abstract void release();

    @Override
    public boolean hasNext() {
        if (next == null && !closed) {
            boolean done = false;
            try {
                next = read();
                done = next != null;
            } finally {
                if (!done) close();
            }
        }
        return next != null;
    }

    @Override
    public Row next() {
        Row row = hasNext() ? next : null;
        if (row == null) throw new NoSuchElementException();
        next = null;
        return row;
    }

    @Override
    public void close() {
        if (closed) return;
        closed = true;
        next = null;
        release();
    }
}
