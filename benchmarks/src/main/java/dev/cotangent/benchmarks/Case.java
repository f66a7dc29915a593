package dev.cotangent.benchmarks;

import dev.cotangent.Device;
import java.util.function.Function;

/**
 * Something that is measured.
 *
 * @param name the kind and the sizes, such as {@code mm/64x784x128}; the peers' scripts read the same name
 * @param flops floating-point operations of its matrix products, 0 where it has none
 * @param bytes that must be read and written at least, everything else staying in registers
 * @param onDevice makes its operands on a device
 */
public record Case(String name, double flops, double bytes, Function<Device, Work> onDevice) {
    /** The property of a measured JVM under which nothing has a scope but the steps of training. */
    static final String WITHOUT_SCOPES = "cotangent.bench.withoutScopes";

    /** From so many bytes on, which do not stay in the innermost cache, memory is worth giving back. */
    private static final int WORTH_A_SCOPE = 1 << 15;

    /** Whether each run has a scope of its own; small results are left to Java's collector. */
    boolean isScoped() {
        return bytes >= WORTH_A_SCOPE && !Boolean.getBoolean(WITHOUT_SCOPES);
    }
}
