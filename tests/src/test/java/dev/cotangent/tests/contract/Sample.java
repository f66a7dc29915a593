package dev.cotangent.tests.contract;

import dev.cotangent.Device;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * How much of the contract and of the golden data is asked: everything, or, where the host's compiler has to compile every
 * program for an emulated device, some checks of the chapters with many programs, some rounds of each check, and some
 * records.
 *
 * @param thorough whether it is everything
 */
public record Sample(boolean thorough) {
    private static final int ROUNDS = 4;
    private static final int RECORDS = 8;
    private static final Map<String, Integer> SHARES =
            Map.of("pointwise", 4, "programs", 4, "reductions", 4, "elementwise", 4, "fusion", 25);

    /** As the system property {@code contract.thorough} says. */
    public static Sample fromProperties() {
        return new Sample(Boolean.getBoolean("contract.thorough"));
    }

    /** A device under test. */
    public Lab lab(Device device) {
        return Lab.of(device, thorough ? 1 : ROUNDS);
    }

    /** The chapters of both contracts. */
    public Map<String, Supplier<Stream<Check>>> chapters() {
        Map<String, Supplier<Stream<Check>>> all = new LinkedHashMap<>(BackendContract.chapters());
        all.putAll(TensorContract.chapters());
        if (thorough) return all;
        all.replaceAll((name, checks) -> {
            int one = SHARES.getOrDefault(name, 1);
            return () -> checks.get().filter(c -> Math.floorMod(c.name().hashCode(), one) == 0);
        });
        return all;
    }

    /** Whether a record is asked, by its id and {@code contract.seed}. */
    public boolean has(String id) {
        return thorough || Math.floorMod((id + Long.getLong(Lab.SEED, 1)).hashCode(), RECORDS) == 0;
    }
}
