package dev.cotangent.io;

import dev.cotangent.Dtype;
import dev.cotangent.UnsupportedException;
import org.jspecify.annotations.Nullable;

/** Types of elements by the names that files have for them; not all are dtypes of this library. */
enum ElementType {
    FLOAT64("float64", "F64", "DoubleStorage", 8),
    FLOAT32("float32", "F32", "FloatStorage", 4),
    FLOAT16("float16", "F16", "HalfStorage", 2),
    BFLOAT16("bfloat16", "BF16", "BFloat16Storage", 2),
    INT64("int64", "I64", "LongStorage", 8),
    INT32("int32", "I32", "IntStorage", 4),
    INT16("int16", "I16", "ShortStorage", 2),
    INT8("int8", "I8", "CharStorage", 1),
    UINT8("uint8", "U8", "ByteStorage", 1),
    BOOL("bool", "BOOL", "BoolStorage", 1),
    COMPLEX64("complex64", "C64", "ComplexFloatStorage", 8),
    COMPLEX128("complex128", "C128", "ComplexDoubleStorage", 16),
    UINT16("uint16", "U16", null, 2),
    UINT32("uint32", "U32", null, 4),
    UINT64("uint64", "U64", null, 8),
    FLOAT8_E4M3FN("float8_e4m3fn", "F8_E4M3", null, 1),
    FLOAT8_E5M2("float8_e5m2", "F8_E5M2", null, 1),
    FLOAT8_E8M0FNU("float8_e8m0fnu", "F8_E8M0", null, 1);

    private final String torchName;
    private final String safetensorsName;
    private final @Nullable String storageName;
    private final int bytes;

    ElementType(String torchName, String safetensorsName, @Nullable String storageName, int bytes) {
        this.torchName = torchName;
        this.safetensorsName = safetensorsName;
        this.storageName = storageName;
        this.bytes = bytes;
    }

    static ElementType of(Dtype dtype) {
        for (ElementType t : values()) if (t.torchName.equals(dtype.torchName())) return t;
        throw new UnsupportedException("files have no name for " + dtype);
    }

    static @Nullable ElementType ofSafetensors(String name) {
        for (ElementType t : values()) if (t.safetensorsName.equals(name)) return t;
        return null;
    }

    String torchName() {
        return torchName;
    }

    String safetensorsName() {
        return safetensorsName;
    }

    boolean hasStorage() {
        return storageName != null;
    }

    /** Returns PyTorch's name of a storage of this type, such as {@code FloatStorage}. */
    String storageName() {
        if (storageName == null) throw new UnsupportedException("PyTorch has no storage of torch." + torchName);
        return storageName;
    }

    int bytes() {
        return bytes;
    }

    /** Returns whether elements are pairs of real numbers and the options want them so. */
    boolean isPair(LoadOptions options) {
        return options.isComplexAsReal() && (this == COMPLEX64 || this == COMPLEX128);
    }

    /** Returns the dtype of the tensors that are made. Throws where this library has none. */
    Dtype dtype(LoadOptions options) {
        if (isPair(options)) return this == COMPLEX64 ? Dtype.FLOAT32 : Dtype.FLOAT64;
        Dtype dtype = Dtype.named(torchName);
        if (dtype != null) return dtype;
        throw new UnsupportedException("it has a tensor of torch." + torchName
                + ", which is no dtype of this library; convert it to another one before saving"
                + (this == COMPLEX64 || this == COMPLEX128
                        ? ", or read it with Torch.loadOptions().complexAsReal(true)"
                        : ""));
    }
}
