package dev.cotangent;

/** What this library throws: PyTorch's {@code RuntimeError} and the base of the other kinds. */
public class CotangentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With a message that says what was wrong and with which values. */
    public CotangentException(String message) {
        super(message);
    }

    /** With a message and the exception that led here. */
    public CotangentException(String message, Throwable cause) {
        super(message, cause);
    }
}
