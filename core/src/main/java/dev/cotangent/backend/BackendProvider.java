package dev.cotangent.backend;

/** How a backend is found: a service of {@link java.util.ServiceLoader}. Loading one must touch no native library. */
public interface BackendProvider {
    /** The kind of device: {@code cpu}, {@code cuda}. */
    String deviceType();

    /** A name to show. */
    String name();

    /** Among several for one kind of device, the highest that is usable is taken. */
    int rank();

    /** Whether it can work here, found out cheaply and without harm. */
    Probe probe();

    /** The backend for the device of that index, below {@link Probe#devices}. Called at most once for each. */
    Backend open(int index);

    /**
     * What a probe found.
     *
     * @param devices how many devices can be used; 0 where none
     * @param message what was found, or why nothing can be used and what to do about it
     */
    record Probe(int devices, String message) {
        /** Whether there is a device. */
        public boolean usable() {
            return devices > 0;
        }
    }
}
