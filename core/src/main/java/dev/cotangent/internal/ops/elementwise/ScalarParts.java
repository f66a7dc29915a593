package dev.cotangent.internal.ops.elementwise;

import dev.cotangent.Complex;
import dev.cotangent.internal.ops.Scalar;

/** Run-time scalars of kernels: of complex ones all real parts, and after them all imaginary parts. */
final class ScalarParts {
    private ScalarParts() {}

    /** Returns the bits of a scalar followed, for a complex kernel, by those of its imaginary part. */
    static long[] parts(ElementwiseKernel kernel, long[] bits, Object scalar) {
        return kernel.isComplex() ? new long[] {bits[0], imaginary(scalar)} : bits;
    }

    /** Returns the bits of two scalars followed, for a complex kernel, by those of their imaginary parts. */
    static long[] parts(ElementwiseKernel kernel, long[] bits, Object a, Object b) {
        return kernel.isComplex() ? new long[] {bits[0], bits[1], imaginary(a), imaginary(b)} : bits;
    }

    private static long imaginary(Object scalar) {
        double im = scalar instanceof Scalar s ? s.imaginary() : Complex.im((Number) scalar);
        return Double.doubleToRawLongBits(im);
    }
}
