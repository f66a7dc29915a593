package dev.cotangent.io;

import dev.cotangent.CotangentException;
import java.nio.file.Path;

/** Thrown for a file that is broken, hostile, or of another format. */
public final class FileFormatException extends CotangentException {
    private static final long serialVersionUID = 1L;

    private final String file;

    FileFormatException(Path file, String kind, String fault, Throwable cause) {
        super("cannot read " + file + " as " + kind + ": " + fault, cause);
        this.file = file.toString();
    }

    /** Returns the file. */
    public Path file() {
        return Path.of(file);
    }
}
