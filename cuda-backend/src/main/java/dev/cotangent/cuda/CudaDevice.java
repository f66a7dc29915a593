package dev.cotangent.cuda;

import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;

import dev.cotangent.CotangentException;
import dev.cotangent.IndexException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.locks.ReentrantLock;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/** One device: its context, current in every thread that calls, its memory, launches, and what kernels complain of. */
final class CudaDevice implements CachingAllocator.Source {
    private static final int STAGE = 4 << 20;
    private static final int FAILURE = 24;
    private static final int THREADS = 256;
    private static final int BLOCKS = 1 << 16;
    private static final ThreadLocal<@Nullable CudaDevice> CURRENT = new ThreadLocal<>();

    private final int index;
    private final CUcontext context = new CUcontext();
    private final String architecture;
    private final long total;
    private final long failure;
    private final ReentrantLock staging = new ReentrantLock();
    private final Pointer stagePointer = new Pointer();
    private final MemorySegment stage;
    private volatile boolean mayHaveFailed;

    /** A pointer whose address can be seen. */
    private static final class Address extends CUdeviceptr {
        long value() {
            return getNativePointer() + getByteOffset();
        }
    }

    CudaDevice(int index) {
        this.index = index;
        Jcuda.check(JCudaDriver.cuInit(0), "cuInit");
        CUdevice device = new CUdevice();
        Jcuda.check(JCudaDriver.cuDeviceGet(device, index), "cuDeviceGet");
        Jcuda.check(JCudaDriver.cuDevicePrimaryCtxRetain(context, device), "cuDevicePrimaryCtxRetain");
        enter();
        int[] major = new int[1];
        int[] minor = new int[1];
        JCudaDriver.cuDeviceGetAttribute(major, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, device);
        JCudaDriver.cuDeviceGetAttribute(minor, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, device);
        architecture = "sm_" + major[0] + minor[0];
        long[] bytes = new long[1];
        Jcuda.check(JCudaDriver.cuDeviceTotalMem(bytes, device), "cuDeviceTotalMem");
        total = bytes[0];
        failure = allocate(FAILURE);
        if (failure == 0) throw new CotangentException("CUDA out of memory: device " + index + " has none left at all");
        zero(failure, FAILURE);
        Jcuda.check(JCudaDriver.cuMemHostAlloc(stagePointer, STAGE, 0), "cuMemHostAlloc");
        stage = MemorySegment.ofBuffer(stagePointer.getByteBuffer(0, STAGE).order(ByteOrder.nativeOrder()));
    }

    int index() {
        return index;
    }

    /** Such as {@code sm_80}. */
    String architecture() {
        return architecture;
    }

    /** Makes this the calling thread's device. */
    void enter() {
        if (CURRENT.get() == this) return;
        Jcuda.check(JCudaDriver.cuCtxSetCurrent(context), "cuCtxSetCurrent");
        CURRENT.set(this);
    }

    static CUdeviceptr pointer(long address) {
        return new CUdeviceptr().withByteOffset(address);
    }

    @Override
    public long allocate(long bytes) {
        enter();
        Address address = new Address();
        int code = JCudaDriver.cuMemAlloc(address, bytes);
        if (code == CUresult.CUDA_ERROR_OUT_OF_MEMORY) return 0;
        Jcuda.check(code, "cuMemAlloc");
        return address.value();
    }

    @Override
    public void free(long address) {
        enter();
        Jcuda.check(JCudaDriver.cuMemFree(pointer(address)), "cuMemFree");
    }

    @Override
    public long total() {
        return total;
    }

    void zero(long address, long bytes) {
        if (bytes == 0) return;
        enter();
        Jcuda.check(JCudaDriver.cuMemsetD8Async(pointer(address), (byte) 0, bytes, null), "cuMemsetD8Async");
    }

    void copy(long from, long to, long bytes) {
        enter();
        Jcuda.check(JCudaDriver.cuMemcpyDtoDAsync(pointer(to), pointer(from), bytes, null), "cuMemcpyDtoDAsync");
    }

    /** Copies to the device, by way of pinned memory. */
    void write(long to, MemorySegment from) {
        enter();
        staging.lock();
        try {
            for (long done = 0; done < from.byteSize(); done += STAGE) {
                long part = Math.min(STAGE, from.byteSize() - done);
                MemorySegment.copy(from, done, stage, 0, part);
                Jcuda.check(JCudaDriver.cuMemcpyHtoD(pointer(to + done), stagePointer, part), "cuMemcpyHtoD");
            }
        } finally {
            staging.unlock();
        }
    }

    /** Copies from the device when all work asked for before is done. */
    void read(long from, MemorySegment to) {
        enter();
        staging.lock();
        try {
            for (long done = 0; done < to.byteSize(); done += STAGE) {
                long part = Math.min(STAGE, to.byteSize() - done);
                Jcuda.check(JCudaDriver.cuMemcpyDtoH(stagePointer, pointer(from + done), part), "cuMemcpyDtoH");
                MemorySegment.copy(stage, 0, to, done, part);
            }
        } finally {
            staging.unlock();
        }
        raiseFailure();
    }

    @Override
    public void synchronize() {
        enter();
        Jcuda.check(JCudaDriver.cuCtxSynchronize(), "cuCtxSynchronize");
    }

    /** The address of the record in which a kernel says what index was wrong; it is looked at when next waited for. */
    long failure() {
        mayHaveFailed = true;
        return failure;
    }

    /** Raises what a kernel complained of. */
    void raiseFailure() {
        if (!mayHaveFailed) return;
        staging.lock();
        long at;
        long size;
        int dim;
        try {
            if (!mayHaveFailed) return;
            Jcuda.check(JCudaDriver.cuMemcpyDtoH(stagePointer, pointer(failure), FAILURE), "cuMemcpyDtoH");
            mayHaveFailed = false;
            ByteBuffer record = stage.asSlice(0, FAILURE).asByteBuffer().order(ByteOrder.nativeOrder());
            if (record.getInt(0) == 0) return;
            dim = record.getInt(4);
            at = record.getLong(8);
            size = record.getLong(16);
            zero(failure, FAILURE);
        } finally {
            staging.unlock();
        }
        throw new IndexException("index " + at + " is out of bounds for dimension " + dim + " with size " + size);
    }

    /** Loads code, or gives null where the driver does not take it. */
    @Nullable
    CUmodule load(byte[] cubin) {
        enter();
        CUmodule module = new CUmodule();
        int code = JCudaDriver.cuModuleLoadData(module, cubin);
        return code == 0 ? module : null;
    }

    CUfunction function(CUmodule module, String name) {
        enter();
        CUfunction function = new CUfunction();
        Jcuda.check(JCudaDriver.cuModuleGetFunction(function, module, name), "cuModuleGetFunction of " + name);
        return function;
    }

    /** Threads for so many elements, each of them doing several where there are very many. */
    void launch(CUfunction function, long elements, Arguments arguments) {
        int threads = elements >= THREADS ? THREADS : (int) (elements + 31) / 32 * 32;
        long blocks = Math.min(BLOCKS, (elements + threads - 1) / threads);
        launch(function, (int) blocks, 1, threads, 1, arguments);
    }

    void launch(CUfunction function, int blocksX, int blocksY, int threadsX, int threadsY, Arguments arguments) {
        enter();
        int code = JCudaDriver.cuLaunchKernel(
                function, blocksX, blocksY, 1, threadsX, threadsY, 1, 0, null, arguments.table(), null);
        Jcuda.check(code, "cuLaunchKernel");
    }
}
