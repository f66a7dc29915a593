package dev.cotangent.cuda;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.backend.Accelerator;
import org.jspecify.annotations.Nullable;

/**
 * An order in which a GPU works; PyTorch's {@code torch.cuda.Stream}. What a thread asks for goes to its current stream:
 * the device's default stream, or another inside of {@link #use}. Streams go on side by side, so what one writes and
 * another reads has to be waited for ({@link #waitStream}); memory that another stream than the one it was made on has
 * used is reused only when both are done with it.
 *
 * {@snippet :
 * CudaStream side = CudaStream.create();
 * side.waitStream(Cuda.currentStream());
 * Tensor y;
 * try (var on = side.use()) {
 *     y = x.matmul(w);
 * }
 * Cuda.currentStream().waitStream(side);
 * }
 */
public final class CudaStream {
    private final Device device;
    private final Accelerator accelerator;
    private final Accelerator.Stream queue;

    CudaStream(Device device, Accelerator accelerator, Accelerator.Stream queue) {
        this.device = device;
        this.accelerator = accelerator;
        this.queue = queue;
    }

    /** Restores the stream and the device that were the thread's; closed by that thread, the innermost first. */
    public static final class Use implements AutoCloseable {
        private static final ThreadLocal<@Nullable Use> INNERMOST = new ThreadLocal<>();

        private final CudaStream before;
        private final int deviceBefore;
        private final Thread thread = Thread.currentThread();
        private final @Nullable Use outer = INNERMOST.get();
        private boolean closed;

        private Use(CudaStream before, int deviceBefore) {
            this.before = before;
            this.deviceBefore = deviceBefore;
            INNERMOST.set(this);
        }

        /**
         * Restores the stream and the device.
         *
         * @throws CotangentException if a stream that was put in use later still is, which then stays in use until it is
         *     closed and this one with it; or in another thread
         */
        @Override
        public void close() {
            if (closed) return;
            if (Thread.currentThread() != thread) {
                throw new CotangentException("the use of a stream is closed by the thread that opened it");
            }
            closed = true;
            if (INNERMOST.get() != this) {
                throw new CotangentException(
                        "the use of a stream is closed after all that were opened later: close the innermost first");
            }
            Use last = this;
            while (last.outer != null && last.outer.closed) last = last.outer;
            INNERMOST.set(last.outer);
            last.before.accelerator.setCurrentStream(last.before.queue);
            Cuda.setDevice(last.deviceBefore);
        }
    }

    /** A stream of the current device beside the others. As in PyTorch there are 32, which are handed out in turn. */
    public static CudaStream create() {
        return create(Device.cuda(Cuda.currentDevice()), 0);
    }

    /**
     * A stream of a device beside the others.
     *
     * @param priority -1 for one whose work comes first, else 0
     */
    public static CudaStream create(Device device, int priority) {
        Accelerator a = Cuda.accelerator(device);
        return new CudaStream(device, a, a.newStream(priority));
    }

    /** Where it works. */
    public Device device() {
        return device;
    }

    /** Makes it the thread's current stream, and its device the current one, until what is returned is closed. */
    public Use use() {
        Use restore = new Use(new CudaStream(device, accelerator, accelerator.currentStream()), Cuda.currentDevice());
        accelerator.setCurrentStream(queue);
        Cuda.setDevice(device.index());
        return restore;
    }

    /** Runs something with this as the thread's current stream. */
    public void run(Runnable work) {
        try (var _ = use()) {
            work.run();
        }
    }

    /** Whether everything asked of it is done. */
    public boolean query() {
        return queue.isDone();
    }

    /** Waits until everything asked of it is done. */
    public void synchronize() {
        queue.synchronize();
    }

    /** An event behind what was asked of it so far. */
    public CudaEvent recordEvent() {
        CudaEvent e = new CudaEvent();
        e.record(this);
        return e;
    }

    /** Lets what is asked of it from now on wait for an event; nothing to wait for where it was never recorded. */
    public void waitEvent(CudaEvent event) {
        Accelerator.Event marker = event.marker();
        if (marker != null) queue.waitFor(marker);
    }

    /** Lets what is asked of it from now on wait for all that was asked of another stream so far. */
    public void waitStream(CudaStream other) {
        waitEvent(other.recordEvent());
    }

    Accelerator accelerator() {
        return accelerator;
    }

    Accelerator.Stream queue() {
        return queue;
    }

    /** Whether both are the same order of work. */
    @Override
    public boolean equals(Object o) {
        return o instanceof CudaStream s && s.queue.equals(queue);
    }

    @Override
    public int hashCode() {
        return queue.hashCode();
    }

    /** {@code <CudaStream device=cuda:0 ...>}. */
    @Override
    public String toString() {
        return "<CudaStream device=" + device + " " + queue + ">";
    }
}
