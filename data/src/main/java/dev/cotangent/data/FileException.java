package dev.cotangent.data;

import dev.cotangent.CotangentException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file that cannot be read, or has something in it that cannot be: says where, and what to do. */
public final class FileException extends CotangentException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Path file;
    private final long row;
    private final String column;

    /**
     * Creates one of a place in a table.
     *
     * @param file which was read
     * @param row the number of the row, from 1 on; 0 for none
     * @param column the name of the column; empty for none
     * @param message the problem and the remedy
     * @param cause what led here, if anything
     */
    public FileException(Path file, long row, String column, String message, @Nullable Throwable cause) {
        super(file + (row > 0 ? ", row " + row : "") + (column.isEmpty() ? "" : ", column '" + column + "'") + ": "
                + message);
        if (cause != null) initCause(cause);
        this.file = file;
        this.row = row;
        this.column = column;
    }

    /** Creates one of a whole file. */
    public FileException(Path file, String message, @Nullable Throwable cause) {
        this(file, 0, "", message, cause);
    }

    /** Returns the file; null after serialisation. */
    public @Nullable Path file() {
        return file;
    }

    /** Returns the number of the row, from 1 on; 0 for none. */
    public long row() {
        return row;
    }

    /** Returns the name of the column; empty for none. */
    public String column() {
        return column;
    }
}
