package dev.cotangent.jcuda;

import dev.cotangent.CotangentException;
import dev.cotangent.backend.Accelerator;
import java.lang.ref.Cleaner;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/** An event of the driver; destroyed when nothing refers to it any more. */
final class DeviceEvent implements Accelerator.Event, CachingAllocator.Fence {
    private static final Cleaner CLEANER = Cleaner.create();

    private final CudaDevice device;
    private final boolean pooled;
    private final CUevent event = new CUevent();
    private volatile @Nullable GraphCapture recorder;

    /**
     * An event of a device.
     *
     * @param timing whether it tells the time
     * @param pooled whether it goes back to the device once it was found passed
     */
    DeviceEvent(CudaDevice device, boolean timing, boolean pooled) {
        this.device = device;
        this.pooled = pooled;
        device.enter();
        int flags = timing ? CUevent_flags.CU_EVENT_DEFAULT : CUevent_flags.CU_EVENT_DISABLE_TIMING;
        Jcuda.check(JCudaDriver.cuEventCreate(event, flags), "cuEventCreate");
        CUevent mine = event;
        CLEANER.register(this, () -> {
            device.enter();
            JCudaDriver.cuEventDestroy(mine);
        });
    }

    @Override
    public void record(Accelerator.Stream queue) {
        DeviceStream q = (DeviceStream) queue;
        device.enter();
        Jcuda.check(JCudaDriver.cuEventRecord(event, q.stream()), "cuEventRecord");
        recorder = q.recorder();
    }

    /** What takes down the work that it was set behind, or null where that is done. */
    @Nullable
    GraphCapture recorder() {
        return recorder;
    }

    private void refuseRecorded() {
        if (recorder == null) return;
        throw new CotangentException("an event recorded while a CudaGraph was captured is passed in no stream: only"
                + " streams of the same capture can wait for it; record another after the replay");
    }

    /** Lets a queue wait. */
    void blockStream(DeviceStream queue) {
        queue.device().enter();
        Jcuda.check(JCudaDriver.cuStreamWaitEvent(queue.stream(), event, 0), "cuStreamWaitEvent");
    }

    @Override
    public boolean isDone() {
        refuseRecorded();
        device.enter();
        int code = JCudaDriver.cuEventQuery(event);
        if (code == CUresult.CUDA_ERROR_NOT_READY) return false;
        Jcuda.check(code, "cuEventQuery");
        return true;
    }

    @Override
    public boolean isPassed() {
        if (!isDone()) return false;
        if (pooled) device.giveMarker(this);
        return true;
    }

    @Override
    public void await() {
        synchronize();
        if (pooled) device.giveMarker(this);
    }

    @Override
    public void synchronize() {
        refuseRecorded();
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
