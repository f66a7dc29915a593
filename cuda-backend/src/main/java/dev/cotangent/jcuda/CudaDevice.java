package dev.cotangent.jcuda;

import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.internal.Logs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** One device: its context, memory, streams and kernel launches. */
final class CudaDevice implements CachingAllocator.Source {
    private static final Logger LOG = Logs.of(CudaDevice.class);
    /** Whether the driver takes memory of the host when the device's runs out: on Windows, also below Linux (WSL). */
    private static final boolean SPILLS =
            System.getProperty("os.name", "").startsWith("Windows") || Files.exists(Path.of("/usr/lib/wsl/lib"));

    private static final int STREAMS = 32;
    private static final int THREADS = 256;
    private static final int BLOCKS = 1 << 16;
    private static final int ATTEMPTS = 3;
    // At most 16 and 64 MiB of the host's memory, of which as much is taken as is in flight at a time.
    private static final int SMALL_STAGE = 16 << 10;
    private static final int SMALL_STAGES = 1024;
    private static final int LARGE_STAGE = 1 << 20;
    private static final int LARGE_STAGES = 64;

    private final int index;
    private final CUdevice device = new CUdevice();
    private final Context context = new Context();
    private final int capability;
    private final long total;
    private final PinnedStaging smallStaging;
    private final PinnedStaging largeStaging;
    private final CachingAllocator allocator;
    private final DeviceStream defaultStream;
    private final ThreadLocal<DeviceStream> current;
    private final List<List<DeviceStream>> pools = List.of(new ArrayList<>(), new ArrayList<>());
    private final int[] nextInPool = new int[2];
    private final List<DeviceStream> streams = new ArrayList<>();
    private final Deque<DeviceEvent> eventPool = new ArrayDeque<>();
    /** Held by a thread that captures a graph: meanwhile no thread may wait for the whole device. */
    private final ReentrantLock captureLock = new ReentrantLock();

    /** Devices whose peer access was set up by this one. */
    private final Set<Integer> peers = ConcurrentHashMap.newKeySet();

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
        smallStaging = new PinnedStaging(this, SMALL_STAGE, SMALL_STAGES);
        largeStaging = new PinnedStaging(this, LARGE_STAGE, LARGE_STAGES);
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

    /** Returns the buffers for a copy of some bytes. */
    PinnedStaging staging(long bytes) {
        return bytes <= SMALL_STAGE ? smallStaging : largeStaging;
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

    /** Lets this device and another access each other's memory, once, where the hardware can: else copies go by the host. */
    void connect(CudaDevice other) {
        if (peers.add(other.index)) {
            boolean reads = enablePeer(other);
            boolean isRead = other.enablePeer(this);
            LOG.info(
                    "copies between {} and {} go {}",
                    Device.cuda(index),
                    Device.cuda(other.index),
                    reads && isRead ? "directly" : "through host memory, as neither accesses the other directly");
        }
    }

    private boolean enablePeer(CudaDevice other) {
        int[] can = new int[1];
        int code = JCudaDriver.cuDeviceCanAccessPeer(can, device, other.device);
        if (code != 0 || can[0] == 0) return false;
        enter();
        code = JCudaDriver.cuCtxEnablePeerAccess(other.context, 0);
        return code == 0 || code == CUresult.CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED;
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
        Address address = new Address();
        Jcuda.check(retrying("cuMemAlloc", () -> JCudaDriver.cuMemAlloc(address, bytes)), "cuMemAlloc");
        return address.value();
    }

    /** Calls the driver like {@link #retrying(String, IntSupplier, int...)}, where every call may run out of memory. */
    int retrying(String function, IntSupplier call) {
        return retrying(function, call, CUresult.CUDA_ERROR_OUT_OF_MEMORY);
    }

    /**
     * Calls CUDA with this device current. When it runs out of memory, which its code and handles take as well, the
     * call is repeated after the cache was emptied, and after a garbage collection.
     *
     * @param exhausted the codes that mean that memory has run out
     * @return another code
     * @throws CotangentException if memory has run out nevertheless
     */
    int retrying(String function, IntSupplier call, int... exhausted) {
        enter();
        int code = call.getAsInt();
        // The allocator itself creates events while its lists are changing.
        boolean inside = Thread.holdsLock(allocator);
        for (int attempt = 0; isOneOf(code, exhausted); attempt++) {
            if (inside || attempt == ATTEMPTS) {
                throw new CotangentException(inside ? Jcuda.describe(code, function) : allocator.exhausted(function));
            }
            allocator.relieve(attempt > 0);
            enter();
            code = call.getAsInt();
        }
        return code;
    }

    private static boolean isOneOf(int code, int[] codes) {
        for (int c : codes) if (c == code) return true;
        return false;
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

    @Override
    public long available() {
        if (!SPILLS) return Long.MAX_VALUE;
        enter();
        long[] free = new long[1];
        Jcuda.check(JCudaDriver.cuMemGetInfo(free, new long[1]), "cuMemGetInfo");
        return free[0];
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
        return retrying("cuModuleLoadData", () -> JCudaDriver.cuModuleLoadData(module, cubin));
    }

    /** Returns the driver's handle of a kernel. */
    long function(CUmodule module, String name) {
        Function function = new Function();
        // Where modules are loaded lazily, this loads the kernel.
        int code = retrying("cuModuleGetFunction", () -> JCudaDriver.cuModuleGetFunction(function, module, name));
        Jcuda.check(code, "cuModuleGetFunction of " + name);
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
        long pointers = arguments.pointers();
        int code = Driver.launch(function, blocksX, blocksY, threadsX, threadsY, stream.handle(), pointers);
        if (code == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
            // The arguments stay in this thread's buffer, as freeing memory launches nothing.
            code = retrying(
                    "cuLaunchKernel",
                    () -> Driver.launch(function, blocksX, blocksY, threadsX, threadsY, stream.handle(), pointers));
        }
        if (code != 0) Jcuda.check(code, "cuLaunchKernel");
    }
}
