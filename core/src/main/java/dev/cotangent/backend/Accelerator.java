package dev.cotangent.backend;

/**
 * A device with queues of work and with memory of its own, such as a GPU. Work that is asked for goes to the calling
 * thread's current queue of the device, and is done in the order of the calls; queues go on side by side unless one is
 * told to wait.
 */
public interface Accelerator extends Backend {
    /** An order of work. */
    interface Stream {
        /** Whether everything asked for is done. */
        boolean isDone();

        /** Waits until everything asked for is done. */
        void synchronize();

        /** Lets what is asked for from now on wait until a mark is passed, which no thread waits for. */
        void waitFor(Event marker);
    }

    /** A place in a queue that others can wait for. */
    interface Event {
        /** Sets it behind what was asked of a queue. */
        void record(Stream queue);

        /** Whether the queue came there; true where it was never set. */
        boolean isDone();

        /** Waits until the queue came there. */
        void synchronize();

        /** The milliseconds between the passing of this and of another; both must be done and tell the time. */
        float millisecondsUntil(Event end);
    }

    /** Work that can be done again. */
    interface Capture {
        /** Does it on the calling thread's current queue, with the random numbers of that place in a sequence. */
        void replay(long seed, long position);

        /** Frees it and the memory that only it uses. */
        void close();
    }

    /** The queue that this device's work goes to unless told otherwise. */
    Stream defaultStream();

    /** The calling thread's current queue. */
    Stream currentStream();

    /** Makes a queue the calling thread's current one. */
    void setCurrentStream(Stream queue);

    /** A queue beside the others; the lower the number, the earlier its turn. They may be handed out again in time. */
    Stream newStream(int priority);

    /** A mark, which tells the time where {@code timing}. */
    Event newEvent(boolean timing);

    /**
     * Takes down the work that is asked for in {@code work}, which is not done.
     *
     * @param seed of the only sequence from which random numbers may be drawn
     * @param position where that sequence is now
     */
    Capture capture(long seed, long position, Runnable work);

    /** What is known of the memory. */
    MemoryReport memoryReport();

    /** Lets the peaks of {@link #memoryReport} start from what there is now. */
    void resetPeaks();

    /** Gives memory that is kept for reuse back to the device. */
    void emptyCache();
}
