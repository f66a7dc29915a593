package dev.cotangent.jcuda;

import dev.cotangent.CotangentException;
import dev.cotangent.IndexException;
import dev.cotangent.backend.Accelerator;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/** A stream of a device, its free list, and the error record of its kernels. */
final class DeviceStream implements Accelerator.Stream, CachingAllocator.StreamPool {
    private static final int FAILURE = 24;

    private final CudaDevice device;
    private final CUstream cuStream;
    private final long handle;
    private final long failure;
    private final CachingAllocator.FreeList freeList;
    /** Error records of graphs that were replayed on this stream. */
    private final Set<Long> watched = ConcurrentHashMap.newKeySet();

    private volatile boolean mayHaveFailed;
    private volatile @Nullable GraphCapture capture;

    private static final class Handle extends CUstream {
        long value() {
            return getNativePointer();
        }
    }

    private DeviceStream(CudaDevice device, CUstream cuStream, long handle, CachingAllocator allocator) {
        this.device = device;
        this.cuStream = cuStream;
        this.handle = handle;
        this.failure = device.allocatePermanent(FAILURE);
        this.freeList = allocator.createFreeList(this);
        zero(failure, FAILURE);
    }

    /** Creates the wrapper of the default stream. */
    static DeviceStream ofDefault(CudaDevice device, CachingAllocator allocator) {
        return new DeviceStream(device, new CUstream(), 0, allocator);
    }

    /** Creates a stream that does not synchronize with the default stream. */
    static DeviceStream create(CudaDevice device, int priority, CachingAllocator allocator) {
        Handle cuStream = new Handle();
        int code = device.retrying(
                "cuStreamCreateWithPriority", () -> JCudaDriver.cuStreamCreateWithPriority(cuStream, 1, priority));
        Jcuda.check(code, "cuStreamCreateWithPriority");
        return new DeviceStream(device, cuStream, cuStream.value(), allocator);
    }

    CudaDevice device() {
        return device;
    }

    /** Returns the stream for JCuda. */
    CUstream cuStream() {
        return cuStream;
    }

    /** Returns the driver's handle. */
    long handle() {
        return handle;
    }

    /** Returns the free list for its work, during a capture the graph's. */
    CachingAllocator.FreeList freeList() {
        GraphCapture r = capture;
        return r == null ? freeList : r.freeList(this);
    }

    @Nullable
    GraphCapture capture() {
        return capture;
    }

    void setCapture(@Nullable GraphCapture value) {
        capture = value;
    }

    /** Returns the stream that deferred work of this one runs on: during a capture the default stream. */
    DeviceStream streamForDeferred() {
        GraphCapture r = capture;
        return r == null ? this : r.streamForDeferred(this);
    }

    /** Throws if the stream is captured, for a request that needs results. */
    void requireNotCapturing(String what, String remedy) {
        if (capture == null) return;
        throw new CotangentException(
                "a CudaGraph cannot capture " + what + ": nothing is computed while capturing; " + remedy);
    }

    void zero(long address, long bytes) {
        if (bytes == 0) return;
        device.enter();
        Jcuda.check(Driver.fill(address, (byte) 0, bytes, handle), "cuMemsetD8Async");
    }

    /** Writes 64 bits. */
    void set(long address, long value) {
        CUdeviceptr low = CudaDevice.pointer(address);
        CUdeviceptr high = CudaDevice.pointer(address + 4);
        device.enter();
        Jcuda.check(JCudaDriver.cuMemsetD32Async(low, (int) value, 1, cuStream), "cuMemsetD32Async");
        Jcuda.check(JCudaDriver.cuMemsetD32Async(high, (int) (value >>> 32), 1, cuStream), "cuMemsetD32Async");
    }

    void copy(long from, long to, long bytes) {
        device.enter();
        Jcuda.check(Driver.copy(to, from, bytes, handle), "cuMemcpyDtoDAsync");
    }

