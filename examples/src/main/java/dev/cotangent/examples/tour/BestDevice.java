package dev.cotangent.examples.tour;

import dev.cotangent.Device;

/** The device of the CUDA section of the tour. */
public final class BestDevice {
    private static Device device = Device.cpu();

    private BestDevice() {}

    static void set(Device chosen) {
        device = chosen;
    }

    /** Returns the best device available, or the one of {@code --device}. */
    public static Device get() {
        return device;
    }
}
