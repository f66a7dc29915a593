package dev.cotangent.backend;

import java.util.function.Supplier;

/** Computes the elements of a storage when they are first needed. Made by operator fusion alone. */
public abstract class PendingResult {
    private int retained;

    /** Creates a result that no backward pass has saved. */
    protected PendingResult() {}

    /** Computes the elements and fills the storage that waits for them. */
    protected abstract void evaluate(Storage target);

    /** Reads a copy in place of a storage that is about to be written. */
    protected abstract void replace(Storage written, Storage copy);

    /** Runs work on the stream on which the result was asked for. */
    protected abstract void runOnStream(Storage target, Supplier<Storage[]> work);

    /** Returns how many backward passes have saved the result. A hint: threads may lose a count. */
    public final int retained() {
        return retained;
    }

    final void retain(int change) {
        retained += change;
    }
}
