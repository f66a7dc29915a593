package dev.cotangent.cpu.vector;

import dev.cotangent.Dtype;
import dev.cotangent.cpu.Conversion;
import dev.cotangent.cpu.LoopTemplates;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Template of conversions of elements in memory that HotSpot does not vectorise by itself, as they compare, or take the bits of a
 * float; its data is the pair of dtypes ({@link LoopTemplates}). As many elements at a time as fill a vector of the wider type.
 */
final class VectorConversion extends Conversion {
    private static final Pair PAIR = (Pair) LoopTemplates.data(MethodHandles.lookup());
    private static final Dtype FROM = PAIR.from();
    private static final Dtype TO = PAIR.to();
    private static final Conversion SCALAR = PAIR.scalar();
    private static final boolean IS_WIDE = TO == Dtype.INT64;
    private static final int L = IS_WIDE ? Species.DOUBLE.length() : Species.FLOAT.length();
    private static final VectorSpecies<Float> FLOATS = IS_WIDE ? part(float.class, 2) : Species.FLOAT;
    private static final VectorSpecies<Integer> INTS = Species.INT;
    private static final VectorSpecies<Short> SHORTS = part(short.class, 2);
    private static final VectorSpecies<Byte> BYTES = part(byte.class, VectorApi.hasQuarters() ? 4 : 1);

    private static final Class<? extends FloatVector> FLOAT =
            FloatVector.zero(FLOATS).getClass();
    private static final Class<? extends DoubleVector> DOUBLE = Species.DOUBLES;
    private static final Class<? extends IntVector> INT = Species.INTS;
    private static final Class<? extends LongVector> LONG = Species.LONGS;
    private static final Class<? extends ShortVector> SHORT =
            ShortVector.zero(SHORTS).getClass();
    private static final Class<? extends ByteVector> BYTE =
            ByteVector.zero(BYTES).getClass();

    private static final int HALF = 16;
    private static final int QUIET = 0x400000;
    private static final int ROUND = 0x7FFF;

    private static <E> VectorSpecies<E> part(Class<E> type, int of) {
        return VectorSpecies.of(type, VectorShape.forBitSize(Species.BITS / of));
    }

    @Override
    public void run(Object x, int i, Object y, int o, int n) {
        int whole = n - n % L;
        if (FROM == Dtype.FLOAT64) {
            for (int e = 0; e < whole; e += L) {
                truncate(DoubleVector.fromArray(Species.DOUBLE, (double[]) x, i + e))
                        .intoArray((long[]) y, o + e);
            }
        } else if (IS_WIDE) {
            for (int e = 0; e < whole; e += L) {
                Vector<Double> a = floats(x, i + e).convertShape(VectorOperators.F2D, Species.DOUBLE, 0);
                truncate(DOUBLE.cast(a)).intoArray((long[]) y, o + e);
            }
        } else if (FROM == Dtype.FLOAT32) {
            for (int e = 0; e < whole; e += L) fromFloat(floats(x, i + e), y, o + e);
        } else {
            for (int e = 0; e < whole; e += L) {
                toFloat(ByteVector.fromArray(BYTES, (byte[]) x, i + e)).intoArray((float[]) y, o + e);
            }
        }
        if (whole < n) SCALAR.run(x, i + whole, y, o + whole, n - whole);
    }

    private static FloatVector floats(Object x, int i) {
        return FLOAT.cast(FloatVector.fromArray(FLOATS, (float[]) x, i));
    }

    private static void fromFloat(FloatVector a, Object y, int o) {
        if (TO == Dtype.BFLOAT16) store(brain(a), (short[]) y, o);
        else if (TO == Dtype.INT32) truncate(a).intoArray((int[]) y, o);
        else if (TO == Dtype.INT16) store(truncate(a), (short[]) y, o);
        else store(TO == Dtype.BOOL ? notZero(a) : truncate(a), (byte[]) y, o);
    }

    /** Truncates; numbers out of range become the smallest one, where Java saturates. */
    private static IntVector truncate(FloatVector a) {
        VectorMask<Float> fits = a.compare(VectorOperators.LT, 0x1p31f).and(a.compare(VectorOperators.GE, -0x1p31f));
        IntVector least = INT.cast(IntVector.broadcast(INTS, Integer.MIN_VALUE));
        return INT.cast(least.blend(INT.cast(a.convertShape(VectorOperators.F2I, INTS, 0)), fits.cast(INTS)));
    }

    private static LongVector truncate(DoubleVector a) {
        DoubleVector d = DOUBLE.cast(a);
        VectorMask<Double> fits = d.compare(VectorOperators.LT, 0x1p63).and(d.compare(VectorOperators.GE, -0x1p63));
        LongVector least = LONG.cast(LongVector.broadcast(Species.LONG, Long.MIN_VALUE));
        return LONG.cast(
                least.blend(LONG.cast(d.convertShape(VectorOperators.D2L, Species.LONG, 0)), fits.cast(Species.LONG)));
    }

    private static IntVector notZero(FloatVector a) {
        IntVector zero = INT.cast(IntVector.zero(INTS));
        return INT.cast(zero.blend(1, a.compare(VectorOperators.NE, 0).cast(INTS)));
    }

    /** Rounds to bfloat16, to nearest even, in the low halves. */
    private static IntVector brain(FloatVector a) {
        IntVector bits = INT.cast(a.reinterpretAsInts());
        IntVector odd =
                INT.cast(INT.cast(bits.lanewise(VectorOperators.LSHR, HALF)).and(1));
        IntVector rounded = INT.cast(INT.cast(bits.add(odd)).add(ROUND));
        VectorMask<Float> isNan = a.compare(VectorOperators.NE, a);
        IntVector r = INT.cast(rounded.blend(INT.cast(bits.or(QUIET)), isNan.cast(INTS)));
        return INT.cast(r.lanewise(VectorOperators.LSHR, HALF));
    }

    private static void store(IntVector a, short[] y, int o) {
        SHORT.cast(INT.cast(a).convertShape(VectorOperators.I2S, SHORTS, 0)).intoArray(y, o);
    }

    private static void store(IntVector a, byte[] y, int o) {
        BYTE.cast(INT.cast(a).convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(y, o);
    }

    private static FloatVector toFloat(ByteVector x) {
        ByteVector a = BYTE.cast(x);
        if (FROM == Dtype.BOOL) {
            ByteVector zero = BYTE.cast(ByteVector.zero(BYTES));
            return FLOAT.cast(BYTE.cast(zero.blend(1, a.compare(VectorOperators.NE, 0)))
                    .convertShape(VectorOperators.B2F, FLOATS, 0));
        }
        Vector<Integer> wide = a.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
        return FLOAT.cast(INT.cast(wide).convertShape(VectorOperators.I2F, FLOATS, 0));
    }
}
