package dev.cotangent.backend;

/**
 * A device with streams and memory of its own, such as a GPU. Work is submitted to the calling thread's current stream
 * and runs in the order of the calls; streams run concurrently unless one waits for an event of another.
 */
public interface Accelerator extends Backend {
    /** A stream: an ordered sequence of work. */
    interface Stream {
        /** Returns whether all submitted work has finished. */
        boolean isDone();

        /** Blocks until all submitted work has finished. */
        void synchronize();

        /** Makes work submitted from now on wait for an event, without blocking a thread. */
        void waitFor(Event event);
    }

    /** A position in a stream's work that others can wait for. */
    interface Event {
        /** Records the event after the work submitted to a stream so far. */
        void record(Stream stream);

        /** Returns whether the stream has reached the event; true if it was never recorded. */
        boolean isDone();

        /** Blocks until the stream has reached the event. */
        void synchronize();

        /**
         * Returns the milliseconds between this event and a later one; both must be reached and have timing enabled.
         */
        float millisecondsUntil(Event end);
    }

    /** A captured graph of work. */
    interface Capture {
        /** Replays the work on the calling thread's current stream, with random numbers from a seed and position. */
        void replay(long seed, long position);

        /** Frees the graph and its private memory pool. */
        void close();
    }

    /** Returns the device's default stream. */
    Stream defaultStream();

    /** Returns the calling thread's current stream. */
    Stream currentStream();

    /** Sets the calling thread's current stream. */
    void setCurrentStream(Stream stream);

    /** Returns a stream that runs concurrently with others; lower priority numbers run first. Streams may be reused. */
    Stream newStream(int priority);

    /** Returns an event, which measures time if {@code timing}. */
    Event newEvent(boolean timing);

    /**
     * Captures the work submitted by {@code work} without running it.
     *
     * @param seed seed of the only generator that may be used
     * @param position the generator's current position
     */
    Capture capture(long seed, long position, Runnable work);

    /** Returns statistics of the device's memory. */
    MemoryReport memoryReport();

    /** Resets the peaks of {@link #memoryReport} to the current values. */
    void resetPeaks();

    /** Limits the bytes that may be reserved; allocations beyond fail as if the device had no more memory. */
    void limitMemory(long bytes);

    /** Returns cached memory to the device. */
    void emptyCache();
}
