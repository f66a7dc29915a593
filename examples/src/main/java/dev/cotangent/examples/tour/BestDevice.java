package dev.cotangent.examples.tour;

import dev.cotangent.Device;

/** The device that the CUDA section of the tour runs on. */
public final class BestDevice {
    private static Device device = Device.cpu();

    private BestDevice() {}

    static void set(Device chosen) {
        device = chosen;
    }

    /** The best device there is, or the one that {@code --device} names. */
    public static Device get() {
        return device;
    }
}
