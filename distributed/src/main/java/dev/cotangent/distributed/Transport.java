package dev.cotangent.distributed;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Messages between the ranks of a group. Used by one thread at a time, except {@link #abort}. */
interface Transport {
    /** Stands for no rank. */
    int NONE = -1;

    int rank();

    int size();

    /**
     * Sends to one rank and receives from one at the same time. The message received has the size of {@code in} and
     * belongs to an equal collective.
     *
     * @param to the rank to send to, or {@link #NONE}
     * @param from the rank to receive from, or {@link #NONE}
     * @throws DistributedException if that does not succeed within the timeout; the transport is of no use then
     */
    void exchange(Collective collective, int to, @Nullable MemorySegment out, int from, @Nullable MemorySegment in);

    /** Tells the other ranks why this one cannot go on, as far as possible, and disconnects; any thread may call it. */
    void abort(String reason);

    /** Disconnects after everything sent has arrived. */
    void close();

    /** Returns the error of ranks that are in different collectives. */
    static DistributedException mismatch(int rank, Collective own, int peer, @Nullable Collective other) {
        return new DistributedException("Detected mismatch between collectives on ranks. Rank " + rank + " is in " + own
                + ", but rank " + peer + " is in " + (other == null ? "an unknown operation" : other)
                + ": all ranks have to call the same collectives with equal shapes and dtypes in the same order");
    }
}
