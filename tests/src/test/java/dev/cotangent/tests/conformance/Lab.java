package dev.cotangent.tests.conformance;

import dev.cotangent.Device;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Backends;
import dev.cotangent.tests.reference.ReferenceProvider;

/**
 * A device under test and the reference.
 *
 * @param device the device under test
 * @param reference what it is compared with
 * @param seed of all random numbers; a check adds its name
 * @param share the divisor of the number of rounds of a check, where each needs a program of its own
 */
public record Lab(Backend device, Backend reference, long seed, int share) {
    /** The system property that names the device under test; {@code cpu} where it is not set. */
    public static final String DEVICE = "contract.device";

    /** The system property of the seed. */
    public static final String SEED = "contract.seed";

    /** Creates a lab from the system properties. */
    public static Lab fromProperties() {
        return of(new Device(System.getProperty(DEVICE, "cpu"), 0), 1);
    }

    /** Creates a lab for a device under test, with the seed of the system property. */
    public static Lab of(Device device, int share) {
        Backend reference = Backends.of(new Device(ReferenceProvider.TYPE, 0));
        return new Lab(Backends.of(device), reference, Long.getLong(SEED, 1), share);
    }
}
