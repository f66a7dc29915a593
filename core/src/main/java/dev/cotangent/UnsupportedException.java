package dev.cotangent;

/** What exists in principle but not for these operands: PyTorch's {@code NotImplementedError}. */
public final class UnsupportedException extends CotangentException {
    private static final long serialVersionUID = 1L;

    /** With a message that says what was wrong and with which values. */
    public UnsupportedException(String message) {
        super(message);
    }

    /** With a message and the exception that led here. */
    public UnsupportedException(String message, Throwable cause) {
        super(message, cause);
    }
}
