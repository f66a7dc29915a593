package dev.cotangent.autograd;

/** Anomaly mode: nodes remember the forward call that made them, and a NaN in a gradient is an error. */
public final class Anomaly {
    private static volatile boolean enabled;

    private Anomaly() {}

    /** Whether the mode is on. */
    public static boolean isEnabled() {
        return enabled;
    }

    /** Turns it on or off for the process. */
    public static void set(boolean value) {
        enabled = value;
    }
}
