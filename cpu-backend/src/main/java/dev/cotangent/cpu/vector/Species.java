package dev.cotangent.cpu.vector;

import dev.cotangent.cpu.VectorWidth;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
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
    static final VectorSpecies<Long> LONG = VectorSpecies.of(long.class, SHAPE);
    static final VectorSpecies<Integer> INT = VectorSpecies.of(int.class, SHAPE);
    static final VectorSpecies<Byte> BYTE = VectorSpecies.of(byte.class, SHAPE);

    // The classes of this width. A call on a vector is compiled to instructions only where the compiler knows its
    // class. From
    // a profile it knows that mostly, as long as one was made; from Class.cast always.
    static final Class<? extends FloatVector> FLOATS = FloatVector.zero(FLOAT).getClass();
    static final Class<? extends DoubleVector> DOUBLES =
            DoubleVector.zero(DOUBLE).getClass();
    static final Class<? extends IntVector> INTS = IntVector.zero(INT).getClass();
    static final Class<? extends LongVector> LONGS = LongVector.zero(LONG).getClass();
    static final Class<?> FLOAT_MASKS = maskOf(FLOAT);
    static final Class<?> DOUBLE_MASKS = maskOf(DOUBLE);

    // 0, 1, 2 and on. VectorSpecies.indexInRange calls methods that all masks share, so its masks may become objects.
    static final FloatVector FLOAT_LANES = FloatVector.zero(FLOAT).addIndex(1);
    static final DoubleVector DOUBLE_LANES = DoubleVector.zero(DOUBLE).addIndex(1);

    private static <E> Class<?> maskOf(VectorSpecies<E> species) {
        VectorMask<E> mask = species.maskAll(false);
        return mask.getClass();
    }

    private Species() {}
}
