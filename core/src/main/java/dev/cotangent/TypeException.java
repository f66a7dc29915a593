package dev.cotangent;

/** An argument of a kind that the operation does not take: PyTorch's {@code TypeError}. */
public final class TypeException extends CotangentException {
    private static final long serialVersionUID = 1L;

    /** With a message that says what was wrong and with which values. */
    public TypeException(String message) {
        super(message);
    }

    /** With a message and the exception that led here. */
    public TypeException(String message, Throwable cause) {
        super(message, cause);
    }
}
