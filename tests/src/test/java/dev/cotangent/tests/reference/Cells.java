package dev.cotangent.tests.reference;

import dev.cotangent.Dtype;
import java.lang.foreign.MemorySegment;

/**
 * Elements of one dtype in a Java array. A floating-point element is read and written as a double, any other as a long;
 * writing rounds, or wraps, to the dtype.
 */
public final class Cells {
    private final Dtype dtype;
    private final Object array;
    private final int size;

    /** Creates a number of elements, all zero. */
    public Cells(Dtype dtype, int size) {
        this.dtype = dtype;
        this.size = size;
        this.array = switch (dtype) {
            case FLOAT32 -> new float[size];
            case FLOAT64 -> new double[size];
            case FLOAT16, BFLOAT16, INT16 -> new short[size];
            case INT64 -> new long[size];
            case INT32 -> new int[size];
            case INT8, UINT8, BOOL -> new byte[size];
            case COMPLEX64, COMPLEX128 -> throw new IllegalArgumentException(dtype + " is not stored");
        };
    }

    /** Returns the dtype of the elements. */
    public Dtype dtype() {
        return dtype;
    }

    /** Returns the number of elements. */
    public int size() {
        return size;
    }

    /** Returns the bytes of the elements, in native order, without copying. */
    public MemorySegment bytes() {
        return switch (array) {
            case float[] a -> MemorySegment.ofArray(a);
            case double[] a -> MemorySegment.ofArray(a);
            case short[] a -> MemorySegment.ofArray(a);
            case long[] a -> MemorySegment.ofArray(a);
            case int[] a -> MemorySegment.ofArray(a);
            case byte[] a -> MemorySegment.ofArray(a);
            default -> throw new IllegalStateException("no array of elements: " + array);
        };
    }

    /** Returns a floating-point element. */
    public double real(long at) {
        int i = Math.toIntExact(at);
        return switch (dtype) {
            case FLOAT32 -> ((float[]) array)[i];
            case FLOAT64 -> ((double[]) array)[i];
            case FLOAT16 -> Float.float16ToFloat(((short[]) array)[i]);
            case BFLOAT16 -> Float.intBitsToFloat(((short[]) array)[i] << 16);
            default -> throw new IllegalStateException(dtype + " is not floating point");
        };
    }

    /** Returns an element of an integer type or of bool (0 or 1). */
    public long whole(long at) {
        int i = Math.toIntExact(at);
        return switch (dtype) {
            case INT64 -> ((long[]) array)[i];
            case INT32 -> ((int[]) array)[i];
            case INT16 -> ((short[]) array)[i];
            case INT8 -> ((byte[]) array)[i];
            case UINT8, BOOL -> ((byte[]) array)[i] & 0xFF;
            default -> throw new IllegalStateException(dtype + " is floating point");
        };
    }

    /** Sets a floating-point element. */
    public void set(long at, double value) {
        int i = Math.toIntExact(at);
        switch (dtype) {
            case FLOAT32 -> ((float[]) array)[i] = (float) value;
            case FLOAT64 -> ((double[]) array)[i] = value;
            case FLOAT16 -> ((short[]) array)[i] = Float.floatToFloat16((float) value);
            case BFLOAT16 -> ((short[]) array)[i] = bfloat16((float) value);
            default -> throw new IllegalStateException(dtype + " is not floating point");
        }
    }

    /** Sets an element of an integer type or of bool. */
    public void set(long at, long value) {
        int i = Math.toIntExact(at);
        switch (dtype) {
            case INT64 -> ((long[]) array)[i] = value;
            case INT32 -> ((int[]) array)[i] = (int) value;
            case INT16 -> ((short[]) array)[i] = (short) value;
            case INT8, UINT8 -> ((byte[]) array)[i] = (byte) value;
            case BOOL -> ((byte[]) array)[i] = (byte) (value != 0 ? 1 : 0);
            default -> throw new IllegalStateException(dtype + " is floating point");
        }
    }

    /** Rounds a value to a floating-point dtype, to a half type through float32. */
    public static double round(Dtype dtype, double value) {
        return switch (dtype) {
            case FLOAT64 -> value;
            case FLOAT32 -> (float) value;
            case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16((float) value));
            case BFLOAT16 -> Float.intBitsToFloat(bfloat16((float) value) << 16);
            default -> throw new IllegalStateException(dtype + " is not floating point");
        };
    }

    /** Wraps a value around to the width of an integer type, or to 0 and 1 for bool. */
    public static long wrap(Dtype dtype, long value) {
        return switch (dtype) {
            case INT64 -> value;
            case INT32 -> (int) value;
            case INT16 -> (short) value;
            case INT8 -> (byte) value;
            case UINT8 -> value & 0xFF;
            case BOOL -> value != 0 ? 1 : 0;
            default -> throw new IllegalStateException(dtype + " is floating point");
        };
    }

    private static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) return (short) (bits >>> 16 | 0x40);
        return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
    }
}
