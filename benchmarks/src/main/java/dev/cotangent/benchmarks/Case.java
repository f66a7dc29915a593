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
public record Case(String name, double flops, double bytes, Function<Device, Work> onDevice) {}
