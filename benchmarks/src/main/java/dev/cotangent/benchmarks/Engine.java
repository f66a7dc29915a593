package dev.cotangent.benchmarks;

import org.jspecify.annotations.Nullable;

/** Something on the JVM that is measured, driven by a {@link Worker}: ours, or a peer that is found as a service. */
public interface Engine {
    /** How {@code --peer} names it. */
    String name();

    /** Starts it on a device with so many threads and returns what it calls itself, with its version. */
    String open(String device, int threads);

    /** Makes the operands of a case; null where there is no such case. */
    @Nullable
    Prepared prepare(String name);

    /** A case whose operands are there. */
    interface Prepared {
        /** Does it so many times and waits for the end. */
        void run(int times);

        /** Of all that one run leaves behind. */
        Inputs.Checksum checksum();

        /** Called before a series of runs, outside what is measured. */
        default void reset() {}

        /** The seconds that the hardware needs at least; NaN where nobody knows. */
        default double limit() {
            return Double.NaN;
        }
    }
}
