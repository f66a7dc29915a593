package dev.cotangent.io;

import dev.cotangent.CotangentException;

/** Describes malformed bytes; {@link MappedFile#read} adds the file. */
final class Malformed extends CotangentException {
    private static final long serialVersionUID = 1L;

    Malformed(String fault) {
        super(fault);
    }

    Malformed(String fault, Throwable cause) {
        super(fault, cause);
    }

    String fault() {
        return String.valueOf(getMessage());
    }
}
