package dev.cotangent.cuda;

import dev.cotangent.CotangentException;
import dev.cotangent.backend.Accelerator;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;

/**
 * Work of one stream, taken down to be done again at the same addresses: what it allocates comes from a shelf of its own
 * that gives nothing away, and other memory that it uses is held on to.
 */
final class GraphRecorder implements Accelerator.Recording {
    private static final int FAILURE = 24;
    private static final int STATE = 16;

    private final CudaDevice device;
    private final CudaQueue queue;
    private final CachingAllocator.Shelf shelf;
    private final long record;
    private final long seed;
    private final long position;
    private final Set<DeviceMemory> outer = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<CudaMarker> marks = new HashSet<>();
    private final Set<CudaQueue> told = new HashSet<>();
    private final CUgraphExec executable = new CUgraphExec();
    private boolean instantiated;
    private boolean mayFail;
    private boolean draws;
    private boolean closed;

    private GraphRecorder(CudaDevice device, CudaQueue queue, long seed, long position) {
        this.device = device;
        this.queue = queue;
        this.seed = seed;
        this.position = position;
        this.record = device.allocateForGood(FAILURE + STATE);
        this.shelf = device.allocator().hold(queue);
    }

    /** Takes down what {@code work} asks for; random numbers are those of that place of a sequence and after it. */
    static GraphRecorder of(CudaDevice device, CudaQueue queue, long seed, long position, Runnable work) {
        CudaQueue before = device.queue();
        before.refuseRecorded("another capture", "capture one after the other");
        device.recording().lock();
        try {
            GraphRecorder r = new GraphRecorder(device, queue, seed, position);
            boolean done = false;
            try {
                before.zero(r.record, FAILURE + STATE);
                before.await();
                r.run(work, before);
                done = true;
                return r;
            } finally {
                if (!done) r.close();
            }
        } finally {
            device.recording().unlock();
        }
    }

    private void run(Runnable work, CudaQueue before) {
        device.enter();
        CUstream stream = queue.stream();
        // Relaxed, since the step may take memory from the driver and load kernels, which do no harm.
        int relaxed = CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED;
        Jcuda.check(JCudaDriver.cuStreamBeginCapture(stream, relaxed), "cuStreamBeginCapture");
        CUgraph graph = new CUgraph();
        int code;
        device.use(queue);
        queue.setRecorder(this);
        try {
            work.run();
        } finally {
            queue.setRecorder(null);
            device.use(before);
            device.enter();
            code = JCudaDriver.cuStreamEndCapture(stream, graph);
        }
        if (code == CUresult.CUDA_ERROR_STREAM_CAPTURE_INVALIDATED) {
            throw new CotangentException(
                    "a CudaGraph could not be captured: " + Jcuda.describe(code, "cuStreamEndCapture")
                            + "; run the step once before it is captured, so that its kernels are compiled and loaded");
        }
        Jcuda.check(code, "cuStreamEndCapture");
        try {
            Jcuda.check(JCudaDriver.cuGraphInstantiate(executable, graph, 0), "cuGraphInstantiate");
            instantiated = true;
        } finally {
            JCudaDriver.cuGraphDestroy(graph);
        }
    }

    CachingAllocator.Shelf shelf() {
        return shelf;
    }

    /** Holds on to memory that is not of the graph's own. */
    void keep(DeviceMemory memory) {
        memory.pin();
        outer.add(memory);
    }

    /** Lets replays wait for a mark. */
    void keep(CudaMarker mark) {
        marks.add(mark);
    }

    /** The address of the graph's own record of a wrong index. */
    long failure() {
        mayFail = true;
        return record;
    }

    /** The address of seed and position from which a replay draws. */
    long drawn(long wantedSeed, long wantedPosition) {
        if (wantedSeed != seed || wantedPosition < position) {
            throw new CotangentException("a CudaGraph captures random numbers of the standard generator alone, and no"
                    + " change of its seed: draw others before the capture");
        }
        draws = true;
        return record + FAILURE;
    }

    /** The position at which the recording began. */
    long start() {
        return position;
    }

    @Override
    public synchronized void replay(long fromSeed, long fromPosition) {
        if (closed) throw new CotangentException("the CudaGraph is closed already");
        CudaQueue now = device.queue();
        now.refuseRecorded("the replay of another graph", "replay one after the other");
        device.enter();
        if (told.add(now)) {
            for (DeviceMemory memory : outer) memory.address(now);
            for (CudaMarker mark : marks) mark.holdBack(now);
        }
        if (draws) {
            now.set(record + FAILURE, fromSeed);
            now.set(record + FAILURE + 8, fromPosition);
        }
        Jcuda.check(JCudaDriver.cuGraphLaunch(executable, now.stream()), "cuGraphLaunch");
        if (mayFail) now.lookAt(record);
    }

    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        device.enter();
        if (instantiated) JCudaDriver.cuGraphExecDestroy(executable);
        outer.clear();
        for (CudaQueue q : told) q.ignore(record);
        device.allocator().letGo(shelf);
        device.forget(record);
    }
}
