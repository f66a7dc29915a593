package dev.cotangent;

/** An argument whose value makes no sense: PyTorch's {@code ValueError}. */
public final class ValueException extends CotangentException {
    private static final long serialVersionUID = 1L;

    /** With a message that says what was wrong and with which values. */
    public ValueException(String message) {
        super(message);
    }

    /** With a message and the exception that led here. */
    public ValueException(String message, Throwable cause) {
        super(message, cause);
    }
}
