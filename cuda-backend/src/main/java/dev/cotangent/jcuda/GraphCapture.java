package dev.cotangent.jcuda;

import dev.cotangent.CotangentException;
import dev.cotangent.backend.Accelerator;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;

/**
 * Work of a stream, and of those that wait for it, taken down to be done again at the same addresses: what they allocate
 * comes from shelves of its own that give nothing away, and other memory that they use is held on to.
 */
final class GraphCapture implements Accelerator.Capture {
    private static final int FAILURE = 24;
    private static final int STATE = 16;

    private final CudaDevice device;
    private final DeviceStream queue;
    private final Consumer<DeviceStream> prepare;
    /** Of each queue that takes part, the queue being recorded or not any more. */
    private final Map<DeviceStream, CachingAllocator.FreeList> shelves = new HashMap<>();
    /** Behind what was asked of a queue before it took part. */
    private final Map<DeviceStream, DeviceEvent> entries = new HashMap<>();

    private final long record;
    private final long seed;
    private final long position;
    private final Set<DeviceMemory> outer = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<DeviceEvent> marks = new HashSet<>();
    private final Set<DeviceStream> told = new HashSet<>();
    private final CUgraphExec executable = new CUgraphExec();
    private boolean instantiated;
    private boolean mayFail;
    private boolean draws;
    private boolean closed;

    private GraphCapture(CudaDevice device, Consumer<DeviceStream> prepare, long seed, long position) {
        this.device = device;
        this.queue = device.recorder();
        this.prepare = prepare;
        this.seed = seed;
        this.position = position;
        prepare.accept(queue);
        this.record = device.allocateForGood(FAILURE + STATE);
        shelves.put(queue, device.allocator().hold(queue));
    }

    /** Takes down what {@code work} asks for; random numbers are those of that place of a sequence and after it. */
    static GraphCapture of(CudaDevice device, Consumer<DeviceStream> prepare, long seed, long position, Runnable work) {
        DeviceStream before = device.queue();
        before.refuseCaptured("another capture", "capture one after the other");
        device.recording().lock();
        try {
            GraphCapture r = new GraphCapture(device, prepare, seed, position);
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

    private void run(Runnable work, DeviceStream before) {
        device.enter();
        CUstream stream = queue.stream();
        // Relaxed, since the step may take memory from the driver and load kernels, which do no harm.
        int relaxed = CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED;
        Jcuda.check(JCudaDriver.cuStreamBeginCapture(stream, relaxed), "cuStreamBeginCapture");
        CUgraph graph = new CUgraph();
        int code;
        device.use(queue);
        queue.setCapture(this);
        try {
            work.run();
        } finally {
            for (DeviceStream q : shelves.keySet()) q.setCapture(null);
            device.use(before);
            device.enter();
            code = end(stream, graph);
        }
        if (code != 0) {
            throw new CotangentException(
                    "a CudaGraph could not be captured: " + Jcuda.describe(code, "cuStreamEndCapture") + remedy(code));
        }
        try {
            Jcuda.check(JCudaDriver.cuGraphInstantiate(executable, graph, 0), "cuGraphInstantiate");
            instantiated = true;
        } finally {
            JCudaDriver.cuGraphDestroy(graph);
        }
    }

    private static int end(CUstream stream, CUgraph graph) {
        int code = JCudaDriver.cuStreamEndCapture(stream, graph);
        CUgraph rest = new CUgraph();
        // A stream that is left capturing could do nothing else any more.
        if (code != 0 && JCudaDriver.cuStreamEndCapture(stream, rest) == 0) JCudaDriver.cuGraphDestroy(rest);
        return code;
    }

    private static String remedy(int code) {
        return switch (code) {
            case CUresult.CUDA_ERROR_STREAM_CAPTURE_INVALIDATED ->
                "; run the step once before it is captured, so that its kernels are compiled and loaded";
            case CUresult.CUDA_ERROR_STREAM_CAPTURE_UNJOINED ->
                "; let the stream that the step began on wait for all others at its end:"
                        + " Cuda.currentStream().waitStream(side)";
            default -> "";
        };
    }

    /** Lets a queue wait for a mark in the recorded work, by which it takes part. */
    void join(DeviceStream other, DeviceEvent mark) {
        if (queue.recorder() != this || !device.recording().isHeldByCurrentThread()) {
            throw new CotangentException(
                    "a stream waits for an event recorded while a CudaGraph was captured, outside of"
                            + " that capture; wait for the stream that replays the graph");
        }
        if (other.recorder() == this) {
            mark.blockStream(other);
            return;
        }
        if (other.device() != device || other == device.first()) {
            queue.refuseCaptured(
                    other.device() == device ? "the default stream" : "a stream of another device",
                    "use CudaStream.create() on the graph's device");
        }
        prepare.accept(other);
        DeviceEvent entry = new DeviceEvent(device, false, false);
        entry.record(other);
        mark.blockStream(other);
        entries.put(other, entry);
        shelves.put(other, device.allocator().hold(other));
        other.setCapture(this);
    }

    /** The first queue, which from now on waits for what was asked of another before that took part. */
    DeviceStream before(DeviceStream other) {
        DeviceEvent entry = entries.get(other);
        if (entry != null) entry.blockStream(device.first());
        return device.first();
    }

    /** Where memory for a queue's work comes from. */
    CachingAllocator.FreeList shelf(DeviceStream of) {
        CachingAllocator.FreeList shelf = shelves.get(of);
        if (shelf == null) throw new IllegalStateException("a queue that takes no part: " + of);
        return shelf;
    }

    boolean owns(DeviceMemory memory) {
        return memory.isFrom(shelves.values());
    }

    /** Holds on to memory that is not of the graph's own. */
    void keep(DeviceMemory memory) {
        memory.pin();
        outer.add(memory);
    }

    /** Lets replays wait for a mark. */
    void keep(DeviceEvent mark) {
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
        DeviceStream now = device.queue();
        now.refuseCaptured("the replay of another graph", "replay one after the other");
        device.enter();
        if (told.add(now)) {
            for (DeviceMemory memory : outer) memory.address(now);
            for (DeviceEvent mark : marks) mark.blockStream(now);
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
        for (DeviceStream q : told) q.ignore(record);
        shelves.values().forEach(device.allocator()::letGo);
        device.forget(record);
    }
}
