package dev.cotangent;

/** Thrown for an argument of an unsupported type: PyTorch's {@code TypeError}. */
public final class TypeException extends CotangentException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception with a message. */
    public TypeException(String message) {
        super(message);
    }

    /** Creates an exception with a message and a cause. */
    public TypeException(String message, Throwable cause) {
        super(message, cause);
    }
}
