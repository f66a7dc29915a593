package dev.cotangent.jcuda;

import dev.cotangent.CotangentException;
import dev.cotangent.backend.Accelerator;
import java.lang.ref.Cleaner;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/** An event of the driver, destroyed when it becomes unreachable. */
final class DeviceEvent implements Accelerator.Event, CachingAllocator.Fence {
    private static final Cleaner CLEANER = Cleaner.create();

    private final CudaDevice device;
    private final boolean pooled;
    private final CUevent event = new CUevent();
    private volatile @Nullable GraphCapture capture;

    /**
     * Creates an event of a device.
     *
     * @param timing whether it records the time
     * @param pooled whether it returns to the device's pool once it was found reached
     */
    DeviceEvent(CudaDevice device, boolean timing, boolean pooled) {
        this.device = device;
        this.pooled = pooled;
        int flags = timing ? CUevent_flags.CU_EVENT_DEFAULT : CUevent_flags.CU_EVENT_DISABLE_TIMING;
        int code = device.retrying("cuEventCreate", () -> JCudaDriver.cuEventCreate(event, flags));
        Jcuda.check(code, "cuEventCreate");
        CUevent own = event;
        CLEANER.register(this, () -> {
            device.enter();
            JCudaDriver.cuEventDestroy(own);
        });
    }

    @Override
    public void record(Accelerator.Stream stream) {
        DeviceStream q = (DeviceStream) stream;
        device.enter();
        Jcuda.check(JCudaDriver.cuEventRecord(event, q.cuStream()), "cuEventRecord");
        capture = q.capture();
    }

    /** Returns the capture that it was recorded in, or null. */
    @Nullable
    GraphCapture capture() {
        return capture;
    }

    private void requireNotCaptured() {
        if (capture == null) return;
        throw new CotangentException("an event recorded while a CudaGraph was captured is passed in no stream: only"
                + " streams of the same capture can wait for it; record another after the replay");
    }

    /** Makes a stream wait for this event. */
    void blockStream(DeviceStream stream) {
        stream.device().enter();
        Jcuda.check(JCudaDriver.cuStreamWaitEvent(stream.cuStream(), event, 0), "cuStreamWaitEvent");
    }

    @Override
    public boolean isDone() {
        requireNotCaptured();
        device.enter();
        int code = JCudaDriver.cuEventQuery(event);
        if (code == CUresult.CUDA_ERROR_NOT_READY) return false;
        Jcuda.check(code, "cuEventQuery");
        return true;
    }

    @Override
    public boolean isReached() {
        if (!isDone()) return false;
        if (pooled) device.releaseEvent(this);
        return true;
    }

    @Override
    public void await() {
        synchronize();
        if (pooled) device.releaseEvent(this);
    }

    @Override
    public void synchronize() {
        requireNotCaptured();
        device.enter();
        Jcuda.check(JCudaDriver.cuEventSynchronize(event), "cuEventSynchronize");
    }

    @Override
    public float millisecondsUntil(Accelerator.Event end) {
        float[] time = new float[1];
        device.enter();
        Jcuda.check(JCudaDriver.cuEventElapsedTime(time, event, ((DeviceEvent) end).event), "cuEventElapsedTime");
        return time[0];
    }
}
