package dev.cotangent.internal.ops;

import dev.cotangent.Complex;
import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.backend.ElementCodec;
import dev.cotangent.backend.ElementForm;
import dev.cotangent.backend.Strided;

/**
 * A scalar operand, PyTorch's {@code Scalar}.
 *
 * @param dtype its dtype in type promotion: bool, int64, the default dtype for any floating-point value, or its complex
 *     type
 * @param value the value, or its real part, as a double
 * @param integer the value as a long, which a double may not represent exactly
 * @param imaginary the imaginary part
 */
public record Scalar(Dtype dtype, double value, long integer, double imaginary) {
    /** The floating-point scalar 1. */
    public static final Scalar ONE = new Scalar(Dtype.FLOAT32, 1, 1);

    /** Creates a real scalar. */
    public Scalar(Dtype dtype, double value, long integer) {
        this(dtype, value, integer, 0);
    }

    /** Returns a number as a scalar. */
    public static Scalar of(Number number) {
        if (number instanceof Complex c) {
            return new Scalar(Promotion.defaultDtype().complexType(), c.re(), (long) c.re(), c.im());
        }
        Dtype dtype = Promotion.isFloating(number) ? Promotion.defaultDtype() : Dtype.INT64;
        return new Scalar(dtype, number.doubleValue(), number.longValue());
    }

    /** Returns a {@link Number} or a {@link Boolean} as a scalar. */
    public static Scalar of(Object value) {
        if (value instanceof Boolean b) return new Scalar(Dtype.BOOL, b ? 1 : 0, b ? 1 : 0);
        return of((Number) value);
    }

    /** Returns the bits of this as a run-time scalar of a program in that type. */
    public long bits(Dtype type) {
        if (type.isDifferentiable()) return Double.doubleToRawLongBits(value);
        return switch (type) {
            case BOOL -> value != 0 ? 1 : 0;
            case INT32 -> (int) integer;
            case INT16 -> (short) integer;
            case INT8 -> (byte) integer;
            case UINT8 -> integer & 0xFF;
            default -> integer;
        };
    }

    /** Sets all elements of an operand to this, which its dtype must hold. */
    public void fill(Strided to) {
        if (!to.form().isComplex()) {
            Scalar stored = to.form() == ElementForm.NEGATED ? new Scalar(dtype, -value, -integer) : this;
            to.backend().fill(to.with(ElementForm.REAL), stored.bits(to.dtype()));
            return;
        }
        if (to.numel() == 0) return;
        double im = to.form() == ElementForm.CONJUGATED ? -imaginary : imaginary;
        to.backend().fill(to.part(0), Double.doubleToRawLongBits(value));
        to.backend().fill(to.part(1), Double.doubleToRawLongBits(im));
    }

    /** Returns this rounded to a half type from float32, as in PyTorch. */
    public Scalar rounded(Dtype half) {
        float single = (float) value;
        float rounded = half == Dtype.FLOAT16
                ? Float.float16ToFloat(ElementCodec.float16(single))
                : Float.intBitsToFloat(ElementCodec.bfloat16(single) << 16);
        return new Scalar(Dtype.FLOAT32, rounded, (long) rounded);
    }

    /** Returns whether a type can hold this; uint8 accepts negative integers that wrap around once. */
    boolean isHeldBy(Dtype type) {
        if (type.isComplex()) {
            return type == Dtype.COMPLEX128 || isSingle(value) && isSingle(imaginary);
        }
        if (imaginary != 0) return false;
        if (dtype == Dtype.BOOL || type == Dtype.BOOL || type == Dtype.FLOAT64) return true;
        boolean floating = dtype.isFloatingPoint();
        double v = value;
        return switch (type) {
            case FLOAT32, FLOAT16, BFLOAT16 -> !Double.isFinite(v) || Math.abs(v) <= Promotion.largest(type);
            case INT64 -> !floating || v >= -0x1p63 && v < 0x1p63;
            case INT32 -> v > -0x1p31 - 1 && v < 0x1p31;
            case INT16 -> v > -0x1p15 - 1 && v < 0x1p15;
            case INT8 -> v > -0x1p7 - 1 && v < 0x1p7;
            default -> v > (floating ? -1 : -256) && v < 256;
        };
    }

    private static boolean isSingle(double part) {
        return !Double.isFinite(part) || Math.abs(part) <= Float.MAX_VALUE;
    }

    /** Throws PyTorch's error if this is out of a type's range. */
    public void checkHeldBy(Dtype type) {
        if (isHeldBy(type)) return;
        String name = switch (type) {
            case INT64, INT16, INT8, UINT8 -> type.torchName() + "_t";
            default -> type.cName();
        };
        throw new CotangentException("value cannot be converted to type " + name + " without overflow");
    }
}
