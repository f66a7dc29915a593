package dev.cotangent.emulator.ptx;

/** Thrown if PTX is not understood, or if a kernel does what faults or hangs on a GPU. */
public final class PtxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception with a message. */
    public PtxException(String message) {
        super(message);
    }
}
