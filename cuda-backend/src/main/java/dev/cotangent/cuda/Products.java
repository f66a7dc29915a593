package dev.cotangent.cuda;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;
import jcuda.cudaDataType;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasComputeType;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasStatus;
import org.jspecify.annotations.Nullable;

/** Matrix products by cuBLAS. One handle for the device; calls take turns. */
final class Products {
    /** The property that lets float32 be multiplied in TF32; PyTorch's {@code torch.backends.cuda.matmul.allow_tf32}. */
    static final String TF32 = "cotangent.cuda.allowTf32";

    private static final int DEFAULT_ALGORITHM = -1;

    private final CudaDevice device;
    private final cublasHandle handle = new cublasHandle();
    private final ByteBuffer factors = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
    private final Pointer alphaPointer = Pointer.to(factors);
    private final Pointer betaPointer = alphaPointer.withByteOffset(8);

    Products(CudaDevice device) {
        this.device = device;
        device.enter();
        check(JCublas2.cublasCreate(handle), "cublasCreate");
    }

    /** Whether cuBLAS multiplies matrices of that kind: all floating point; an inner size of 0 it does not. */
    static boolean takes(Strided a, Strided c) {
        return c.dtype().isFloatingPoint()
                && a.layout().size(2) > 0
                && fits(a.layout().size(0))
                && fits(a.layout().size(2))
                && fits(c.layout().size(1))
                && fits(c.layout().size(2));
    }

    private static boolean fits(long size) {
        return size <= Integer.MAX_VALUE;
    }

    /** An operand as BLAS sees it, column after column: transposed where its rows are the columns of memory. */
    private record Matrix(int transposed, int leading) {}

    /** How BLAS sees {@code x} (batch, rows, columns) where it wants a matrix of columns times rows; null if it cannot. */
    private static @Nullable Matrix matrix(Layout x) {
        Matrix rows = rowMajor(x.size(1), x.size(2), x.stride(1), x.stride(2), 0);
        return rows != null ? rows : rowMajor(x.size(2), x.size(1), x.stride(2), x.stride(1), 1);
    }

    private static @Nullable Matrix rowMajor(long rows, long columns, long rowStep, long columnStep, int transposed) {
        if (columns != 1 && columnStep != 1) return null;
        if (rows == 1) return new Matrix(transposed, (int) columns);
        return rowStep >= columns && fits(rowStep) ? new Matrix(transposed, (int) rowStep) : null;
    }

    /** Whether an operand can be read as it lies. */
    static boolean readable(Layout x) {
        return matrix(x) != null;
    }

    /** Whether a result can be written as it shall lie, as it is or with all transposed. */
    static boolean writable(Layout c) {
        return matrix(c) != null;
    }

    /** {@code c = alpha * a @ b + beta * c}, of operands that are readable and writable. */
    void multiply(Strided a, Strided b, Strided c, double alpha, double beta) {
        Matrix result = matrix(c.layout());
        if (result == null) throw new IllegalArgumentException("not writable: " + c);
        if (result.transposed == 1) {
            multiply(transposed(b), transposed(a), transposed(c), alpha, beta);
            return;
        }
        Matrix left = matrix(b.layout());
        Matrix right = matrix(a.layout());
        if (left == null || right == null) throw new IllegalArgumentException("not readable: " + a + ", " + b);
        Dtype dtype = c.dtype();
        int type = switch (dtype) {
            case FLOAT64 -> cudaDataType.CUDA_R_64F;
            case FLOAT16 -> cudaDataType.CUDA_R_16F;
            case BFLOAT16 -> cudaDataType.CUDA_R_16BF;
            default -> cudaDataType.CUDA_R_32F;
        };
        int compute = dtype == Dtype.FLOAT64
                ? cublasComputeType.CUBLAS_COMPUTE_64F
                : dtype == Dtype.FLOAT32 && Boolean.getBoolean(TF32)
                        ? cublasComputeType.CUBLAS_COMPUTE_32F_FAST_TF32
                        : cublasComputeType.CUBLAS_COMPUTE_32F;
        Layout out = c.layout();
        synchronized (this) {
            device.enter();
            if (dtype == Dtype.FLOAT64) factors.putDouble(0, alpha).putDouble(8, beta);
            else factors.putFloat(0, (float) alpha).putFloat(8, (float) beta);
            check(
                    JCublas2.cublasGemmStridedBatchedEx_new(
                            handle,
                            left.transposed,
                            right.transposed,
                            (int) out.size(2),
                            (int) out.size(1),
                            (int) a.layout().size(2),
                            alphaPointer,
                            CudaDevice.pointer(CudaBackend.address(b)),
                            type,
                            left.leading,
                            b.layout().stride(0),
                            CudaDevice.pointer(CudaBackend.address(a)),
                            type,
                            right.leading,
                            a.layout().stride(0),
                            betaPointer,
                            CudaDevice.pointer(CudaBackend.address(c)),
                            type,
                            result.leading,
                            out.stride(0),
                            (int) out.size(0),
                            compute,
                            DEFAULT_ALGORITHM),
                    "cublasGemmStridedBatchedEx");
        }
    }

    private static Strided transposed(Strided x) {
        return x.with(x.layout().transpose(1, 2));
    }

    private static void check(int code, String function) {
        if (code != 0)
            throw new CotangentException("cuBLAS error: " + cublasStatus.stringFor(code) + " in " + function);
    }
}
