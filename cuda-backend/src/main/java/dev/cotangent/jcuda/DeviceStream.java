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

/** A stream of a device, and what goes with it: where its memory is kept, and what its kernels complain of. */
final class DeviceStream implements Accelerator.Stream, CachingAllocator.StreamPool {
    private static final int FAILURE = 24;

    private final CudaDevice device;
    private final CUstream stream;
    private final long handle;
    private final long failure;
    private final CachingAllocator.FreeList shelf;
    /** Records of wrong indices that work given to this queue may have written. */
    private final Set<Long> toLookAt = ConcurrentHashMap.newKeySet();

    private volatile boolean mayHaveFailed;
    private volatile @Nullable GraphCapture recorder;

    private static final class Handle extends CUstream {
        long value() {
            return getNativePointer();
        }
    }

    private DeviceStream(CudaDevice device, CUstream stream, long handle, CachingAllocator allocator) {
        this.device = device;
        this.stream = stream;
        this.handle = handle;
        this.failure = device.allocateForGood(FAILURE);
        this.shelf = allocator.shelf(this);
        zero(failure, FAILURE);
    }

    /** The stream that the driver starts with. */
    static DeviceStream first(CudaDevice device, CachingAllocator allocator) {
        return new DeviceStream(device, new CUstream(), 0, allocator);
    }

    /** One of its own, which the first one does not wait for. */
    static DeviceStream create(CudaDevice device, int priority, CachingAllocator allocator) {
        device.enter();
        Handle stream = new Handle();
        Jcuda.check(JCudaDriver.cuStreamCreateWithPriority(stream, 1, priority), "cuStreamCreateWithPriority");
        return new DeviceStream(device, stream, stream.value(), allocator);
    }

    CudaDevice device() {
        return device;
    }

    /** For JCuda. */
    CUstream stream() {
        return stream;
    }

    /** The driver's number for it. */
    long handle() {
        return handle;
    }

    /** Where memory for its work comes from. */
    CachingAllocator.FreeList shelf() {
        GraphCapture r = recorder;
        return r == null ? shelf : r.shelf(this);
    }

    @Nullable
    GraphCapture recorder() {
        return recorder;
    }

    void setCapture(@Nullable GraphCapture value) {
        recorder = value;
    }

    /** Where what was put off here is done now: while this is recorded, in the first queue, behind what was asked before. */
    DeviceStream atOnce() {
        GraphCapture r = recorder;
        return r == null ? this : r.before(this);
    }

    /** Raises an error where work is being recorded: what is asked for needs it done. */
    void refuseCaptured(String what, String remedy) {
        if (recorder == null) return;
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
        Jcuda.check(JCudaDriver.cuMemsetD32Async(low, (int) value, 1, stream), "cuMemsetD32Async");
        Jcuda.check(JCudaDriver.cuMemsetD32Async(high, (int) (value >>> 32), 1, stream), "cuMemsetD32Async");
    }

    void copy(long from, long to, long bytes) {
        device.enter();
        Jcuda.check(Driver.copy(to, from, bytes, handle), "cuMemcpyDtoDAsync");
    }

    /** Copies to another device, whose queue goes on when that is done; neither thread nor host has a part in it. */
    void copy(long from, DeviceStream other, long to, long bytes) {
        for (DeviceStream q : new DeviceStream[] {this, other}) {
            q.refuseCaptured("a copy between devices", "copy before the capture");
        }
        if (bytes == 0) return;
        // What the other queue does with that memory comes before and after, as PyTorch has it.
        DeviceEvent free = other.device.takeMarker();
        free.record(other);
        free.blockStream(this);
        other.device.giveMarker(free);
        device.enter();
        Jcuda.check(
                JCudaDriver.cuMemcpyPeerAsync(
                        CudaDevice.pointer(to),
                        other.device.context(),
                        CudaDevice.pointer(from),
                        device.context(),
                        bytes,
                        stream),
                "cuMemcpyPeerAsync");
        DeviceEvent there = device.takeMarker();
        there.record(this);
        there.blockStream(other);
        device.giveMarker(there);
    }

    /** The address of the record in which a kernel says what index was wrong; it is looked at when next waited for. */
    long failure() {
        GraphCapture r = recorder;
        if (r != null) return r.failure();
        mayHaveFailed = true;
        return failure;
    }

    /** Has a record looked at when next waited for. */
    void lookAt(long record) {
        toLookAt.add(record);
        mayHaveFailed = true;
    }

    /** Takes back {@link #lookAt}: the record is about to be freed. */
    void ignore(long record) {
        toLookAt.remove(record);
    }

    /** Raises what a kernel complained of; everything asked for is done. */
    void raiseFailure() {
        if (!mayHaveFailed) return;
        mayHaveFailed = false;
        boolean none = false;
        try {
            raise(failure);
            for (long record : toLookAt) if (toLookAt.remove(record)) raise(record);
            none = true;
        } finally {
            // One error at a time: the next wait looks at the rest.
            if (!none) mayHaveFailed = true;
        }
    }

    private void raise(long record) {
        byte[] bytes = new byte[FAILURE];
        device.staging().read(this, record, MemorySegment.ofArray(bytes));
        ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        if (b.getInt(0) == 0) return;
        zero(record, FAILURE);
        throw new IndexException("index " + b.getLong(8) + " is out of bounds for dimension " + b.getInt(4)
                + " with size " + b.getLong(16));
    }

    @Override
    public boolean isDone() {
        refuseCaptured("a question whether a stream is done", "ask outside of the capture");
        device.enter();
        int code = JCudaDriver.cuStreamQuery(stream);
        if (code == CUresult.CUDA_ERROR_NOT_READY) return false;
        Jcuda.check(code, "cuStreamQuery");
        return true;
    }

    @Override
    public void synchronize() {
        await();
        raiseFailure();
    }

    /** Waits for everything asked for, without a look at what it complained of. */
    void await() {
        refuseCaptured("a wait for a stream", "wait outside of the capture");
        device.enter();
        Jcuda.check(JCudaDriver.cuStreamSynchronize(stream), "cuStreamSynchronize");
    }

    @Override
    public void waitFor(Accelerator.Event marker) {
        DeviceEvent m = (DeviceEvent) marker;
        GraphCapture r = m.recorder();
        if (r != null) {
            r.join(this, m);
        } else {
            refuseCaptured("a wait for what is outside of it", "wait before the capture");
            m.blockStream(this);
        }
    }

    @Override
    public CachingAllocator.Fence mark() {
        if (recorder != null) return new WhileRecording(this);
        DeviceEvent marker = device.takeMarker();
        marker.record(this);
        return marker;
    }

    /** No mark can be set in a capture; what it was asked for ends with it. */
    private record WhileRecording(DeviceStream queue) implements CachingAllocator.Fence {
        @Override
        public boolean isPassed() {
            return queue.recorder == null;
        }

        @Override
        public void await() {}
    }

    @Override
    public void touched(DeviceMemory memory) {
        GraphCapture r = recorder;
        if (r != null && !r.owns(memory)) r.keep(memory);
        DeviceEvent ready = memory.ready();
        if (ready != null) awaitLate(ready);
    }

    /** Lets what is asked for from now on, and the replays of what is recorded, wait for a mark. */
    void awaitLate(DeviceEvent mark) {
        GraphCapture r = recorder;
        if (r != null) r.keep(mark);
        else mark.blockStream(this);
    }

    @Override
    public String toString() {
        return "cuda_stream=0x" + Long.toHexString(handle);
    }
}
