package dev.cotangent.internal.ops;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.UnsupportedException;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Backends;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Internals;
import org.jspecify.annotations.Nullable;

/** PyTorch's type promotion: tensors with dimensions take priority over 0-dimensional ones, and those over scalars. */
public final class Promotion {
    private static volatile Dtype defaultDtype = Dtype.FLOAT32;

    private Promotion() {}

    /**
     * Returns the floating-point dtype of literals and factories, float32 at first; {@code torch.get_default_dtype}.
     */
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

    /** Returns the common type of operands, each a {@link Tensor} or a {@link Number}; {@code torch.result_type}. */
    public static Dtype resultType(Object... operands) {
        if (operands.length == 1 && operands[0] instanceof Tensor t) return t.dtype();
        Dtype dims = null;
        Dtype zeros = null;
        Dtype numbers = null;
        for (Object o : operands) {
            if (o instanceof Tensor t) {
                dims = withDims(dims, t);
                zeros = withoutDims(zeros, t);
            } else {
                numbers = promote(numbers, numberType(o));
            }
        }
        Dtype result = combine(dims, combine(zeros, numbers));
        if (result == null) throw new IllegalArgumentException("no operands");
        return result;
    }

    /** Returns the common type of two tensors. */
    public static Dtype resultType(Tensor a, Tensor b) {
        Dtype of = a.dtype();
        Dtype and = b.dtype();
        if (of == and) return of;
        if (a.dim() > 0 == b.dim() > 0) return Dtype.promote(of, and);
        return a.dim() > 0 ? combined(of, and) : combined(and, of);
    }

    /** Returns the common type of a tensor and a scalar. */
    public static Dtype resultType(Tensor a, Scalar b) {
        return combined(a.dtype(), b.dtype());
    }

    /** Returns the common type of two scalars. */
    public static Dtype resultType(Scalar a, Scalar b) {
        return Dtype.promote(a.dtype(), b.dtype());
    }

    /** Returns the common type of two tensors and a scalar. */
    public static Dtype resultType(Tensor a, Tensor b, Scalar c) {
        return combined(resultType(a, b), c.dtype());
    }

    /** Returns the common type of a tensor and two scalars. */
    public static Dtype resultType(Tensor a, Scalar b, Scalar c) {
        return combined(a.dtype(), resultType(b, c));
    }

    /** Returns the common type of three tensors. */
    public static Dtype resultType(Tensor a, Tensor b, Tensor c) {
        if (a.dtype() == b.dtype() && a.dtype() == c.dtype()) return a.dtype();
        return resultType(a, b, c, a);
    }

    /** Returns the common type of two tensors and two more, null standing for a floating-point scalar. */
    public static Dtype resultType(Tensor a, Tensor b, @Nullable Tensor c, @Nullable Tensor d) {
        Dtype dims = withDims(withDims(withDims(withDims(null, a), b), c), d);
        Dtype zeros = withoutDims(withoutDims(withoutDims(withoutDims(null, a), b), c), d);
        Dtype result = combine(dims, combine(zeros, c == null || d == null ? defaultDtype : null));
        return result == null ? a.dtype() : result;
    }

    private static @Nullable Dtype withDims(@Nullable Dtype known, @Nullable Tensor t) {
        return t != null && t.dim() > 0 ? promote(known, t.dtype()) : known;
    }

    private static @Nullable Dtype withoutDims(@Nullable Dtype known, @Nullable Tensor t) {
        return t == null || t.dim() > 0 ? known : promote(known, t.dtype());
    }

    /** Returns the dtype of a Java number: int64, or the default dtype of floating point. */
    public static Dtype numberType(Object number) {
        if (number instanceof Boolean) return Dtype.BOOL;
        if (number instanceof dev.cotangent.Complex) return defaultDtype.complexType();
        return isFloating(number) ? defaultDtype : Dtype.INT64;
    }

    public static boolean isFloating(Object number) {
        return number instanceof Double || number instanceof Float;
    }

    private static Dtype promote(@Nullable Dtype a, Dtype b) {
        return a == null ? b : Dtype.promote(a, b);
    }

    private static @Nullable Dtype combine(@Nullable Dtype higher, @Nullable Dtype lower) {
        if (higher == null) return lower;
        return lower == null ? higher : combined(higher, lower);
    }

    /** Returns the common type of operands of higher priority and of lower. */
    private static Dtype combined(Dtype higher, Dtype lower) {
        if (higher.isComplex()) return higher;
        if (higher.isFloatingPoint()) return lower.isComplex() ? higher.complexType() : higher;
        if (higher == Dtype.BOOL || lower.isDifferentiable()) return Dtype.promote(higher, lower);
        return higher;
    }

    /** Returns the bits of a scalar as a run-time scalar of a program in that type. */
    public static long bits(Object number, Dtype type) {
        return Scalar.of(number).bits(type);
    }

    /** Returns {@link #bits} of a scalar; throws PyTorch's error if the type cannot hold it. */
    public static long checkedBits(Object number, Dtype type) {
        Scalar scalar = Scalar.of(number);
        scalar.checkHeldBy(type);
        return scalar.bits(type);
    }

    /** Throws PyTorch's error if a scalar is out of a type's range. */
    public static void checkHolds(Object number, Dtype type) {
        Scalar.of(number).checkHeldBy(type);
    }

    /**
     * Works as {@link #checkHolds} for an element of {@code torch.tensor}, where large floating-point values become
     * infinite.
     */
    public static void checkElement(Object number, Dtype type) {
        if (type.isDifferentiable() && Scalar.of(number).imaginary() == 0 || type.isComplex()) return;
        if (Scalar.of(number).isHeldBy(type)) return;
        throw new CotangentException(
                "value cannot be converted to type " + type.torchName() + " without overflow: " + number);
    }

    /**
     * Returns the device of a result: the tensors' common one, ignoring 0-dimensional CPU tensors among others.
     * Throws PyTorch's error if the devices differ.
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

    /** Returns the backend of a result, by the rules of {@link #device}. */
    public static Backend backend(String op, Strided[] operands) {
        Backend first = operands[0].backend();
        for (Strided s : operands) if (s.backend() != first) return Backends.of(device(op, tensors(operands)));
        return first;
    }

    private static Tensor[] tensors(Strided[] operands) {
        Tensor[] all = new Tensor[operands.length];
        for (int i = 0; i < all.length; i++) all[i] = Internals.wrap(operands[i]);
        return all;
    }

    private static boolean onlyNumbers(Tensor[] tensors, Device device) {
        for (Tensor t : tensors) if (t.device().equals(device) && t.dim() > 0) return false;
        return true;
    }

    /** Returns PyTorch's error of a kernel that does not support a type. */
    public static UnsupportedException notImplemented(String kernel, Dtype type) {
        return new UnsupportedException("\"" + kernel + "\" not implemented for '" + type.scalarName() + "'");
    }

    /** Throws PyTorch's error if a result of type {@code from} cannot be written in place into {@code to}. */
    public static void checkCast(Dtype from, Dtype to) {
        if (!to.accepts(from)) {
            throw new CotangentException("result type " + from.scalarName()
                    + " can't be cast to the desired output type " + to.scalarName());
        }
    }

    /** Returns the largest finite number of a floating-point type. */
    public static double largest(Dtype type) {
        return switch (type) {
            case FLOAT32 -> Float.MAX_VALUE;
            case FLOAT16 -> 65504;
            case BFLOAT16 -> Float.intBitsToFloat(0x7F7F0000);
            default -> Double.MAX_VALUE;
        };
    }
}
