package dev.cotangent.tests.contract;

import dev.cotangent.backend.Backend;
import dev.cotangent.backend.BackendProvider;
import dev.cotangent.tests.reference.ReferenceProvider;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

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
        return new Lab(open(deviceType), open(ReferenceProvider.TYPE), seed);
    }

    private static Backend open(String deviceType) {
        List<BackendProvider> providers = ServiceLoader.load(BackendProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(p -> p.deviceType().equals(deviceType))
                .sorted(Comparator.comparingInt(BackendProvider::rank).reversed())
                .toList();
        for (BackendProvider provider : providers) if (provider.probe().usable()) return provider.open(0);
        throw new IllegalStateException("no usable backend for " + deviceType + " among "
                + providers.stream()
                        .map(p -> p.name() + ": " + p.probe().message())
                        .toList());
    }
}
