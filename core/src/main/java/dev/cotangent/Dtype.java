package dev.cotangent;

import org.jspecify.annotations.Nullable;

/** The type of a tensor's elements; PyTorch's {@code torch.dtype}. Where a new tensor's options are asked for, one that says the dtype. */
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
    BOOL("bool", "Bool", 1);

    private final String torchName;
    private final String scalarName;
    private final int bytes;

    Dtype(String torchName, String scalarName, int bytes) {
        this.torchName = torchName;
        this.scalarName = scalarName;
        this.bytes = bytes;
    }

    /** The name without prefix, such as {@code float32}. */
    public String torchName() {
        return torchName;
    }

    /** PyTorch's name of the C++ scalar type, such as {@code Float} or {@code Long}, as its messages use it. */
    public String scalarName() {
        return scalarName;
    }

    /** Bytes per element. */
    public int bytes() {
        return bytes;
    }

    /** True of float16, bfloat16, float32 and float64. */
    public boolean isFloatingPoint() {
        return ordinal() <= BFLOAT16.ordinal();
    }

    /** True of the integer types; bool is none of them. */
    public boolean isInteger() {
        return this != BOOL && !isFloatingPoint();
    }

    /** True of float16 and bfloat16, which are stored as such and computed in float32. */
    public boolean isHalf() {
        return this == FLOAT16 || this == BFLOAT16;
    }

    /** The type arithmetic is done in: float32 for the half types, otherwise the type itself. */
    public Dtype computeType() {
        return isHalf() ? FLOAT32 : this;
    }

    /** The type of integer sums and products: int64 for integers and bool, otherwise the type itself. */
    public Dtype sumType() {
        return isFloatingPoint() ? this : INT64;
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

    /** The smallest type that holds both, PyTorch's {@code torch.promote_types}. */
    public static Dtype promote(Dtype a, Dtype b) {
        if (a == b) return a;
        if (a == BOOL) return b;
        if (b == BOOL) return a;
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

    /** Whether a result of type {@code from} may be written into this type, PyTorch's {@code torch.can_cast}. */
    public boolean accepts(Dtype from) {
        if (from.isFloatingPoint()) return isFloatingPoint();
        return from == BOOL || this != BOOL;
    }

    /** PyTorch's {@code str(dtype)}, such as {@code torch.float32}. */
    @Override
    public String toString() {
        return "torch." + torchName;
    }

    /** The type of that name, with or without {@code torch.}, or null where there is none. */
    public static @Nullable Dtype named(String name) {
        String bare = name.startsWith("torch.") ? name.substring(6) : name;
        for (Dtype d : values()) if (d.torchName.equals(bare)) return d;
        return null;
    }

    /** Returns the name of the C++ type that PyTorch computes with, such as {@code long int}. */
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
        };
    }
}
