package dev.cotangent.jcuda;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * Pinned staging buffers of one size for copies between host and device. A copy to the device is not waited for, unless
 * every buffer is still being copied from.
 */
final class PinnedStaging {
    private final int size;
    private final int max;

    private final CudaDevice device;
    private final Deque<Stage> idle = new ArrayDeque<>();
    private int count;

    /** A staging buffer, and the event after its last copy. */
    private static final class Stage {
        final Pointer pointer = new Pointer();
        final MemorySegment memory;
        final DeviceEvent copied;
        boolean inFlight;
        /** Whether nothing tells when the last copy is done, so that it must not be used again. */
        boolean lost;

        Stage(CudaDevice device, int size) {
            int code = device.retrying("cuMemHostAlloc", () -> JCudaDriver.cuMemHostAlloc(pointer, size, 0));
            Jcuda.check(code, "cuMemHostAlloc");
            memory = MemorySegment.ofBuffer(pointer.getByteBuffer(0, size).order(ByteOrder.nativeOrder()));
            copied = new DeviceEvent(device, false, false);
        }
    }

    PinnedStaging(CudaDevice device, int size, int max) {
        this.device = device;
        this.size = size;
        this.max = max;
    }

    /** Returns an unused buffer: the oldest free one, or a new one if that is still being copied. */
    private Stage acquire() {
        Stage stage;
        synchronized (this) {
            stage = idle.pollFirst();
            if (stage != null && stage.inFlight && stage.copied.isDone()) stage.inFlight = false;
            if (count < max && (stage == null || stage.inFlight)) {
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
                stage = new Stage(device, size);
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
        if (stage.lost) {
            count--;
            notifyAll();
            return;
        }
        // Buffers that are not in flight are reused first.
        if (stage.inFlight) idle.addLast(stage);
        else idle.addFirst(stage);
        notifyAll();
    }

    /** Copies to the device; the source may be changed as soon as this returns. */
    void write(DeviceStream stream, long to, MemorySegment from) {
        for (long done = 0; done < from.byteSize(); done += size) {
            long part = Math.min(size, from.byteSize() - done);
            Stage stage = acquire();
            try {
                MemorySegment.copy(from, done, stage.memory, 0, part);
                device.enter();
                Jcuda.check(
                        JCudaDriver.cuMemcpyHtoDAsync(
                                CudaDevice.pointer(to + done), stage.pointer, part, stream.cuStream()),
                        "cuMemcpyHtoDAsync");
                submitted(stage, stream);
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
            long all = to.byteSize();
            for (long done = 0; done < all; done += size) {
                current = next != null ? next : fetch(stream, from + done, Math.min(size, all - done), acquire());
                next = null;
                long after = done + size;
                // Waiting for a second buffer could deadlock with another reader.
                Stage second = after < all ? tryAcquire() : null;
                if (second != null) next = fetch(stream, from + after, Math.min(size, all - after), second);
                current.copied.synchronize();
                current.inFlight = false;
                MemorySegment.copy(current.memory, 0, to, done, Math.min(size, all - done));
                release(current);
                current = null;
            }
        } finally {
            release(current);
            release(next);
        }
    }

    /** Records the event after a copy, or waits for the copy if that fails. */
    private void submitted(Stage stage, DeviceStream stream) {
        stage.lost = true;
        try {
            stage.copied.record(stream);
            stage.inFlight = true;
            stage.lost = false;
        } finally {
            if (stage.lost) {
                device.enter();
                stage.lost = JCudaDriver.cuStreamSynchronize(stream.cuStream()) != 0;
            }
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
            submitted(stage, stream);
            submitted = true;
            return stage;
        } finally {
            if (!submitted) release(stage);
        }
    }
}
