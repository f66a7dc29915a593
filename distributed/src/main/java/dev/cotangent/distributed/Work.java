package dev.cotangent.distributed;

/** An operation of a process group that runs in the background; PyTorch's {@code Work}. */
public interface Work {
    /** Returns whether the operation has ended, successfully or not; {@code is_completed}. */
    boolean isCompleted();

    /**
     * Waits for the end and writes the result into the tensor of the call; {@code wait}. The tensor has the result only
     * afterwards, and must not be written in between. Further calls return at once.
     *
     * @throws DistributedException if the operation failed
     */
    void await();
}
