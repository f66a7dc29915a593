package dev.cotangent.jcuda;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.cuda.Cuda;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jcuda.Pointer;
import jcuda.cudaDataType;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasComputeType;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasStatus;
import jcuda.runtime.cudaStream_t;
import org.jspecify.annotations.Nullable;

/** Matrix products by cuBLAS. Every stream has its own handle and workspace, so that streams do not interfere. */
final class CublasGemm {
    private static final int DEFAULT_ALGORITHM = -1;
    private static final int MATH_DEFAULT = 0;
    // CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION.
    private static final int MATH_WITHOUT_REDUCED_PRECISION = 16;
    // Enough for the largest of cuBLAS's kernels, and about PyTorch's default.
    private static final long WORKSPACE = 8 << 20;

    private final CudaDevice device;
    private final Map<DeviceStream, GemmHandle> handles = new ConcurrentHashMap<>();

    CublasGemm(CudaDevice device) {
        this.device = device;
        of(device.defaultStream());
    }

    /** A handle and the memory of its scaling factors; calls are synchronized. */
    private static final class GemmHandle {
        final cublasHandle handle = new cublasHandle();
        final ByteBuffer factors = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
        final Pointer alpha = Pointer.to(factors);
        final Pointer beta = alpha.withByteOffset(8);
        /** Whether partial sums may be of the operands' type, as cuBLAS has it by default. */
        boolean reduced = true;
    }

    /** Returns the handle of a stream, creating it if needed, which is not possible while the stream is captured. */
    private GemmHandle of(DeviceStream stream) {
        return handles.computeIfAbsent(stream, this::create);
    }

    /** Creates the handle of a stream. */
    void prepare(DeviceStream stream) {
        of(stream);
    }

    private GemmHandle create(DeviceStream stream) {
        GemmHandle gemm = new GemmHandle();
        // Without memory, cublasCreate reports either of the two.
        int code = device.retrying(
                "cublasCreate",
                () -> JCublas2.cublasCreate(gemm.handle),
                cublasStatus.CUBLAS_STATUS_NOT_INITIALIZED,
                cublasStatus.CUBLAS_STATUS_ALLOC_FAILED);
        check(code, "cublasCreate");
        check(JCublas2.cublasSetStream(gemm.handle, new cudaStream_t(stream.cuStream())), "cublasSetStream");
        // cuBLAS's own workspace would not outlive a captured graph.
        long workspace = device.allocate(WORKSPACE);
        if (workspace != 0) {
            check(
                    JCublas2.cublasSetWorkspace(gemm.handle, CudaDevice.pointer(workspace), WORKSPACE),
                    "cublasSetWorkspace");
        }
        return gemm;
    }

    /** Returns whether cuBLAS supports the product: floating point, with an inner size above 0. */
    static boolean supports(Strided a, Strided c) {
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

    /** A column-major operand of BLAS: the transposition flag and the leading dimension. */
    private record Matrix(int transposed, int leading) {}

    /** Returns the transposed {@code x} (batch, rows, columns) as BLAS's operand, or null if its strides do not allow it. */
    private static @Nullable Matrix matrix(Layout x) {
        Matrix rows = rowMajor(x.size(1), x.size(2), x.stride(1), x.stride(2), 0);
        return rows != null ? rows : rowMajor(x.size(2), x.size(1), x.stride(2), x.stride(1), 1);
    }

    private static @Nullable Matrix rowMajor(
            long rows, long columns, long rowStride, long columnStride, int transposed) {
        if (columns != 1 && columnStride != 1) return null;
        if (rows == 1) return new Matrix(transposed, (int) columns);
        return rowStride >= columns && fits(rowStride) ? new Matrix(transposed, (int) rowStride) : null;
    }

    /** Returns whether an operand can be read without a copy. */
    static boolean readable(Layout x) {
        return matrix(x) != null;
    }

    /** Returns whether a result can be written without a copy, possibly as the transposed product. */
    static boolean writable(Layout c) {
        return matrix(c) != null;
    }

    /** Computes {@code c = alpha * a @ b + beta * c} of readable and writable operands. */
    void multiply(DeviceStream stream, Strided a, Strided b, Strided c, double alpha, double beta) {
        Matrix result = matrix(c.layout());
        if (result == null) throw new IllegalArgumentException("not writable: " + c);
        if (result.transposed == 1) {
            multiply(stream, transposed(b), transposed(a), transposed(c), alpha, beta);
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
                : dtype == Dtype.FLOAT32 && Cuda.Matmul.allowsTf32()
                        ? cublasComputeType.CUBLAS_COMPUTE_32F_FAST_TF32
                        : cublasComputeType.CUBLAS_COMPUTE_32F;
        Layout out = c.layout();
        GemmHandle gemm = of(stream);
        long first = CudaBackend.address(stream, b);
        long second = CudaBackend.address(stream, a);
        long product = CudaBackend.address(stream, c);
        synchronized (gemm) {
            device.enter();
            boolean reduced = switch (dtype) {
                case FLOAT16 -> Cuda.Matmul.allowsFp16ReducedPrecisionReduction();
                case BFLOAT16 -> Cuda.Matmul.allowsBf16ReducedPrecisionReduction();
                default -> true;
            };
            if (reduced != gemm.reduced) {
                int mode = reduced ? MATH_DEFAULT : MATH_WITHOUT_REDUCED_PRECISION;
                check(JCublas2.cublasSetMathMode(gemm.handle, mode), "cublasSetMathMode");
                gemm.reduced = reduced;
            }
            if (dtype == Dtype.FLOAT64) gemm.factors.putDouble(0, alpha).putDouble(8, beta);
            else gemm.factors.putFloat(0, (float) alpha).putFloat(8, (float) beta);
            check(
                    JCublas2.cublasGemmStridedBatchedEx_new(
                            gemm.handle,
                            left.transposed,
                            right.transposed,
                            (int) out.size(2),
                            (int) out.size(1),
                            (int) a.layout().size(2),
                            gemm.alpha,
                            CudaDevice.pointer(first),
                            type,
                            left.leading,
                            b.layout().stride(0),
                            CudaDevice.pointer(second),
                            type,
                            right.leading,
                            a.layout().stride(0),
                            gemm.beta,
                            CudaDevice.pointer(product),
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
