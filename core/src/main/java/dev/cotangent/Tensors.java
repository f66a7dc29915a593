package dev.cotangent;

/** Functions that create tensors or combine several: PyTorch's module {@code torch}, meant for static import. */
public final class Tensors extends ConcatenationFunctions {
    /** Single precision, the default. */
    public static final Dtype FLOAT32 = Dtype.FLOAT32;
    /** Double precision. */
    public static final Dtype FLOAT64 = Dtype.FLOAT64;
    /** Half precision, IEEE 754's binary16. */
    public static final Dtype FLOAT16 = Dtype.FLOAT16;
    /** Half precision with the exponent range of single precision, bfloat16. */
    public static final Dtype BFLOAT16 = Dtype.BFLOAT16;
    /** Java's long. */
    public static final Dtype INT64 = Dtype.INT64;
    /** Java's int. */
    public static final Dtype INT32 = Dtype.INT32;
    /** Java's short. */
    public static final Dtype INT16 = Dtype.INT16;
    /** Java's byte. */
    public static final Dtype INT8 = Dtype.INT8;
    /** An unsigned byte. */
    public static final Dtype UINT8 = Dtype.UINT8;
    /** Real and imaginary part in single precision. */
    public static final Dtype COMPLEX64 = Dtype.COMPLEX64;
    /** Real and imaginary part in double precision. */
    public static final Dtype COMPLEX128 = Dtype.COMPLEX128;
    /** True or false. */
    public static final Dtype BOOL = Dtype.BOOL;

    private Tensors() {}
}
