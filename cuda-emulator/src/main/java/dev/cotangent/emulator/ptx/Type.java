package dev.cotangent.emulator.ptx;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A fundamental type of PTX. */
enum Type {
    B8(8),
    B16(16),
    B32(32),
    B64(64),
    U8(8),
    U16(16),
    U32(32),
    U64(64),
    S8(8),
    S16(16),
    S32(32),
    S64(64),
    F16(16),
    BF16(16),
    F32(32),
    F64(64),
    PRED(1);

    private final int bits;

    Type(int bits) {
        this.bits = bits;
    }

    int bits() {
        return bits;
    }

    int bytes() {
        return bits / 8;
    }

    boolean isSigned() {
        return this == S8 || this == S16 || this == S32 || this == S64;
    }

    boolean isFloat() {
        return this == F16 || this == BF16 || this == F32 || this == F64;
    }

    static @Nullable Type of(String name) {
        for (Type t : values()) if (t.name().toLowerCase(Locale.ROOT).equals(name)) return t;
        return null;
    }

    /** Returns the value of the lowest bits as a long, extended by sign or zeros. */
    long extend(long raw) {
        return switch (this) {
            case S8 -> (byte) raw;
            case S16 -> (short) raw;
            case S32 -> (int) raw;
            case B8, U8 -> raw & 0xff;
            case B16, U16, F16, BF16 -> raw & 0xffff;
            case B32, U32, F32 -> raw & 0xffffffffL;
            case PRED -> raw & 1;
            default -> raw;
        };
    }

    /** Returns the form in which registers hold a value: zeros above the type's bits. */
    long register(long value) {
        return switch (bits) {
            case 1 -> value & 1;
            case 8 -> value & 0xff;
            case 16 -> value & 0xffff;
            case 32 -> value & 0xffffffffL;
            default -> value;
        };
    }

    /** Returns a floating-point register as a double; exact. */
    double real(long raw) {
        return switch (this) {
            case F16 -> Float.float16ToFloat((short) raw);
            case BF16 -> Float.intBitsToFloat((int) raw << 16);
            case F32 -> Float.intBitsToFloat((int) raw);
            case F64 -> Double.longBitsToDouble(raw);
            default -> throw new PtxException(this + " is not a floating-point type");
        };
    }

    /** Returns the register of a value rounded to this type, to nearest even. */
    long rounded(double value) {
        return switch (this) {
            case F16 -> halfOf(value) & 0xffffL;
            case BF16 -> bfloatOf(value) & 0xffffL;
            case F32 -> Float.floatToRawIntBits((float) value) & 0xffffffffL;
            case F64 -> Double.doubleToRawLongBits(value);
            default -> throw new PtxException(this + " is not a floating-point type");
        };
    }

    private static short halfOf(double value) {
        return Float.floatToFloat16(oddRounded(value));
    }

    private static int bfloatOf(double value) {
        if (value != value) return 0x7fff;
        int raw = Float.floatToRawIntBits(oddRounded(value));
        return (raw + 0x7fff + (raw >>> 16 & 1)) >>> 16;
    }

    /** Rounds to float, to odd when inexact, so that a second rounding to a shorter type gives what one rounding gives. */
    private static float oddRounded(double value) {
        float f = (float) value;
        if (f == value || f != f || Float.isInfinite(f)) return f;
        int raw = Float.floatToRawIntBits(f);
        if ((raw & 1) == 1) return f;
        boolean larger = Math.abs((double) f) > Math.abs(value);
        return Float.intBitsToFloat(larger ? raw - 1 : raw + 1);
    }
}