    /** Copies to another device, whose stream waits for the copy; the host does not. */
    void copy(long from, DeviceStream other, long to, long bytes) {
        for (DeviceStream q : new DeviceStream[] {this, other}) {
            q.requireNotCapturing("a copy between devices", "copy before the capture");
        }
        if (bytes == 0) return;
        device.connect(other.device);
        // The copy is ordered with the work of both streams, as in PyTorch.
        DeviceEvent free = other.device.acquireEvent();
        free.record(other);
        free.blockStream(this);
        other.device.releaseEvent(free);
        device.enter();
        Jcuda.check(
                JCudaDriver.cuMemcpyPeerAsync(
                        CudaDevice.pointer(to),
                        other.device.context(),
                        CudaDevice.pointer(from),
                        device.context(),
                        bytes,
                        cuStream),
                "cuMemcpyPeerAsync");
        DeviceEvent copied = device.acquireEvent();
        copied.record(this);
        copied.blockStream(other);
        device.releaseEvent(copied);
    }

    /** Returns the address of the error record for kernels, which is read at the next synchronization. */
    long failure() {
        GraphCapture r = capture;
        if (r != null) return r.failure();
        mayHaveFailed = true;
        return failure;
    }

    /** Registers an error record to be read at the next synchronization. */
    void watch(long record) {
        watched.add(record);
        mayHaveFailed = true;
    }

    /** Undoes {@link #watch}, before the record is freed. */
    void unwatch(long record) {
        watched.remove(record);
    }

    /** Throws the error that a kernel reported, after all submitted work. */
    void raiseFailure() {
        if (!mayHaveFailed) return;
        mayHaveFailed = false;
        boolean raised = true;
        try {
            raise(failure);
            for (long record : watched) if (watched.remove(record)) raise(record);
            raised = false;
        } finally {
            // One error at a time: the next synchronization reads the others.
            if (raised) mayHaveFailed = true;
        }
    }

    private void raise(long record) {
        byte[] bytes = new byte[FAILURE];
        device.staging(FAILURE).read(this, record, MemorySegment.ofArray(bytes));
        ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        if (b.getInt(0) == 0) return;
        zero(record, FAILURE);
        throw new IndexException("index " + b.getLong(8) + " is out of bounds for dimension " + b.getInt(4)
                + " with size " + b.getLong(16));
    }

    @Override
    public boolean isDone() {
        requireNotCapturing("a question whether a stream is done", "ask outside of the capture");
        device.enter();
        int code = JCudaDriver.cuStreamQuery(cuStream);
        if (code == CUresult.CUDA_ERROR_NOT_READY) return false;
        Jcuda.check(code, "cuStreamQuery");
        return true;
    }

    @Override
    public void synchronize() {
        await();
        raiseFailure();
    }

    /** Waits for all submitted work without reading error records. */
    void await() {
        requireNotCapturing("a wait for a stream", "wait outside of the capture");
        device.enter();
        Jcuda.check(JCudaDriver.cuStreamSynchronize(cuStream), "cuStreamSynchronize");
    }

    @Override
    public void waitFor(Accelerator.Event event) {
        DeviceEvent e = (DeviceEvent) event;
        GraphCapture r = e.capture();
        if (r != null) {
            r.addStream(this, e);
        } else {
            requireNotCapturing("a wait for what is outside of it", "wait before the capture");
            e.blockStream(this);
        }
    }

    @Override
    public CachingAllocator.Fence recordFence() {
        if (capture != null) return new CaptureFence(this);
        DeviceEvent event = device.acquireEvent();
        event.record(this);
        return event;
    }

    /** Fence of work in a capture, where no event can be recorded: reached when the capture ends. */
    private record CaptureFence(DeviceStream stream) implements CachingAllocator.Fence {
        @Override
        public boolean isReached() {
            return stream.capture == null;
        }

        @Override
        public void await() {}
    }

    @Override
    public void onUse(DeviceMemory memory) {
        GraphCapture r = capture;
        if (r != null && !r.owns(memory)) r.retain(memory);
        DeviceEvent ready = memory.ready();
        if (ready != null) waitForDeferred(ready);
    }

    /** Makes future work, or the replays of the graph being captured, wait for an event. */
    void waitForDeferred(DeviceEvent event) {
        GraphCapture r = capture;
        if (r != null) r.waitBeforeReplay(event);
        else event.blockStream(this);
    }

    @Override
    public String toString() {
        return "cuda_stream=0x" + Long.toHexString(handle);
    }
}
