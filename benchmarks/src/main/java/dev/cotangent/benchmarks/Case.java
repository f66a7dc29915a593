package dev.cotangent.benchmarks;

import dev.cotangent.Device;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A case of the benchmark.
 *
 * @param name the kind and the sizes, such as {@code mm/64x784x128}, also for the peers' scripts
 * @param flops floating-point operations of its matrix products, or 0
 * @param bytes minimal memory traffic in bytes, with intermediate results in registers
 * @param peer how PyTorch computes the operation; null if the peers' scripts know the case by its name
 * @param onDevice creates its operands on a device
 */
public record Case(
        String name, double flops, double bytes, @Nullable Peer peer, Function<Device, Work> onDevice) {
    /** Property of a measured JVM that disables scopes except for training steps. */
    static final String WITHOUT_SCOPES = "cotangent.bench.withoutScopes";

    /** Threshold in bytes, about the first-level cache, above which a scope pays off. */
    private static final int MIN_SCOPE_BYTES = 1 << 15;

    /**
     * An operation in PyTorch.
     *
     * @param python a lambda over operands, without the keyword
     * @param compared whether its result must equal ours
     */
    public record Peer(String python, boolean compared) {}

    /** Creates a case that the peers' scripts know by its name. */
    Case(String name, double flops, double bytes, Function<Device, Work> onDevice) {
        this(name, flops, bytes, null, onDevice);
    }

    /** Returns whether each run has its own scope; small results are left to Java's collector. */
    boolean isScoped() {
        return bytes >= MIN_SCOPE_BYTES && !Boolean.getBoolean(WITHOUT_SCOPES);
    }
}
