package dev.cotangent;

/** Thrown for an argument with an invalid value: PyTorch's {@code ValueError}. */
public final class ValueException extends CotangentException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception with a message. */
    public ValueException(String message) {
        super(message);
    }

    /** Creates an exception with a message and a cause. */
    public ValueException(String message, Throwable cause) {
        super(message, cause);
    }
}
