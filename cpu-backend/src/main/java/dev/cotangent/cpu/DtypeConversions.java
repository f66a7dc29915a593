package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Conversions between dtypes, of single values and as loops between registers. */
final class DtypeConversions {
    private DtypeConversions() {}

    /** Rounds a float to the bits of a bfloat16, to nearest even. */
    static short brainBits(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (value != value) return (short) (bits >>> 16 | 0x40);
        return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
    }

    /** Rounds a float to a half type. */
    static float toHalf(float value, Dtype half) {
        return half == Dtype.BFLOAT16
                ? Float.intBitsToFloat(brainBits(value) << 16)
                : Float.float16ToFloat(Float.floatToFloat16(value));
    }

    /** Rounds a double to a half type through float32, as PyTorch does. */
    static float toHalf(double value, Dtype half) {
        return toHalf((float) value, half);
    }

    /**
     * Converts floating point to an integer type as C does on x86, where an overflow becomes the smallest number: of 64
     * bits for int64 and uint8, else of 32; narrower types keep its low bits.
     */
    static long truncate(double value, Dtype to) {
        if (to == Dtype.INT64 || to == Dtype.UINT8) {
            long v = value >= -0x1p63 && value < 0x1p63 ? (long) value : Long.MIN_VALUE;
            return to == Dtype.INT64 ? v : v & 0xFF;
        }
        return wrap(value > -0x1p31 - 1 && value < 0x1p31 ? (long) value : Integer.MIN_VALUE, to);
    }

    /** Wraps an integer around to the range of an integer type. */
    static long wrap(long value, Dtype to) {
        return switch (to) {
            case INT32 -> (int) value;
            case INT16 -> (short) value;
            case INT8 -> (byte) value;
            case UINT8 -> value & 0xFF;
            default -> value;
        };
    }

    /** Fills a register with a value given as {@code bits} (of a double where the dtype is floating point). */
    static void fill(Object register, int n, Dtype dtype, long bits) {
        double value = dtype.isFloatingPoint() ? Double.longBitsToDouble(bits) : bits;
        switch (register) {
            case float[] r -> Arrays.fill(r, 0, n, dtype.isHalf() ? toHalf(value, dtype) : (float) value);
            case double[] r -> Arrays.fill(r, 0, n, value);
            case long[] r -> Arrays.fill(r, 0, n, wrap(bits, dtype));
            case boolean[] r -> Arrays.fill(r, 0, n, bits != 0);
            default -> throw new IllegalArgumentException(register.getClass() + " is no register");
        }
    }

    /** Returns the loop that converts registers, or null where the register can stay as it is. */
    static @Nullable Loop loop(Dtype from, Dtype to) {
        if (from == to || from.isHalf() && to == Dtype.FLOAT32) return null;
        return switch (RegisterType.of(from)) {
            case FLOAT -> fromFloat(to);
            case DOUBLE -> fromDouble(to);
            case LONG ->
                RegisterType.of(to) == RegisterType.LONG
                                && to.bytes() > from.bytes()
                                && (from != Dtype.UINT8 || to != Dtype.INT8)
                        ? null
                        : fromLong(to);
            case BOOL -> fromBool(to);
        };
    }

    @FunctionalInterface
    private interface Body {
        void run(Object out, int o, Object a, int i, int n);
    }

    private static Loop loop(Body body) {
        return new Loop() {
            @Override
            public void run(Object out, int o, Object a, int i, Object b, int j, Object c, int k, int n) {
                body.run(out, o, a, i, n);
            }
        };
    }

    private static Loop fromFloat(Dtype to) {
        return switch (RegisterType.of(to)) {
            case FLOAT ->
                to == Dtype.FLOAT32
                        ? loop((out, o, a, i, n) -> System.arraycopy(a, i, out, o, n))
                        : loop((out, o, a, i, n) -> {
                            float[] y = (float[]) out;
                            float[] x = (float[]) a;
                            // One loop for each, for else an element is asked for its type.
                            if (to == Dtype.BFLOAT16) {
                                for (int e = 0; e < n; e++) y[o + e] = toHalf(x[i + e], Dtype.BFLOAT16);
                            } else {
                                for (int e = 0; e < n; e++) y[o + e] = toHalf(x[i + e], Dtype.FLOAT16);
                            }
                        });
            case DOUBLE ->
                loop((out, o, a, i, n) -> {
                    double[] y = (double[]) out;
                    float[] x = (float[]) a;
                    for (int e = 0; e < n; e++) y[o + e] = x[i + e];
                });
            case LONG ->
                loop((out, o, a, i, n) -> {
                    long[] y = (long[]) out;
                    float[] x = (float[]) a;
                    if (to == Dtype.INT64) for (int e = 0; e < n; e++) y[o + e] = truncate(x[i + e], Dtype.INT64);
                    else for (int e = 0; e < n; e++) y[o + e] = truncate(x[i + e], to);
                });
            case BOOL ->
                loop((out, o, a, i, n) -> {
                    boolean[] y = (boolean[]) out;
                    float[] x = (float[]) a;
                    for (int e = 0; e < n; e++) y[o + e] = x[i + e] != 0;
                });
        };
    }

