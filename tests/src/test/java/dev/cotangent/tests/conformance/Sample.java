package dev.cotangent.tests.conformance;

import static java.util.Map.entry;

import dev.cotangent.Device;
import dev.cotangent.cuda.Cuda;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The share of the conformance suite and of the golden data that is run. The full tier runs everything. The fast tier
 * runs every check on the CPU once. What repeats them, and what runs on emulated devices, where the host's compiler has
 * to compile every program, takes a sample: of the checks of a chapter whose names begin with the same word (an
 * operation's) one in N, and at least one. The seed {@code contract.seed} says which, so another seed takes other
 * checks.
 *
 * @param thorough whether it is everything
 */
public record Sample(boolean thorough) {
    /** The divisor of the number of checks of each operation on devices that are not emulated; 1 if not set. */
    private static final String ONE_IN = "contract.sample";

    private static final int ROUNDS = 8;
    private static final int RECORDS = 16;
    private static final Map<String, Integer> EMULATED = Map.ofEntries(
            entry("memory", 2),
            entry("pointwise", 8),
            entry("programs", 8),
            entry("reductions", 6),
            entry("indexing", 2),
            entry("order", 8),
            entry("moves", 8),
            entry("elementwise", 10),
            entry("operators", 2),
            entry("autograd", 2),
            entry("fusion", 25));

    /** Creates a sample from the system property {@code contract.thorough}, which the profile {@code full} sets. */
    public static Sample fromProperties() {
        return new Sample(Boolean.getBoolean("contract.thorough"));
    }

    /** Creates a lab for an emulated device. */
    public Lab lab(Device device) {
        // The reference adds in float32.
        Cuda.Matmul.allowFp16ReducedPrecisionReduction(false);
        Cuda.Matmul.allowBf16ReducedPrecisionReduction(false);
        return Lab.of(device, thorough ? 1 : ROUNDS);
    }

    /** Returns the chapters of both suites for an emulated device. */
    public Map<String, Supplier<Stream<Check>>> chapters() {
        Map<String, Supplier<Stream<Check>>> all = new LinkedHashMap<>(BackendConformance.chapters());
        all.putAll(TensorConformance.chapters());
        all.replaceAll((name, checks) -> () -> some(checks.get(), EMULATED.getOrDefault(name, 1)));
        return all;
    }

    /** Samples chapters by the system property {@code contract.sample}. */
    Map<String, Supplier<Stream<Check>>> of(Map<String, Supplier<Stream<Check>>> chapters) {
        Map<String, Supplier<Stream<Check>>> all = new LinkedHashMap<>(chapters);
        all.replaceAll((_, checks) -> () -> some(checks.get(), Integer.getInteger(ONE_IN, 1)));
        return all;
    }

    private Stream<Check> some(Stream<Check> checks, int oneIn) {
        if (thorough || oneIn == 1) return checks;
        Map<String, List<Check>> operations = checks.collect(Collectors.groupingBy(
                c -> c.name().substring(0, (c.name() + " ").indexOf(' ')), LinkedHashMap::new, Collectors.toList()));
        List<Check> chosen = new ArrayList<>();
        operations.forEach((operation, all) -> {
            int first = Math.floorMod(hash(operation), Math.min(oneIn, all.size()));
            for (int i = first; i < all.size(); i += oneIn) chosen.add(all.get(i));
        });
        return chosen.stream();
    }

    /** Returns whether a record is run on an emulated device, by its id and {@code contract.seed}. */
    public boolean has(String id) {
        return thorough || Math.floorMod(hash(id), RECORDS) == 0;
    }

    private static int hash(String name) {
        return (name + Long.getLong(Lab.SEED, 1)).hashCode();
    }
}
