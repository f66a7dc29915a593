package dev.cotangent;

/** A matrix that has no such factorisation, inverse or solution: PyTorch's {@code torch.linalg.LinAlgError}. */
public final class LinAlgException extends CotangentException {
    private static final long serialVersionUID = 1L;

    /** Creates one with a message that says what was wrong and with which matrix of a batch. */
    public LinAlgException(String message) {
        super(message);
    }

    /** Creates one with a message and the exception that led here. */
    public LinAlgException(String message, Throwable cause) {
        super(message, cause);
    }
}
