package dev.cotangent.kernels;

import dev.cotangent.Dtype;

/** C names of dtypes, as the prelude declares them. */
final class CudaTypes {
    private CudaTypes() {}

    static String of(Dtype dtype) {
        return switch (dtype) {
            case FLOAT32 -> "float";
            case FLOAT64 -> "double";
            case FLOAT16 -> "half_";
            case BFLOAT16 -> "bfloat_";
            case INT64 -> "i64";
            case INT32 -> "i32";
            case INT16 -> "i16";
            case INT8 -> "i8";
            case UINT8 -> "u8";
            case BOOL -> "bool";
            case COMPLEX64, COMPLEX128 -> throw new IllegalArgumentException(dtype + " is not stored");
        };
    }

    /** Returns the literal of a constant, whose bits are a double's for a floating-point dtype, else the integer. */
    static String constant(Dtype dtype, long bits) {
        if (!dtype.isFloatingPoint()) {
            return switch (dtype) {
                case BOOL -> bits != 0 ? "true" : "false";
                case INT64 -> bits == Long.MIN_VALUE ? "(-9223372036854775807LL - 1)" : "(" + bits + "LL)";
                default -> "(" + of(dtype) + ")(" + bits + "LL)";
            };
        }
        double value = Double.longBitsToDouble(bits);
        return switch (dtype) {
            case FLOAT64 -> real(value);
            case FLOAT32 -> real((float) value);
            default -> "cast<" + of(dtype) + ">(" + real((float) value) + ")";
        };
    }

    private static String real(double value) {
        if (Double.isNaN(value)) return "((double)nan_())";
        if (Double.isInfinite(value)) return value > 0 ? "((double)infinity())" : "(-(double)infinity())";
        return "(" + Double.toHexString(value) + ")";
    }

    private static String real(float value) {
        if (Float.isNaN(value)) return "nan_()";
        if (Float.isInfinite(value)) return value > 0 ? "infinity()" : "(-infinity())";
        return "(" + Float.toHexString(value) + "f)";
    }
}
