package dev.cotangent.jcuda;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/** Pinned staging buffers for copies between host and device; a copy to the device is not waited for. */
final class PinnedStaging {
    private static final int SIZE = 1 << 20;
    private static final int MAX_BUFFERS = 8;

    private final CudaDevice device;
    private final Deque<Stage> idle = new ArrayDeque<>();
    private int count;

    /** A staging buffer, and the event after its last copy. */
    private static final class Stage {
        final Pointer pointer = new Pointer();
        final MemorySegment memory;
        final DeviceEvent copied;
        boolean inFlight;

        Stage(CudaDevice device) {
            device.enter();
            Jcuda.check(JCudaDriver.cuMemHostAlloc(pointer, SIZE, 0), "cuMemHostAlloc");
            memory = MemorySegment.ofBuffer(pointer.getByteBuffer(0, SIZE).order(ByteOrder.nativeOrder()));
            copied = new DeviceEvent(device, false, false);
        }
    }

    PinnedStaging(CudaDevice device) {
        this.device = device;
    }

    /** Returns an unused buffer: the oldest free one, or a new one if that is still being copied. */
    private Stage acquire() {
        Stage stage;
        synchronized (this) {
            stage = idle.pollFirst();
            if (count < MAX_BUFFERS && (stage == null || stage.inFlight && !stage.copied.isDone())) {
                if (stage != null) idle.addFirst(stage);
                count++;
                stage = null;
            } else {
                stage = stage != null ? stage : awaitOne();
            }
        }
        if (stage == null) {
            boolean created = false;
            try {
                stage = new Stage(device);
                created = true;
            } finally {
                if (!created) discard();
            }
        }
        if (stage.inFlight) stage.copied.synchronize();
        stage.inFlight = false;
        return stage;
    }

    private synchronized void discard() {
        count--;
    }

    private synchronized Stage awaitOne() {
        boolean interrupted = false;
        Stage stage = idle.pollFirst();
        while (stage == null) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
            stage = idle.pollFirst();
        }
        if (interrupted) Thread.currentThread().interrupt();
        return stage;
    }

    private synchronized void release(@Nullable Stage stage) {
        if (stage == null) return;
        // Buffers that are not in flight are reused first.
        if (stage.inFlight) idle.addLast(stage);
        else idle.addFirst(stage);
        notifyAll();
    }

    /** Copies to the device; the source may be changed as soon as this returns. */
    void write(DeviceStream stream, long to, MemorySegment from) {
        for (long done = 0; done < from.byteSize(); done += SIZE) {
            long part = Math.min(SIZE, from.byteSize() - done);
            Stage stage = acquire();
            try {
                MemorySegment.copy(from, done, stage.memory, 0, part);
                device.enter();
                Jcuda.check(
                        JCudaDriver.cuMemcpyHtoDAsync(
                                CudaDevice.pointer(to + done), stage.pointer, part, stream.cuStream()),
                        "cuMemcpyHtoDAsync");
                stage.inFlight = true;
                stage.copied.record(stream);
            } finally {
                release(stage);
            }
        }
    }

    /** Copies from the device, after the stream's work; the next part is transferred while one is copied out. */
    void read(DeviceStream stream, long from, MemorySegment to) {
        Stage current = null;
        Stage next = null;
        try {
            long size = to.byteSize();
            for (long done = 0; done < size; done += SIZE) {
                current = next != null ? next : fetch(stream, from + done, Math.min(SIZE, size - done), acquire());
                next = null;
                long after = done + SIZE;
                // Waiting for a second buffer could deadlock with another reader.
                Stage second = after < size ? tryAcquire() : null;
                if (second != null) next = fetch(stream, from + after, Math.min(SIZE, size - after), second);
                current.copied.synchronize();
                current.inFlight = false;
                MemorySegment.copy(current.memory, 0, to, done, Math.min(SIZE, size - done));
                release(current);
                current = null;
            }
        } finally {
            release(current);
            release(next);
        }
    }

    private synchronized @Nullable Stage tryAcquire() {
        Stage stage = idle.peekFirst();
        if (stage == null || stage.inFlight && !stage.copied.isDone()) return null;
        stage.inFlight = false;
        return idle.removeFirst();
    }

    private Stage fetch(DeviceStream stream, long from, long bytes, Stage stage) {
        boolean submitted = false;
        try {
            device.enter();
            Jcuda.check(
                    JCudaDriver.cuMemcpyDtoHAsync(stage.pointer, CudaDevice.pointer(from), bytes, stream.cuStream()),
                    "cuMemcpyDtoHAsync");
            stage.copied.record(stream);
            stage.inFlight = true;
            submitted = true;
            return stage;
        } finally {
            if (!submitted) release(stage);
        }
    }
}
