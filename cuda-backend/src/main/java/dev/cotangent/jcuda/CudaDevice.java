package dev.cotangent.jcuda;

import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;

import dev.cotangent.CotangentException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/** One device: its context, current in every thread that calls, its memory, its queues, and launches. */
final class CudaDevice implements CachingAllocator.Source {
    private static final int QUEUES = 32;
    private static final int THREADS = 256;
    private static final int BLOCKS = 1 << 16;
    private static final ThreadLocal<@Nullable CudaDevice> CURRENT = new ThreadLocal<>();

    private final int index;
    private final CUcontext context = new CUcontext();
    private final String architecture;
    private final long total;
    private final PinnedStaging staging;
    private final CachingAllocator allocator;
    private final DeviceStream first;
    private final ThreadLocal<DeviceStream> current;
    private final List<List<DeviceStream>> pools = List.of(new ArrayList<>(), new ArrayList<>());
    private final int[] turns = new int[2];
    private final List<DeviceStream> queues = new ArrayList<>();
    private final Deque<DeviceEvent> markers = new ArrayDeque<>();
    /** Held by the thread that records a graph: meanwhile nobody may wait for the whole device. */
    private final ReentrantLock recording = new ReentrantLock();

    private @Nullable DeviceStream recorder;
    /** Memory to be given back when nobody records. */
    private final List<Long> forgotten = new ArrayList<>();

    /** A pointer whose address can be seen. */
    private static final class Address extends CUdeviceptr {
        long value() {
            return getNativePointer() + getByteOffset();
        }
    }

    private static final class Function extends CUfunction {
        long value() {
            return getNativePointer();
        }
    }

    CudaDevice(int index, boolean caching) {
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
        staging = new PinnedStaging(this);
        allocator = new CachingAllocator(this, index, caching);
        first = DeviceStream.first(this, allocator);
        queues.add(first);
        current = ThreadLocal.withInitial(() -> first);
    }

    int index() {
        return index;
    }

    /** Such as {@code sm_80}. */
    String architecture() {
        return architecture;
    }

    CUcontext context() {
        return context;
    }

    CachingAllocator allocator() {
        return allocator;
    }

    PinnedStaging staging() {
        return staging;
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

    // Queues

    /** The one that everything goes to unless told otherwise. */
    DeviceStream first() {
        return first;
    }

    /** The calling thread's. */
    DeviceStream queue() {
        return current.get();
    }

    void use(DeviceStream queue) {
        current.set(queue);
    }

    /** One of so many, in turn; with a negative priority, one of as many others whose work comes first. */
    synchronized DeviceStream next(int priority) {
        int kind = priority < 0 ? 1 : 0;
        List<DeviceStream> pool = pools.get(kind);
        if (pool.size() < QUEUES) {
            DeviceStream queue = DeviceStream.create(this, -kind, allocator);
            pool.add(queue);
            queues.add(queue);
            return queue;
        }
        return pool.get(turns[kind]++ % QUEUES);
    }

    /** The one that graphs are recorded on, by whoever holds {@link #recording}. */
    synchronized DeviceStream recorder() {
        if (recorder == null) recorder = DeviceStream.create(this, 0, allocator);
        return recorder;
    }

    private synchronized List<DeviceStream> queues() {
        return List.copyOf(queues);
    }

    /** A mark that comes back when it was found passed. */
    DeviceEvent takeMarker() {
        synchronized (markers) {
            DeviceEvent known = markers.pollLast();
            if (known != null) return known;
        }
        return new DeviceEvent(this, false, true);
    }

    void giveMarker(DeviceEvent marker) {
        synchronized (markers) {
            markers.addLast(marker);
        }
    }

    // Memory

    @Override
    public long allocate(long bytes) {
        enter();
        Address address = new Address();
        int code = JCudaDriver.cuMemAlloc(address, bytes);
        if (code == CUresult.CUDA_ERROR_OUT_OF_MEMORY) return 0;
        Jcuda.check(code, "cuMemAlloc");
        return address.value();
    }

    /** Memory of the backend's own. */
    long allocateForGood(long bytes) {
        long address = allocate(bytes);
        if (address != 0) return address;
        allocator.empty();
        address = allocate(bytes);
        if (address == 0) throw new CotangentException("CUDA out of memory: device " + index + " has none left at all");
        return address;
    }

    /** Gives back memory of the backend's own, once the device can be waited for. */
    void forget(long address) {
        synchronized (forgotten) {
            forgotten.add(address);
        }
        settle();
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

    // Waiting

    @Override
    public boolean settle() {
        if (recording.isHeldByCurrentThread() || !recording.tryLock()) return false;
        try {
            enter();
            Jcuda.check(JCudaDriver.cuCtxSynchronize(), "cuCtxSynchronize");
            synchronized (forgotten) {
                forgotten.forEach(this::free);
                forgotten.clear();
            }
            return true;
        } finally {
            recording.unlock();
        }
    }

    /** Waits for everything that was asked for, and raises what kernels complained of. */
    void synchronize() {
        queue().refuseCaptured("a wait for the device", "wait outside of the capture");
        recording.lock();
        try {
            enter();
            Jcuda.check(JCudaDriver.cuCtxSynchronize(), "cuCtxSynchronize");
            for (DeviceStream q : queues()) q.raiseFailure();
        } finally {
            recording.unlock();
        }
    }

    /** Held while a graph is recorded. */
    ReentrantLock recording() {
        return recording;
    }

    // Kernels

    /** Loads code; the driver's error where it does not take it, else 0. */
    int load(CUmodule module, byte[] cubin) {
        enter();
        return JCudaDriver.cuModuleLoadData(module, cubin);
    }

    /** The driver's number for a kernel. */
    long function(CUmodule module, String name) {
        enter();
        Function function = new Function();
        Jcuda.check(JCudaDriver.cuModuleGetFunction(function, module, name), "cuModuleGetFunction of " + name);
        return function.value();
    }

    /** Threads for so many elements, each of them doing several where there are very many. */
    void launch(DeviceStream queue, long function, long elements, LaunchArguments arguments) {
        int threads = elements >= THREADS ? THREADS : (int) (elements + 31) / 32 * 32;
        long blocks = Math.min(BLOCKS, (elements + threads - 1) / threads);
        launch(queue, function, (int) blocks, 1, threads, 1, arguments);
    }

    void launch(
            DeviceStream queue,
            long function,
            int blocksX,
            int blocksY,
            int threadsX,
            int threadsY,
            LaunchArguments arguments) {
        enter();
        int code = Driver.launch(function, blocksX, blocksY, threadsX, threadsY, queue.handle(), arguments.table());
        if (code != 0) Jcuda.check(code, "cuLaunchKernel");
    }
}
