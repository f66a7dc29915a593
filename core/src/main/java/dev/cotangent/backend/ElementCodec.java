package dev.cotangent.backend;

import dev.cotangent.Dtype;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Reads and writes single elements of host memory in native byte order, the format of {@link Backend#read} and {@link
 * Backend#write}.
 */
public final class ElementCodec {
    private static final ValueLayout.OfDouble FLOAT64 = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    private static final ValueLayout.OfFloat FLOAT32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfLong INT64 = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT32 = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfShort INT16 = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfByte INT8 = ValueLayout.JAVA_BYTE;

    private ElementCodec() {}

    /** Returns element {@code i} as a double: exact except for large int64; bool is 0 or 1. */
    public static double getDouble(Dtype dtype, MemorySegment memory, long i) {
        return switch (dtype) {
            case FLOAT64 -> memory.getAtIndex(FLOAT64, i);
            case FLOAT32 -> memory.getAtIndex(FLOAT32, i);
            case FLOAT16 -> Float.float16ToFloat(memory.getAtIndex(INT16, i));
            case BFLOAT16 -> Float.intBitsToFloat(memory.getAtIndex(INT16, i) << 16);
            default -> getLong(dtype, memory, i);
        };
    }

    /** Returns element {@code i} as a long: floating point is truncated, bool is 0 or 1. */
    public static long getLong(Dtype dtype, MemorySegment memory, long i) {
        return switch (dtype) {
            case INT64 -> memory.getAtIndex(INT64, i);
            case INT32 -> memory.getAtIndex(INT32, i);
            case INT16 -> memory.getAtIndex(INT16, i);
            case INT8 -> memory.get(INT8, i);
            case UINT8 -> memory.get(INT8, i) & 0xFF;
            case BOOL -> memory.get(INT8, i) != 0 ? 1 : 0;
            default -> (long) getDouble(dtype, memory, i);
        };
    }

    /** Writes element {@code i}: rounded to nearest even, truncated for integers, tested for nonzero for bool. */
    public static void setDouble(Dtype dtype, MemorySegment memory, long i, double value) {
        switch (dtype) {
            case FLOAT64 -> memory.setAtIndex(FLOAT64, i, value);
            case FLOAT32 -> memory.setAtIndex(FLOAT32, i, (float) value);
            case FLOAT16 -> memory.setAtIndex(INT16, i, float16(value));
            case BFLOAT16 -> memory.setAtIndex(INT16, i, bfloat16(value));
            case BOOL -> memory.set(INT8, i, (byte) (value != 0 ? 1 : 0));
            default -> setLong(dtype, memory, i, (long) value);
        }
    }

    /** Writes element {@code i}: truncated to the low bits of a narrower type, tested for nonzero for bool. */
    public static void setLong(Dtype dtype, MemorySegment memory, long i, long value) {
        switch (dtype) {
            case INT64 -> memory.setAtIndex(INT64, i, value);
            case INT32 -> memory.setAtIndex(INT32, i, (int) value);
            case INT16 -> memory.setAtIndex(INT16, i, (short) value);
            case INT8, UINT8 -> memory.set(INT8, i, (byte) value);
            case BOOL -> memory.set(INT8, i, (byte) (value != 0 ? 1 : 0));
            default -> setDouble(dtype, memory, i, value);
        }
    }

    /** Rounds to odd, so that a second rounding to a half type is correct. */
    private static float oddFloat(double value) {
        float near = (float) value;
        if (near == value || Double.isNaN(value)) return near;
        int bits = Float.floatToRawIntBits(near);
        if (Math.abs((double) near) > Math.abs(value)) bits--;
        return Float.intBitsToFloat(bits | 1);
    }

    /** Returns the bits of the nearest float16, ties to even. */
    public static short float16(double value) {
        return Float.floatToFloat16(oddFloat(value));
    }

    /** Returns the bits of the nearest bfloat16, ties to even. */
    public static short bfloat16(double value) {
        if (Double.isNaN(value)) return 0x7FC0;
        int bits = Float.floatToRawIntBits(oddFloat(value));
        return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    }
}
