package dev.cotangent.cuda;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.ValueException;
import dev.cotangent.backend.Accelerator;
import org.jspecify.annotations.Nullable;

/**
 * A place in a stream's work that streams and threads can wait for; PyTorch's {@code torch.cuda.Event}. It is recorded
 * on streams of one device.
 */
public final class CudaEvent {
    private final boolean timing;
    private Accelerator.@Nullable Event marker;
    private @Nullable Device device;

    /** One that does not tell the time. */
    public CudaEvent() {
        this(false);
    }

    /** One whose time is told by {@link #elapsedTime}, where {@code enableTiming}. */
    public CudaEvent(boolean enableTiming) {
        this.timing = enableTiming;
    }

    /** Sets it behind all that was asked of the thread's current stream. */
    public void record() {
        record(Cuda.currentStream());
    }

    /** Sets it behind all that was asked of a stream so far. */
    public synchronized void record(CudaStream stream) {
        if (device != null && !device.equals(stream.device())) {
            throw new CotangentException(
                    "Event device " + device + " does not match recording stream's device " + stream.device() + ".");
        }
        if (marker == null) marker = stream.accelerator().newEvent(timing);
        device = stream.device();
        marker.record(stream.queue());
    }

    synchronized Accelerator.@Nullable Event marker() {
        return marker;
    }

    /** Whether everything before it is done; true where it was never recorded. */
    public boolean query() {
        Accelerator.Event m = marker();
        return m == null || m.isDone();
    }

    /** Waits until everything before it is done. */
    public void synchronize() {
        Accelerator.Event m = marker();
        if (m != null) m.synchronize();
    }

    /** The milliseconds from this event to another; both made with {@code enableTiming}, recorded and passed. */
    public double elapsedTime(CudaEvent end) {
        Accelerator.Event from = marker();
        Accelerator.Event to = end.marker();
        if (!timing || !end.timing) {
            throw new ValueException(
                    "Both events must be created with argument 'enable_timing=True'. In Java: new CudaEvent(true).");
        }
        if (from == null || to == null) {
            throw new ValueException("Both events must be recorded before calculating elapsed time.");
        }
        return from.millisecondsUntil(to);
    }
}
