package dev.cotangent;

import org.jspecify.annotations.Nullable;

/** The type of a tensor's elements; PyTorch's {@code torch.dtype}. As options of a new tensor it sets the dtype. */
public enum Dtype implements TensorOptions {
    FLOAT32("float32", "Float", 4),
    FLOAT64("float64", "Double", 8),
    FLOAT16("float16", "Half", 2),
    BFLOAT16("bfloat16", "BFloat16", 2),
    INT64("int64", "Long", 8),
    INT32("int32", "Int", 4),
    INT16("int16", "Short", 2),
    INT8("int8", "Char", 1),
    UINT8("uint8", "Byte", 1),
    BOOL("bool", "Bool", 1),
    /** Real and imaginary part in float32. */
    COMPLEX64("complex64", "ComplexFloat", 8),
    /** Real and imaginary part in float64. */
    COMPLEX128("complex128", "ComplexDouble", 16);

    private static final Dtype[] REALS = java.util.Arrays.copyOf(values(), BOOL.ordinal() + 1);

    private final String torchName;
    private final String scalarName;
    private final int bytes;

    Dtype(String torchName, String scalarName, int bytes) {
        this.torchName = torchName;
        this.scalarName = scalarName;
        this.bytes = bytes;
    }

    /** Returns the name without prefix, such as {@code float32}. */
    public String torchName() {
        return torchName;
    }

    /** Returns PyTorch's name of the C++ scalar type in messages, such as {@code Float} or {@code Long}. */
    public String scalarName() {
        return scalarName;
    }

    /** Returns the bytes per element. */
    public int bytes() {
        return bytes;
    }

    /** Returns true for float16, bfloat16, float32 and float64. */
    public boolean isFloatingPoint() {
        return ordinal() <= BFLOAT16.ordinal();
    }

    /** Returns true for complex64 and complex128. */
    public boolean isComplex() {
        return ordinal() >= COMPLEX64.ordinal();
    }

    /** Returns true for floating-point and complex types: their tensors can require gradients. */
    public boolean isDifferentiable() {
        return isFloatingPoint() || isComplex();
    }

    /** Returns the dtypes that are not complex: those of storages, which hold a complex number as two real ones. */
    public static Dtype[] reals() {
        return REALS.clone();
    }

    /** Returns the type of a complex type's parts; any other type itself. PyTorch's {@code dtype.to_real()}. */
    public Dtype realType() {
        return this == COMPLEX64 ? FLOAT32 : this == COMPLEX128 ? FLOAT64 : this;
    }

    /**
     * Returns the complex type whose parts hold a floating-point type: complex128 for float64, else complex64; a complex
     * type itself. PyTorch's {@code dtype.to_complex()}, without complex32.
     */
    public Dtype complexType() {
        return isComplex() ? this : this == FLOAT64 ? COMPLEX128 : COMPLEX64;
    }

    /** Returns true for the integer types, excluding bool. */
    public boolean isInteger() {
        return ordinal() > BFLOAT16.ordinal() && ordinal() < BOOL.ordinal();
    }

    /** Returns true for float16 and bfloat16, which compute in float32. */
    public boolean isHalf() {
        return this == FLOAT16 || this == BFLOAT16;
    }

    /** Returns the type of arithmetic: float32 for the half types, otherwise the type itself. */
    public Dtype computeType() {
        return isHalf() ? FLOAT32 : this;
    }

    /** Returns the type of sums and products: int64 for integers and bool, otherwise the type itself. */
    public Dtype sumType() {
        return isDifferentiable() ? this : INT64;
    }

    @Override
    public Dtype dtypeOr(Dtype other) {
        return this;
    }

    @Override
    public Device deviceOr(Device other) {
        return other;
    }

    @Override
    public boolean requiresGrad() {
        return false;
    }

    /** Returns the smallest type that holds both, PyTorch's {@code torch.promote_types}. */
    public static Dtype promote(Dtype a, Dtype b) {
        if (a == b) return a;
        if (a == BOOL) return b;
        if (b == BOOL) return a;
        if (a.isComplex() || b.isComplex()) {
            return a == FLOAT64 || a == COMPLEX128 || b == FLOAT64 || b == COMPLEX128 ? COMPLEX128 : COMPLEX64;
        }
        if (a.isFloatingPoint() != b.isFloatingPoint()) return a.isFloatingPoint() ? a : b;
        if (a.isFloatingPoint()) {
            if (a.isHalf() && b.isHalf()) return FLOAT32;
            if (a == FLOAT64 || b == FLOAT64) return FLOAT64;
            return FLOAT32;
        }
        if (a == UINT8 || b == UINT8) {
            Dtype other = a == UINT8 ? b : a;
            return other == INT8 ? INT16 : other;
        }
        return a.bytes > b.bytes ? a : b;
    }

    /**
     * Returns whether a result of type {@code from} may be written into this type, PyTorch's {@code torch.can_cast}.
     */
    public boolean accepts(Dtype from) {
        if (from.isComplex()) return isComplex();
        if (from.isFloatingPoint()) return isDifferentiable();
        return from == BOOL || this != BOOL;
    }

    /** Returns PyTorch's {@code str(dtype)}, such as {@code torch.float32}. */
    @Override
    public String toString() {
        return "torch." + torchName;
    }

    /** Returns the type of a name, with or without {@code torch.}, or null if there is none. */
    public static @Nullable Dtype named(String name) {
        String bare = name.startsWith("torch.") ? name.substring(6) : name;
        for (Dtype d : values()) if (d.torchName.equals(bare)) return d;
        return null;
    }

    /** Returns the name of PyTorch's C++ type, such as {@code long int}. */
    public String cName() {
        return switch (this) {
            case FLOAT32 -> "float";
            case FLOAT64 -> "double";
            case FLOAT16 -> "c10::Half";
            case BFLOAT16 -> "c10::BFloat16";
            case INT64 -> "long int";
            case INT32 -> "int";
            case INT16 -> "short int";
            case INT8 -> "signed char";
            case UINT8 -> "unsigned char";
            case BOOL -> "bool";
            case COMPLEX64 -> "c10::complex<float>";
            case COMPLEX128 -> "c10::complex<double>";
        };
    }
}
