package dev.cotangent.backend;

/** A service of {@link java.util.ServiceLoader} that provides a backend. Loading one must not load native libraries. */
public interface BackendProvider {
    /** Returns the device type: {@code cpu}, {@code cuda}. */
    String deviceType();

    /** Returns a display name. */
    String name();

    /** Returns the rank: of several usable providers for one device type, the highest is used. */
    int rank();

    /** Checks whether the backend can work on this machine; cheap and without side effects. */
    Probe probe();

    /** Opens the backend of a device index below {@link Probe#devices}. Called at most once per device. */
    Backend open(int index);

    /**
     * The result of a probe.
     *
     * @param devices number of usable devices
     * @param message the devices found, or why none is usable and the remedy
     */
    record Probe(int devices, String message) {
        /** Returns whether there is a usable device. */
        public boolean usable() {
            return devices > 0;
        }
    }
}
