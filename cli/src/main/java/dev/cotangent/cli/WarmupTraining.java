package dev.cotangent.cli;

import dev.cotangent.Device;
import java.io.IOException;

/** A short training that {@code cotangent warmup} runs to compile its kernels, provided as a service. */
public interface WarmupTraining {
    /** Returns a description for the progress line. */
    String name();

    /** Trains for a few steps. */
    void run(Device device) throws IOException;
}
