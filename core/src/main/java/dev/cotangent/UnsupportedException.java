package dev.cotangent;

/** Thrown for operands that an operation does not support: PyTorch's {@code NotImplementedError}. */
public final class UnsupportedException extends CotangentException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception with a message. */
    public UnsupportedException(String message) {
        super(message);
    }

    /** Creates an exception with a message and a cause. */
    public UnsupportedException(String message, Throwable cause) {
        super(message, cause);
    }
}
