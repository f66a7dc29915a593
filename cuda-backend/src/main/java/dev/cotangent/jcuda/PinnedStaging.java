package dev.cotangent.jcuda;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/** Pinned memory through which everything goes to a device and comes from it; a copy to it is not waited for. */
final class PinnedStaging {
    private static final int SIZE = 1 << 20;
    private static final int MOST = 8;

    private final CudaDevice device;
    private final Deque<Stage> idle = new ArrayDeque<>();
    private int made;

    /** A piece; its mark tells when the last copy from it is over. */
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

    /** A piece that nobody uses: the one that was given back first, or a new one where that is still being copied. */
    private Stage take() {
        Stage stage;
        synchronized (this) {
            stage = idle.pollFirst();
            if (made < MOST && (stage == null || stage.inFlight && !stage.copied.isDone())) {
                if (stage != null) idle.addFirst(stage);
                made++;
                stage = null;
            } else {
                stage = stage != null ? stage : awaitOne();
            }
        }
        if (stage == null) {
            boolean there = false;
            try {
                stage = new Stage(device);
                there = true;
            } finally {
                if (!there) forget();
            }
        }
        if (stage.inFlight) stage.copied.synchronize();
        stage.inFlight = false;
        return stage;
    }

    private synchronized void forget() {
        made--;
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

    private synchronized void give(@Nullable Stage stage) {
        if (stage == null) return;
        // What is not in flight is taken first.
        if (stage.inFlight) idle.addLast(stage);
        else idle.addFirst(stage);
        notifyAll();
    }

    /** Copies to the device; the memory may be changed as soon as this returns. */
    void write(DeviceStream queue, long to, MemorySegment from) {
        device.enter();
        for (long done = 0; done < from.byteSize(); done += SIZE) {
            long part = Math.min(SIZE, from.byteSize() - done);
            Stage stage = take();
            try {
                MemorySegment.copy(from, done, stage.memory, 0, part);
                Jcuda.check(
                        JCudaDriver.cuMemcpyHtoDAsync(
                                CudaDevice.pointer(to + done), stage.pointer, part, queue.stream()),
                        "cuMemcpyHtoDAsync");
                stage.inFlight = true;
                stage.copied.record(queue);
            } finally {
                give(stage);
            }
        }
    }

    /** Copies from the device when all that was asked of the queue before is done. While a part is read, the next comes. */
    void read(DeviceStream queue, long from, MemorySegment to) {
        device.enter();
        Stage now = null;
        Stage next = null;
        try {
            long size = to.byteSize();
            for (long done = 0; done < size; done += SIZE) {
                now = next != null ? next : fetch(queue, from + done, Math.min(SIZE, size - done), take());
                next = null;
                long after = done + SIZE;
                // A second piece is not waited for: whoever has it may be waiting for one as well.
                Stage second = after < size ? tryTake() : null;
                if (second != null) next = fetch(queue, from + after, Math.min(SIZE, size - after), second);
                now.copied.synchronize();
                now.inFlight = false;
                MemorySegment.copy(now.memory, 0, to, done, Math.min(SIZE, size - done));
                give(now);
                now = null;
            }
        } finally {
            give(now);
            give(next);
        }
    }

    private synchronized @Nullable Stage tryTake() {
        Stage stage = idle.peekFirst();
        if (stage == null || stage.inFlight && !stage.copied.isDone()) return null;
        stage.inFlight = false;
        return idle.removeFirst();
    }

    private Stage fetch(DeviceStream queue, long from, long bytes, Stage stage) {
        boolean asked = false;
        try {
            Jcuda.check(
                    JCudaDriver.cuMemcpyDtoHAsync(stage.pointer, CudaDevice.pointer(from), bytes, queue.stream()),
                    "cuMemcpyDtoHAsync");
            stage.copied.record(queue);
            stage.inFlight = true;
            asked = true;
            return stage;
        } finally {
            if (!asked) give(stage);
        }
    }
}
