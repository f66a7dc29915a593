package dev.cotangent.backend;

import java.util.function.Supplier;

/** A deferred result that is materialized on first access. Created by operator fusion only. */
public abstract class PendingResult {
    private int retained;

    /** Creates a result that no backward pass has saved. */
    protected PendingResult() {}

    /** Computes the elements and fills the storage that waits for them. */
    protected abstract void evaluate(Storage target);

    /** Replaces an operand that is about to be overwritten by a copy. */
    protected abstract void replace(Storage written, Storage copy);

    /** Runs work on the stream on which the result was requested. */
    protected abstract void runOnStream(Storage target, Supplier<Storage[]> work);

    /** Returns how many backward passes have saved the result. A hint: racing threads may lose a count. */
    public final int retained() {
        return retained;
    }

    final void retain(int change) {
        retained += change;
    }
}
