package dev.cotangent.benchmarks.peers;

import dev.cotangent.benchmarks.Inputs;
import java.util.Arrays;

/**
 * What a case's name says.
 *
 * @param kind such as {@code mm}
 * @param sizes such as 64, 784 and 128
 */
record Operands(String kind, long[] sizes) {
    /** Reads a name; training steps have other sizes, and none here. */
    static Operands of(String name) {
        String[] parts = name.split("/");
        boolean numbers = parts.length == 2;
        return new Operands(
                parts[0],
                numbers
                        ? Arrays.stream(parts[1].split("x"))
                                .mapToLong(Long::parseLong)
                                .toArray()
                        : new long[0]);
    }

    /** Returns the shape of the first operand: the last size belongs to the second one where there is a product. */
    long[] first() {
        return isProduct() ? Arrays.copyOf(sizes, sizes.length - 1) : sizes;
    }

    /** Returns the shape of the second operand: a matrix, a row, or as the first one. */
    long[] second() {
        if (isProduct()) {
            long[] shape = Arrays.copyOf(sizes, sizes.length - 1);
            shape[shape.length - 2] = sizes[sizes.length - 2];
            shape[shape.length - 1] = sizes[sizes.length - 1];
            return shape;
        }
        return sizes.length == 1 ? sizes : new long[] {sizes[1]};
    }

    private boolean isProduct() {
        return kind.equals("mm") || kind.equals("bmm");
    }

    /** Returns the elements of an operand. */
    static float[] values(int seed, long... shape) {
        return Inputs.values(seed, 1, shape);
    }
}
