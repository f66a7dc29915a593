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

/** One device: its context, memory, streams and kernel launches. */
final class CudaDevice implements CachingAllocator.Source {
    private static final int STREAMS = 32;
    private static final int THREADS = 256;
    private static final int BLOCKS = 1 << 16;

    private final int index;
    private final Context context = new Context();
    private final int capability;
    private final long total;
    private final PinnedStaging staging;
    private final CachingAllocator allocator;
    private final DeviceStream defaultStream;
    private final ThreadLocal<DeviceStream> current;
    private final List<List<DeviceStream>> pools = List.of(new ArrayList<>(), new ArrayList<>());
    private final int[] nextInPool = new int[2];
    private final List<DeviceStream> streams = new ArrayList<>();
    private final Deque<DeviceEvent> eventPool = new ArrayDeque<>();
    /** Held by a thread that captures a graph: meanwhile no thread may wait for the whole device. */
    private final ReentrantLock captureLock = new ReentrantLock();

    private @Nullable DeviceStream captureStream;
    /** Memory to free when no thread captures. */
    private final List<Long> deferredFrees = new ArrayList<>();

    /** A pointer with an accessible address. */
    private static final class Address extends CUdeviceptr {
        long value() {
            return getNativePointer() + getByteOffset();
        }
    }

    private static final class Context extends CUcontext {
        long value() {
            return getNativePointer();
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
        capability = 10 * major[0] + minor[0];
        long[] bytes = new long[1];
        Jcuda.check(JCudaDriver.cuDeviceTotalMem(bytes, device), "cuDeviceTotalMem");
        total = bytes[0];
        staging = new PinnedStaging(this);
        allocator = new CachingAllocator(this, index, caching);
        defaultStream = DeviceStream.ofDefault(this, allocator);
        streams.add(defaultStream);
        current = ThreadLocal.withInitial(() -> defaultStream);
    }

    int index() {
        return index;
    }

    /** Returns the compute capability, such as 80 for 8.0. */
    int capability() {
        return capability;
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

    /**
     * Makes this device's context current in the calling thread. Needed before every call of the driver that follows
     * something that may block: CUDA's current context is that of the carrier of a virtual thread, and other native
     * code may change it.
     */
    void enter() {
        int code = Driver.setCurrent(context.value());
        if (code != 0) Jcuda.check(code, "cuCtxSetCurrent");
    }

    static CUdeviceptr pointer(long address) {
        return new CUdeviceptr().withByteOffset(address);
    }

    // Streams

    /** Returns the default stream. */
    DeviceStream defaultStream() {
        return defaultStream;
    }

    /** Returns the calling thread's current stream. */
    DeviceStream currentStream() {
        return current.get();
    }

    void setCurrentStream(DeviceStream stream) {
        current.set(stream);
    }

    /** Returns the next stream of the pool, round-robin; with a negative priority, of the pool of high priority. */
    synchronized DeviceStream nextStream(int priority) {
        int kind = priority < 0 ? 1 : 0;
        List<DeviceStream> pool = pools.get(kind);
        if (pool.size() < STREAMS) {
            DeviceStream stream = DeviceStream.create(this, -kind, allocator);
            pool.add(stream);
            streams.add(stream);
            return stream;
        }
        return pool.get(nextInPool[kind]++ % STREAMS);
    }

    /** Returns the stream that graphs are captured on, for the holder of {@link #captureLock}. */
    synchronized DeviceStream captureStream() {
        if (captureStream == null) captureStream = DeviceStream.create(this, 0, allocator);
        return captureStream;
    }

    private synchronized List<DeviceStream> streams() {
        return List.copyOf(streams);
    }

    /** Returns an event of the pool, which returns to it once it was found reached. */
    DeviceEvent acquireEvent() {
        synchronized (eventPool) {
            DeviceEvent known = eventPool.pollLast();
            if (known != null) return known;
        }
        return new DeviceEvent(this, false, true);
    }

    void releaseEvent(DeviceEvent event) {
        synchronized (eventPool) {
            eventPool.addLast(event);
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

    /** Allocates memory of the backend's own, outside of the allocator. */
    long allocatePermanent(long bytes) {
        long address = allocate(bytes);
        if (address != 0) return address;
        allocator.empty();
        address = allocate(bytes);
        if (address == 0) throw new CotangentException("CUDA out of memory: device " + index + " has none left at all");
        return address;
    }

    /** Frees memory of the backend's own, once the device can be waited for. */
    void freePermanent(long address) {
        synchronized (deferredFrees) {
            deferredFrees.add(address);
        }
        synchronizeDevice();
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
    public boolean synchronizeDevice() {
        if (captureLock.isHeldByCurrentThread() || !captureLock.tryLock()) return false;
        try {
            enter();
            Jcuda.check(JCudaDriver.cuCtxSynchronize(), "cuCtxSynchronize");
            synchronized (deferredFrees) {
                deferredFrees.forEach(this::free);
                deferredFrees.clear();
            }
            return true;
        } finally {
            captureLock.unlock();
        }
    }

    /** Waits for all submitted work, and raises errors that kernels reported. */
    void synchronize() {
        currentStream().requireNotCapturing("a wait for the device", "wait outside of the capture");
        captureLock.lock();
        try {
            enter();
            Jcuda.check(JCudaDriver.cuCtxSynchronize(), "cuCtxSynchronize");
            for (DeviceStream q : streams()) q.raiseFailure();
        } finally {
            captureLock.unlock();
        }
    }

    /** Returns the lock that is held while a graph is captured. */
    ReentrantLock captureLock() {
        return captureLock;
    }

    // Kernels

    /** Loads code; returns the driver's error code, or 0. */
    int load(CUmodule module, byte[] cubin) {
        enter();
        return JCudaDriver.cuModuleLoadData(module, cubin);
    }

    /** Returns the driver's handle of a kernel. */
    long function(CUmodule module, String name) {
        enter();
        Function function = new Function();
        Jcuda.check(JCudaDriver.cuModuleGetFunction(function, module, name), "cuModuleGetFunction of " + name);
        return function.value();
    }

    /** Launches a grid-stride kernel over the elements. */
    void launch(DeviceStream stream, long function, long elements, LaunchArguments arguments) {
        int threads = elements >= THREADS ? THREADS : (int) (elements + 31) / 32 * 32;
        long blocks = Math.min(BLOCKS, (elements + threads - 1) / threads);
        launch(stream, function, (int) blocks, 1, threads, 1, arguments);
    }

    void launch(
            DeviceStream stream,
            long function,
            int blocksX,
            int blocksY,
            int threadsX,
            int threadsY,
            LaunchArguments arguments) {
        enter();
        int code = Driver.launch(function, blocksX, blocksY, threadsX, threadsY, stream.handle(), arguments.pointers());
        if (code != 0) Jcuda.check(code, "cuLaunchKernel");
    }
}
