package dev.cotangent.op;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.UnsupportedException;
import org.jspecify.annotations.Nullable;

/** PyTorch's rules for the type of a result: tensors with dimensions count before those without, and those before numbers. */
public final class Promotion {
    private static volatile Dtype defaultDtype = Dtype.FLOAT32;

    private Promotion() {}

    /** Returns the floating-point dtype of literals and factories, float32 at first; {@code torch.get_default_dtype}. */
    public static Dtype defaultDtype() {
        return defaultDtype;
    }

    /** Sets the floating-point dtype of literals and factories, for all threads; {@code torch.set_default_dtype}. */
    public static void setDefaultDtype(Dtype dtype) {
        if (!dtype.isFloatingPoint()) {
            throw new dev.cotangent.TypeException(
                    "only floating-point types are supported as the default type, but got " + dtype);
        }
        defaultDtype = dtype;
    }

    /** The common type of operands, each a {@link Tensor} or a {@link Number}; {@code torch.result_type}. */
    public static Dtype resultType(Object... operands) {
        if (operands.length == 1 && operands[0] instanceof Tensor t) return t.dtype();
        Dtype dims = null;
        Dtype zeros = null;
        Dtype numbers = null;
        for (Object o : operands) {
            if (o instanceof Tensor t) {
                if (t.dim() > 0) dims = join(dims, t.dtype());
                else zeros = join(zeros, t.dtype());
            } else {
                numbers = join(numbers, numberType(o));
            }
        }
        Dtype result = combine(dims, combine(zeros, numbers));
        if (result == null) throw new IllegalArgumentException("no operands");
        return result;
    }

    /** Returns the dtype that a Java number stands for: int64, or the default dtype of floating point. */
    public static Dtype numberType(Object number) {
        if (number instanceof Boolean) return Dtype.BOOL;
        return isFloating(number) ? defaultDtype : Dtype.INT64;
    }

    static boolean isFloating(Object number) {
        return number instanceof Double || number instanceof Float;
    }

    private static Dtype join(@Nullable Dtype a, Dtype b) {
        return a == null ? b : Dtype.promote(a, b);
    }

    private static @Nullable Dtype combine(@Nullable Dtype higher, @Nullable Dtype lower) {
        if (higher == null) return lower;
        if (lower == null || higher.isFloatingPoint()) return higher;
        if (higher == Dtype.BOOL || lower.isFloatingPoint()) return Dtype.promote(higher, lower);
        return higher;
    }

    /** The bits of a number as a run-time scalar of a program in that type. */
    public static long bits(Object number, Dtype type) {
        if (number instanceof Boolean b) number = b ? 1L : 0L;
        Number n = (Number) number;
        if (type.isFloatingPoint()) return Double.doubleToRawLongBits(n.doubleValue());
        if (type == Dtype.BOOL) return n.doubleValue() != 0 ? 1 : 0;
        long v = n.longValue();
        return switch (type) {
            case INT32 -> (int) v;
            case INT16 -> (short) v;
            case INT8 -> (byte) v;
            case UINT8 -> v & 0xFF;
            default -> v;
        };
    }

    /** Returns {@link #bits} of a number that the type can hold; throws PyTorch's error where it cannot. */
    static long checkedBits(Object number, Dtype type) {
        checkHolds(number, type);
        return bits(number, type);
    }

    /** Throws PyTorch's error of a number beyond a type; negative whole numbers wrap around in uint8, as far as one round. */
    static void checkHolds(Object number, Dtype type) {
        if (holds(number, type)) return;
        String name = switch (type) {
            case INT64, INT16, INT8, UINT8 -> type.torchName() + "_t";
            default -> type.cName();
        };
        throw new CotangentException("value cannot be converted to type " + name + " without overflow");
    }

    /** As {@link #checkHolds} of an element of {@code torch.tensor}, where large floating-point numbers become infinite. */
    public static void checkElement(Object number, Dtype type) {
        if (type.isFloatingPoint() || holds(number, type)) return;
        throw new CotangentException(
                "value cannot be converted to type " + type.torchName() + " without overflow: " + number);
    }

    private static boolean holds(Object number, Dtype type) {
        if (number instanceof Boolean || type == Dtype.BOOL || type == Dtype.FLOAT64) return true;
        double v = ((Number) number).doubleValue();
        return switch (type) {
            case FLOAT32, FLOAT16, BFLOAT16 -> !Double.isFinite(v) || Math.abs(v) <= RoundingOps.largest(type);
            case INT64 -> !isFloating(number) || v >= -0x1p63 && v < 0x1p63;
            case INT32 -> v > -0x1p31 - 1 && v < 0x1p31;
            case INT16 -> v > -0x1p15 - 1 && v < 0x1p15;
            case INT8 -> v > -0x1p7 - 1 && v < 0x1p7;
            default -> v > (isFloating(number) ? -1 : -256) && v < 256;
        };
    }

    /**
     * The device of a result: that of the tensors; tensors without dimensions on the CPU go along with others. PyTorch's
     * error where the devices differ.
     */
    public static Device device(String op, Tensor... tensors) {
        Device first = tensors[0].device();
        Device found = first;
        for (Tensor t : tensors) {
            Device d = t.device();
            if (d.equals(found)) continue;
            if (t.dim() == 0 && d.isCpu()) continue;
            if (found.isCpu() && onlyNumbers(tensors, found)) found = d;
            else {
                throw new CotangentException(
                        "Expected all tensors to be on the same device, but found at least two devices, " + found
                                + " and " + d + "! (in " + op + ")");
            }
        }
        return found;
    }

    private static boolean onlyNumbers(Tensor[] tensors, Device device) {
        for (Tensor t : tensors) if (t.device().equals(device) && t.dim() > 0) return false;
        return true;
    }

    /** Returns PyTorch's error of a kernel that does not take a type. */
    static UnsupportedException notImplemented(String kernel, Dtype type) {
        return new UnsupportedException("\"" + kernel + "\" not implemented for '" + type.scalarName() + "'");
    }

    /** PyTorch's error where a result of type {@code from} cannot be written in place into {@code to}. */
    public static void checkCast(Dtype from, Dtype to) {
        if (!to.accepts(from)) {
            throw new CotangentException("result type " + from.scalarName()
                    + " can't be cast to the desired output type " + to.scalarName());
        }
    }
}