    private static Loop fromDouble(Dtype to) {
        return switch (RegisterType.of(to)) {
            case FLOAT ->
                loop((out, o, a, i, n) -> {
                    float[] y = (float[]) out;
                    double[] x = (double[]) a;
                    if (to.isHalf()) for (int e = 0; e < n; e++) y[o + e] = toHalf(x[i + e], to);
                    else for (int e = 0; e < n; e++) y[o + e] = (float) x[i + e];
                });
            case DOUBLE -> loop((out, o, a, i, n) -> System.arraycopy(a, i, out, o, n));
            case LONG ->
                loop((out, o, a, i, n) -> {
                    long[] y = (long[]) out;
                    double[] x = (double[]) a;
                    for (int e = 0; e < n; e++) y[o + e] = truncate(x[i + e], to);
                });
            case BOOL ->
                loop((out, o, a, i, n) -> {
                    boolean[] y = (boolean[]) out;
                    double[] x = (double[]) a;
                    for (int e = 0; e < n; e++) y[o + e] = x[i + e] != 0;
                });
        };
    }

    private static Loop fromLong(Dtype to) {
        return switch (RegisterType.of(to)) {
            case FLOAT ->
                loop((out, o, a, i, n) -> {
                    float[] y = (float[]) out;
                    long[] x = (long[]) a;
                    if (to.isHalf()) for (int e = 0; e < n; e++) y[o + e] = toHalf((float) x[i + e], to);
                    else for (int e = 0; e < n; e++) y[o + e] = x[i + e];
                });
            case DOUBLE ->
                loop((out, o, a, i, n) -> {
                    double[] y = (double[]) out;
                    long[] x = (long[]) a;
                    for (int e = 0; e < n; e++) y[o + e] = x[i + e];
                });
            case LONG -> loop((out, o, a, i, n) -> wrap((long[]) a, i, (long[]) out, o, n, to));
            case BOOL ->
                loop((out, o, a, i, n) -> {
                    boolean[] y = (boolean[]) out;
                    long[] x = (long[]) a;
                    for (int e = 0; e < n; e++) y[o + e] = x[i + e] != 0;
                });
        };
    }

    /** Wraps around to an integer type: one loop for each width, as a compiler likes it. */
    private static void wrap(long[] x, int i, long[] y, int o, int n, Dtype to) {
        switch (to) {
            case INT32 -> {
                for (int e = 0; e < n; e++) y[o + e] = (int) x[i + e];
            }
            case UINT8 -> {
                for (int e = 0; e < n; e++) y[o + e] = x[i + e] & 0xFF;
            }
            default -> {
                for (int e = 0; e < n; e++) y[o + e] = wrap(x[i + e], to);
            }
        }
    }

    private static Loop fromBool(Dtype to) {
        return switch (RegisterType.of(to)) {
            case FLOAT ->
                loop((out, o, a, i, n) -> {
                    float[] y = (float[]) out;
                    boolean[] x = (boolean[]) a;
                    for (int e = 0; e < n; e++) y[o + e] = x[i + e] ? 1 : 0;
                });
            case DOUBLE ->
                loop((out, o, a, i, n) -> {
                    double[] y = (double[]) out;
                    boolean[] x = (boolean[]) a;
                    for (int e = 0; e < n; e++) y[o + e] = x[i + e] ? 1 : 0;
                });
            case LONG ->
                loop((out, o, a, i, n) -> {
                    long[] y = (long[]) out;
                    boolean[] x = (boolean[]) a;
                    for (int e = 0; e < n; e++) y[o + e] = x[i + e] ? 1 : 0;
                });
            case BOOL -> loop((out, o, a, i, n) -> System.arraycopy(a, i, out, o, n));
        };
    }

    /** Wraps a register around to an integer type in place; null for int64, which needs none. */
    static @Nullable Loop wrapping(Dtype to) {
        return to == Dtype.INT64 || RegisterType.of(to) != RegisterType.LONG ? null : fromLong(to);
    }
}
