package dev.cotangent;

/** Thrown for an index or dimension out of range: PyTorch's {@code IndexError}. */
public final class IndexException extends CotangentException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception with a message. */
    public IndexException(String message) {
        super(message);
    }

    /** Creates an exception with a message and a cause. */
    public IndexException(String message, Throwable cause) {
        super(message, cause);
    }
}
