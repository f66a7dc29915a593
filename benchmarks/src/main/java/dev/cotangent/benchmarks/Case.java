package dev.cotangent.benchmarks;

import dev.cotangent.Device;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Something that is measured.
 *
 * @param name the kind and the sizes, such as {@code mm/64x784x128}; the peers' scripts read the same name
 * @param flops floating-point operations of its matrix products, 0 where it has none
 * @param bytes that must be read and written at least, everything else staying in registers
 * @param peer how PyTorch computes an operation; null where the peers' scripts know the case by its name
 * @param onDevice makes its operands on a device
 */
public record Case(
        String name, double flops, double bytes, @Nullable Peer peer, Function<Device, Work> onDevice) {
    /** The property of a measured JVM under which nothing has a scope but the steps of training. */
    static final String WITHOUT_SCOPES = "cotangent.bench.withoutScopes";

    /** From so many bytes on, which do not stay in the innermost cache, memory is worth giving back. */
    private static final int WORTH_A_SCOPE = 1 << 15;

    /**
     * An operation in PyTorch.
     *
     * @param python a lambda over operands, without the word
     * @param compared whether its result must equal ours
     */
    public record Peer(String python, boolean compared) {}

    /** Creates a case that the peers' scripts know by its name. */
    Case(String name, double flops, double bytes, Function<Device, Work> onDevice) {
        this(name, flops, bytes, null, onDevice);
    }

    /** Whether each run has a scope of its own; small results are left to Java's collector. */
    boolean isScoped() {
        return bytes >= WORTH_A_SCOPE && !Boolean.getBoolean(WITHOUT_SCOPES);
    }
}
