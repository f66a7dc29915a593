package dev.cotangent;

import dev.cotangent.internal.RecordFunction;

/** The library's base exception: PyTorch's {@code RuntimeError}. */
public class CotangentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception with a message. */
    public CotangentException(String message) {
        super(message);
        RecordFunction.raised();
    }

    /** Creates an exception with a message and a cause. */
    public CotangentException(String message, Throwable cause) {
        super(message, cause);
        RecordFunction.raised();
    }
}
