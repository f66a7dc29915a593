package dev.cotangent.benchmarks;

import org.jspecify.annotations.Nullable;

/** An engine on the JVM, driven by a {@link Worker}: ours, or a peer provided as a service. */
public interface Engine {
    /** Returns its name for {@code --peer}. */
    String name();

    /** Starts it on a device with a number of threads, and returns its name and version. */
    String open(String device, int threads);

    /** Creates the operands of a case; returns null if it has no such case. */
    @Nullable
    Prepared prepare(String name);

    /** A case with its operands. */
    interface Prepared {
        /** Runs the case repeatedly and waits for the end. */
        void run(int times);

        /** Returns the checksum of the results of a run. */
        Inputs.Checksum checksum();

        /** Resets its state, before each measured series of runs. */
        default void reset() {}

        /** Returns the minimal seconds on the hardware, or NaN if unknown. */
        default double limit() {
            return Double.NaN;
        }
    }
}
