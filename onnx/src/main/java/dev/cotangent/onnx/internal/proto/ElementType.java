package dev.cotangent.onnx.internal.proto;

import dev.cotangent.Dtype;
import org.jspecify.annotations.Nullable;

/** The dtypes of ONNX by number. */
public final class ElementType {
    private static final String[] NAMES = {
        "undefined",
        "float",
        "uint8",
        "int8",
        "uint16",
        "int16",
        "int32",
        "int64",
        "string",
        "bool",
        "float16",
        "double",
        "uint32",
        "uint64",
        "complex64",
        "complex128",
        "bfloat16",
        "float8e4m3fn",
        "float8e4m3fnuz",
        "float8e5m2",
        "float8e5m2fnuz",
        "uint4",
        "int4",
        "float4e2m1"
    };

    private ElementType() {}

    /** Returns the dtype of a number, or null if there is none here. */
    public static @Nullable Dtype dtype(int type) {
        return switch (type) {
            case 1 -> Dtype.FLOAT32;
            case 2 -> Dtype.UINT8;
            case 3 -> Dtype.INT8;
            case 5 -> Dtype.INT16;
            case 6 -> Dtype.INT32;
            case 7 -> Dtype.INT64;
            case 9 -> Dtype.BOOL;
            case 10 -> Dtype.FLOAT16;
            case 11 -> Dtype.FLOAT64;
            case 16 -> Dtype.BFLOAT16;
            default -> null;
        };
    }

    /** Returns the number of a dtype. */
    public static int of(Dtype dtype) {
        return switch (dtype) {
            case FLOAT32 -> 1;
            case UINT8 -> 2;
            case INT8 -> 3;
            case INT16 -> 5;
            case INT32 -> 6;
            case INT64 -> 7;
            case BOOL -> 9;
            case FLOAT16 -> 10;
            case FLOAT64 -> 11;
            case BFLOAT16 -> 16;
        };
    }

    /** Returns ONNX's name of a number. */
    public static String name(int type) {
        return type >= 0 && type < NAMES.length ? NAMES[type] : "type " + type;
    }
}
