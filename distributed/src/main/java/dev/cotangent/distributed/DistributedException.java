package dev.cotangent.distributed;

import dev.cotangent.CotangentException;

/**
 * Thrown if processes cannot be connected or a collective fails: a rank ended, does not answer within the timeout, calls
 * another collective or sends damaged data. The process group cannot be used afterwards; PyTorch's {@code
 * DistBackendError}.
 */
public final class DistributedException extends CotangentException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception with a message. */
    public DistributedException(String message) {
        super(message);
    }

    /** Creates an exception with a message and a cause. */
    public DistributedException(String message, Throwable cause) {
        super(message, cause);
    }
}
