package dev.cotangent.cuda;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.ValueException;
import dev.cotangent.backend.Accelerator;
import org.jspecify.annotations.Nullable;

/**
 * A position in a stream's work that streams and threads can wait for; PyTorch's {@code torch.cuda.Event}. An event
 * belongs to the device it is first recorded on.
 */
public final class CudaEvent {
    private final boolean timing;
    private Accelerator.@Nullable Event event;
    private @Nullable Device device;

    /** Creates an event without timing. */
    public CudaEvent() {
        this(false);
    }

    /** Creates an event, which measures time for {@link #elapsedTime} if {@code enableTiming}. */
    public CudaEvent(boolean enableTiming) {
        this.timing = enableTiming;
    }

    /** Records the event on the thread's current stream. */
    public void record() {
        record(Cuda.currentStream());
    }

    /** Records the event on a stream, after the work submitted so far. */
    public synchronized void record(CudaStream stream) {
        if (device != null && !device.equals(stream.device())) {
            throw new CotangentException(
                    "Event device " + device + " does not match recording stream's device " + stream.device() + ".");
        }
        if (event == null) event = stream.accelerator().newEvent(timing);
        device = stream.device();
        event.record(stream.stream());
    }

    synchronized Accelerator.@Nullable Event event() {
        return event;
    }

    /** Returns whether the recorded work has finished; true if the event was never recorded. */
    public boolean query() {
        Accelerator.Event m = event();
        return m == null || m.isDone();
    }

    /** Blocks until the recorded work has finished. */
    public void synchronize() {
        Accelerator.Event m = event();
        if (m != null) m.synchronize();
    }

    /**
     * Returns the milliseconds from this event to another; both created with {@code enableTiming}, recorded and
     * finished.
     */
    public double elapsedTime(CudaEvent end) {
        Accelerator.Event from = event();
        Accelerator.Event to = end.event();
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
