package dev.cotangent.tests.contract;

import dev.cotangent.Device;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Backends;
import dev.cotangent.tests.reference.ReferenceProvider;

/**
 * A device under test beside the reference.
 *
 * @param device what is tested
 * @param reference what it is compared with
 * @param seed of all random numbers; a check adds its name
 */
public record Lab(Backend device, Backend reference, long seed) {
    /** The system property that names the device under test; {@code cpu} where it is not set. */
    public static final String DEVICE = "contract.device";

    /** The system property of the seed. */
    public static final String SEED = "contract.seed";

    /** As the system properties say. */
    public static Lab fromProperties() {
        return of(System.getProperty(DEVICE, "cpu"), Long.getLong(SEED, 1));
    }

    /** The first device of a kind, under test. */
    public static Lab of(String deviceType, long seed) {
        return new Lab(
                Backends.of(new Device(deviceType, 0)), Backends.of(new Device(ReferenceProvider.TYPE, 0)), seed);
    }
}
