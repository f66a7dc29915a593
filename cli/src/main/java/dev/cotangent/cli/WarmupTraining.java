package dev.cotangent.cli;

import dev.cotangent.Device;
import java.io.IOException;

/** A short training that {@code cotangent warmup} runs to compile its kernels; a service, which other modules bring. */
public interface WarmupTraining {
    /** Returns what is trained, for a line of progress. */
    String name();

    /** Trains for a few steps. */
    void run(Device device) throws IOException;
}
