package dev.cotangent.cpu.vector;

import dev.cotangent.cpu.VectorWidth;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector species of this JVM, all of one width, as constants for the JIT compiler. Loops of different widths in one JVM
 * would share the Vector API's type profiles and become slow.
 */
final class Species {
    static final int BITS = VectorWidth.choose(VectorApi.available());

    private static final VectorShape SHAPE = VectorShape.forBitSize(BITS);

    static final VectorSpecies<Float> FLOAT = VectorSpecies.of(float.class, SHAPE);
    static final VectorSpecies<Double> DOUBLE = VectorSpecies.of(double.class, SHAPE);
    static final VectorSpecies<Byte> BYTE = VectorSpecies.of(byte.class, SHAPE);

    private Species() {}
}
