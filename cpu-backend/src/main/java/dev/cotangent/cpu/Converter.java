package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Strided;

/**
 * Converts contiguous elements of one dtype to another in one loop over both arrays, for the pairs of dtypes that are common;
 * to the bit as {@link DtypeConversions} does. What decides between values is integer arithmetic, which the compiler vectorises.
 */
final class Converter {
    /** Tenths of a nanosecond to convert an element. */
    private static final int COST = 4;

    private static final int INFINITY = 0x7F800000;
    private static final int QUIET = 0x400000;

    private Converter() {}

    /** Returns whether there is a loop for a pair of dtypes. */
    static boolean knows(Dtype from, Dtype to) {
        return switch (from) {
            case FLOAT32 ->
                to == Dtype.FLOAT64
                        || to == Dtype.INT32
                        || to == Dtype.BFLOAT16
                        || to == Dtype.BOOL
                        || to == Dtype.FLOAT16;
            case FLOAT64 -> to == Dtype.FLOAT32;
            case INT64 -> to == Dtype.FLOAT32 || to == Dtype.FLOAT64 || to == Dtype.INT32;
            case INT32 -> to == Dtype.FLOAT32 || to == Dtype.FLOAT64 || to == Dtype.INT64;
            case BOOL -> to == Dtype.FLOAT32 || to == Dtype.INT64;
            case BFLOAT16, FLOAT16 -> to == Dtype.FLOAT32;
            default -> false;
        };
    }

    /** Converts {@code n} elements. */
    static void run(Dtype from, Object x, int i, Dtype to, Object y, int j, int n) {
        switch (from) {
            case FLOAT32 -> fromFloat((float[]) x, i, to, y, j, n);
            case FLOAT64 -> {
                double[] a = (double[]) x;
                float[] b = (float[]) y;
                for (int e = 0; e < n; e++) b[j + e] = (float) a[i + e];
            }
            case INT64 -> fromLong((long[]) x, i, to, y, j, n);
            case INT32 -> fromInt((int[]) x, i, to, y, j, n);
            case BOOL -> fromBool((byte[]) x, i, to, y, j, n);
            case BFLOAT16 -> {
                short[] a = (short[]) x;
                float[] b = (float[]) y;
                for (int e = 0; e < n; e++) b[j + e] = Float.intBitsToFloat(a[i + e] << 16);
            }
            case FLOAT16 -> {
                short[] a = (short[]) x;
                float[] b = (float[]) y;
                for (int e = 0; e < n; e++) b[j + e] = Float.float16ToFloat(a[i + e]);
            }
            default -> throw new IllegalArgumentException(from + " to " + to);
        }
    }

    private static void fromFloat(float[] x, int i, Dtype to, Object y, int j, int n) {
        switch (to) {
            case FLOAT64 -> {
                double[] b = (double[]) y;
                for (int e = 0; e < n; e++) b[j + e] = x[i + e];
            }
            case INT32 -> {
                int[] b = (int[]) y;
                for (int e = 0; e < n; e++) b[j + e] = truncate(x[i + e]);
            }
            case BFLOAT16 -> {
                short[] b = (short[]) y;
                for (int e = 0; e < n; e++) b[j + e] = brainBits(Float.floatToRawIntBits(x[i + e]));
            }
            case FLOAT16 -> {
                short[] b = (short[]) y;
                for (int e = 0; e < n; e++) b[j + e] = Float.floatToFloat16(x[i + e]);
            }
            case BOOL -> {
                byte[] b = (byte[]) y;
                // The magnitude is not negative, so that its negative has the sign bit unless it is 0.
                for (int e = 0; e < n; e++) {
                    b[j + e] = (byte) (-(Float.floatToRawIntBits(x[i + e]) & Integer.MAX_VALUE) >>> 31);
                }
            }
            default -> throw new IllegalArgumentException("float32 to " + to);
        }
    }

    /** Truncates; what does not fit becomes the smallest number, where Java saturates. */
    private static int truncate(float value) {
        int whole = (int) value;
        int below = whole ^ Integer.MAX_VALUE;
        // 1 where the number is the largest, which no float but a saturated one is.
        int saturated = 1 - ((below | -below) >>> 31);
        int nan = INFINITY - (Float.floatToRawIntBits(value) & Integer.MAX_VALUE) >>> 31;
        return whole + saturated | nan << 31;
    }

    private static short brainBits(int bits) {
        int nan = INFINITY - (bits & Integer.MAX_VALUE) >> 31;
        int rounded = bits + 0x7FFF + (bits >>> 16 & 1);
        return (short) ((rounded & ~nan | (bits | QUIET) & nan) >>> 16);
    }

    private static void fromLong(long[] x, int i, Dtype to, Object y, int j, int n) {
        switch (to) {
            case FLOAT32 -> {
                float[] b = (float[]) y;
                for (int e = 0; e < n; e++) b[j + e] = x[i + e];
            }
            case FLOAT64 -> {
                double[] b = (double[]) y;
                for (int e = 0; e < n; e++) b[j + e] = x[i + e];
            }
            case INT32 -> {
                int[] b = (int[]) y;
                for (int e = 0; e < n; e++) b[j + e] = (int) x[i + e];
            }
            default -> throw new IllegalArgumentException("int64 to " + to);
        }
    }

    private static void fromInt(int[] x, int i, Dtype to, Object y, int j, int n) {
        switch (to) {
            case FLOAT32 -> {
                float[] b = (float[]) y;
                for (int e = 0; e < n; e++) b[j + e] = x[i + e];
            }
            case FLOAT64 -> {
                double[] b = (double[]) y;
                for (int e = 0; e < n; e++) b[j + e] = x[i + e];
            }
            case INT64 -> {
                long[] b = (long[]) y;
                for (int e = 0; e < n; e++) b[j + e] = x[i + e];
            }
            default -> throw new IllegalArgumentException("int32 to " + to);
        }
    }

    private static void fromBool(byte[] x, int i, Dtype to, Object y, int j, int n) {
        switch (to) {
            case FLOAT32 -> {
                float[] b = (float[]) y;
                for (int e = 0; e < n; e++) b[j + e] = x[i + e] != 0 ? 1 : 0;
            }
            case INT64 -> {
                long[] b = (long[]) y;
                for (int e = 0; e < n; e++) b[j + e] = x[i + e] != 0 ? 1 : 0;
            }
            default -> throw new IllegalArgumentException("bool to " + to);
        }
    }

    /** Converts contiguous elements, shared among the threads of a pool. */
    static void run(WorkerPool pool, Strided from, Strided to) {
        Object x = from.storage().memory();
        Object y = to.storage().memory();
        int i = (int) from.layout().offset();
        int j = (int) to.layout().offset();
        pool.run(
                to.numel(),
                Registers.BLOCK,
                COST,
                (first, end) ->
                        run(from.dtype(), x, i + (int) first, to.dtype(), y, j + (int) first, (int) (end - first)));
    }
}
