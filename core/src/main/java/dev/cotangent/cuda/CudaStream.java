package dev.cotangent.cuda;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.backend.Accelerator;
import org.jspecify.annotations.Nullable;

/**
 * A stream: GPU work in order; PyTorch's {@code torch.cuda.Stream}. A thread submits to its current stream: the
 * device's default stream, or another inside of {@link #use}. Streams run concurrently, so a stream that reads
 * another's results must wait for it ({@link #waitStream}); memory used on a stream other than its own is reused only
 * after both are done.
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
    private final Accelerator.Stream stream;

    CudaStream(Device device, Accelerator accelerator, Accelerator.Stream stream) {
        this.device = device;
        this.accelerator = accelerator;
        this.stream = stream;
    }

    /** Restores the thread's previous stream and device; close in the opening thread, innermost first. */
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
         * @throws CotangentException if a stream set later is still in use, which then stays current until it is closed
         *     and this one with it; or in another thread
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
            last.before.accelerator.setCurrentStream(last.before.stream);
            Cuda.setDevice(last.deviceBefore);
        }
    }

    /** Returns a stream of the current device that runs concurrently. As PyTorch, it reuses 32 streams in turn. */
    public static CudaStream create() {
        return create(Device.cuda(Cuda.currentDevice()), 0);
    }

    /**
     * Returns a stream of a device that runs concurrently.
     *
     * @param priority -1 for high priority, else 0
     */
    public static CudaStream create(Device device, int priority) {
        Accelerator a = Cuda.accelerator(device);
        return new CudaStream(device, a, a.newStream(priority));
    }

    /** Returns the stream's device. */
    public Device device() {
        return device;
    }

    /** Makes this the thread's current stream, and its device current, until the result is closed. */
    public Use use() {
        Use restore = new Use(new CudaStream(device, accelerator, accelerator.currentStream()), Cuda.currentDevice());
        accelerator.setCurrentStream(stream);
        Cuda.setDevice(device.index());
        return restore;
    }

    /** Runs work with this as the thread's current stream. */
    public void run(Runnable work) {
        try (var _ = use()) {
            work.run();
        }
    }

    /** Returns whether all submitted work has finished. */
    public boolean query() {
        return stream.isDone();
    }

    /** Blocks until all submitted work has finished. */
    public void synchronize() {
        stream.synchronize();
    }

    /** Records an event after the work submitted so far. */
    public CudaEvent recordEvent() {
        CudaEvent e = new CudaEvent();
        e.record(this);
        return e;
    }

    /** Makes later work wait for an event; does nothing if the event was never recorded. */
    public void waitEvent(CudaEvent event) {
        Accelerator.Event recorded = event.event();
        if (recorded != null) stream.waitFor(recorded);
    }

    /** Makes later work wait for all work submitted to another stream so far. */
    public void waitStream(CudaStream other) {
        waitEvent(other.recordEvent());
    }

    Accelerator accelerator() {
        return accelerator;
    }

    Accelerator.Stream stream() {
        return stream;
    }

    /** Returns whether both are the same stream. */
    @Override
    public boolean equals(Object o) {
        return o instanceof CudaStream s && s.stream.equals(stream);
    }

    @Override
    public int hashCode() {
        return stream.hashCode();
    }

    /** Returns {@code <CudaStream device=cuda:0 ...>}. */
    @Override
    public String toString() {
        return "<CudaStream device=" + device + " " + stream + ">";
    }
}
