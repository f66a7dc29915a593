package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import org.jspecify.annotations.Nullable;

/** Integers in the order of values: both zeros have one key, and every NaN the largest. */
final class SortKeys {
    private static final int FLOAT_INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
    private static final long DOUBLE_INFINITY = Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);
    private static final long FLOAT_NAN = Integer.MAX_VALUE;
    private static final long DOUBLE_NAN = Long.MAX_VALUE;

    private SortKeys() {}

    static long key(float value) {
        // Adding 0 makes the negative zero positive.
        int bits = Float.floatToRawIntBits(value + 0f);
        int magnitude = bits & Integer.MAX_VALUE;
        int nan = FLOAT_INFINITY - magnitude >> 31;
        return (bits ^ bits >> 31 & Integer.MAX_VALUE) & ~nan | nan >>> 1;
    }

    static long key(double value) {
        long bits = Double.doubleToRawLongBits(value + 0.0);
        long magnitude = bits & Long.MAX_VALUE;
        long nan = DOUBLE_INFINITY - magnitude >> 63;
        return (bits ^ bits >> 63 & Long.MAX_VALUE) & ~nan | nan >>> 1;
    }

    /** Returns the key of NaN; of a type without one, the largest key of all. */
    static long nan(Dtype dtype) {
        return RegisterType.of(dtype) == RegisterType.FLOAT ? FLOAT_NAN : DOUBLE_NAN;
    }

    /** Loads the keys of elements, the first at {@code at}; with all bits inverted where asked for. */
    static void load(Dtype dtype, Object memory, int at, int stride, long[] keys, int n, boolean inverted) {
        long flip = inverted ? -1 : 0;
        switch (dtype) {
            case FLOAT32 -> {
                float[] x = (float[]) memory;
                if (stride == 1) for (int e = 0; e < n; e++) keys[e] = key(x[at + e]) ^ flip;
                else for (int e = 0; e < n; e++) keys[e] = key(x[at + e * stride]) ^ flip;
            }
            case FLOAT64 -> {
                double[] x = (double[]) memory;
                for (int e = 0; e < n; e++) keys[e] = key(x[at + e * stride]) ^ flip;
            }
            case INT64 -> {
                long[] x = (long[]) memory;
                for (int e = 0; e < n; e++) keys[e] = x[at + e * stride] ^ flip;
            }
            default -> {
                RegisterCodec elements = RegisterCodec.of(dtype);
                Object register = Registers.mine().get(RegisterType.of(dtype), Registers.LAST);
                for (int done = 0; done < n; done += Registers.BLOCK) {
                    int some = Math.min(Registers.BLOCK, n - done);
                    elements.load(memory, at + done * stride, stride, register, 0, some);
                    load(register, keys, done, some, flip);
                }
            }
        }
    }

    private static void load(Object register, long[] keys, int to, int n, long flip) {
        switch (register) {
            case float[] x -> {
                for (int e = 0; e < n; e++) keys[to + e] = key(x[e]) ^ flip;
            }
            case long[] x -> {
                for (int e = 0; e < n; e++) keys[to + e] = x[e] ^ flip;
            }
            case boolean[] x -> {
                for (int e = 0; e < n; e++) keys[to + e] = (x[e] ? 1 : 0) ^ flip;
            }
            default -> throw new IllegalArgumentException(register.getClass() + " has no keys");
        }
    }

    /**
     * Stores sorted values: from their keys where those tell them, else from where they came from.
     *
     * @param keys of {@link #load}; null to take all values from where they came from
     * @param inverted whether the keys are
     * @param positions where each value comes from
     */
    static void store(
            Dtype dtype,
            long @Nullable [] keys,
            boolean inverted,
            long[] positions,
            Object from,
            int at,
            int stride,
            Object to,
            int j,
            int toStride,
            int n) {
        long flip = inverted ? -1 : 0;
        switch (dtype) {
            case FLOAT32 -> {
                float[] x = (float[]) from;
                float[] y = (float[]) to;
                for (int e = 0; e < n; e++) {
                    int key = keys == null ? 0 : (int) (keys[e] ^ flip);
                    y[j + e * toStride] = key == 0 || key == FLOAT_NAN
                            ? x[at + (int) positions[e] * stride]
                            : Float.intBitsToFloat(key ^ key >> 31 & Integer.MAX_VALUE);
                }
            }
            case FLOAT64 -> {
                double[] x = (double[]) from;
                double[] y = (double[]) to;
                for (int e = 0; e < n; e++) {
                    long key = keys == null ? 0 : keys[e] ^ flip;
                    y[j + e * toStride] = key == 0 || key == DOUBLE_NAN
                            ? x[at + (int) positions[e] * stride]
                            : Double.longBitsToDouble(key ^ key >> 63 & Long.MAX_VALUE);
                }
            }
            case INT64 -> {
                long[] x = (long[]) from;
                long[] y = (long[]) to;
                for (int e = 0; e < n; e++) {
                    y[j + e * toStride] = keys == null ? x[at + (int) positions[e] * stride] : keys[e] ^ flip;
                }
            }
            default ->
                ElementCopies.of(to).gather(from, at, 0, stride, positions, 0, 1, Long.MAX_VALUE, to, j, toStride, n);
        }
    }
}
