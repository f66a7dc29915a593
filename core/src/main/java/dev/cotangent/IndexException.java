package dev.cotangent;

/** An index or a dimension out of range: PyTorch's {@code IndexError}. */
public final class IndexException extends CotangentException {
    private static final long serialVersionUID = 1L;

    /** With a message that says what was wrong and with which values. */
    public IndexException(String message) {
        super(message);
    }

    /** With a message and the exception that led here. */
    public IndexException(String message, Throwable cause) {
        super(message, cause);
    }
}
