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

/** Matrix products by cuBLAS. Every queue has a handle and a workspace, so that results depend on no other queue's work. */
final class CublasGemm {
    private static final int DEFAULT_ALGORITHM = -1;
    // What cuBLAS takes for the largest of its kernels; PyTorch's default is about as much.
    private static final long WORKSPACE = 8 << 20;

    private final CudaDevice device;
    private final Map<DeviceStream, Calls> handles = new ConcurrentHashMap<>();

    CublasGemm(CudaDevice device) {
        this.device = device;
        of(device.first());
    }

    /** A handle, and where its factors stand; calls take turns. */
    private static final class Calls {
        final cublasHandle handle = new cublasHandle();
        final ByteBuffer factors = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
        final Pointer alpha = Pointer.to(factors);
        final Pointer beta = alpha.withByteOffset(8);
    }

    /** The handle of a queue, made where it is not there: not while the queue is recorded. */
    private Calls of(DeviceStream queue) {
        return handles.computeIfAbsent(queue, this::create);
    }

    /** Makes what products in a queue need. */
    void prepare(DeviceStream queue) {
        of(queue);
    }

    private Calls create(DeviceStream queue) {
        device.enter();
        Calls calls = new Calls();
        check(JCublas2.cublasCreate(calls.handle), "cublasCreate");
        check(JCublas2.cublasSetStream(calls.handle, new cudaStream_t(queue.stream())), "cublasSetStream");
        // Without a workspace of ours cuBLAS takes its own, which a graph could not keep.
        long workspace = device.allocate(WORKSPACE);
        if (workspace != 0) {
            check(
                    JCublas2.cublasSetWorkspace(calls.handle, CudaDevice.pointer(workspace), WORKSPACE),
                    "cublasSetWorkspace");
        }
        return calls;
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
    void multiply(DeviceStream queue, Strided a, Strided b, Strided c, double alpha, double beta) {
        Matrix result = matrix(c.layout());
        if (result == null) throw new IllegalArgumentException("not writable: " + c);
        if (result.transposed == 1) {
            multiply(queue, transposed(b), transposed(a), transposed(c), alpha, beta);
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
        Calls calls = of(queue);
        synchronized (calls) {
            device.enter();
            if (dtype == Dtype.FLOAT64) calls.factors.putDouble(0, alpha).putDouble(8, beta);
            else calls.factors.putFloat(0, (float) alpha).putFloat(8, (float) beta);
            check(
                    JCublas2.cublasGemmStridedBatchedEx_new(
                            calls.handle,
                            left.transposed,
                            right.transposed,
                            (int) out.size(2),
                            (int) out.size(1),
                            (int) a.layout().size(2),
                            calls.alpha,
                            CudaDevice.pointer(CudaBackend.address(queue, b)),
                            type,
                            left.leading,
                            b.layout().stride(0),
                            CudaDevice.pointer(CudaBackend.address(queue, a)),
                            type,
                            right.leading,
                            a.layout().stride(0),
                            calls.beta,
                            CudaDevice.pointer(CudaBackend.address(queue, c)),
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
