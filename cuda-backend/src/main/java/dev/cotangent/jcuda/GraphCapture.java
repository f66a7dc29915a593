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
import org.jspecify.annotations.Nullable;

/**
 * Captured graph of the work of a stream and of those that wait for it. Replays use the same addresses: allocations
 * during the capture come from private free lists, and other memory in use is retained.
 */
final class GraphCapture implements Accelerator.Capture {
    private static final int FAILURE = 24;
    private static final int STATE = 16;

    private final CudaDevice device;
    private final DeviceStream stream;
    private final Consumer<DeviceStream> prepare;
    /** Private free list of each stream of the capture. */
    private final Map<DeviceStream, CachingAllocator.FreeList> freeLists = new HashMap<>();
    /** Events after the work of a stream before it was added to the capture. */
    private final Map<DeviceStream, DeviceEvent> entryEvents = new HashMap<>();

    private final long record;
    private final long seed;
    private final long position;
    private final Set<DeviceMemory> externalMemory = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<DeviceEvent> externalEvents = new HashSet<>();
    private final Set<DeviceStream> replayStreams = new HashSet<>();
    private final CUgraphExec executable = new CUgraphExec();
    /** Event after the last replay, and its stream. */
    private final DeviceEvent replayed;

    private @Nullable DeviceStream lastStream;
    private boolean instantiated;
    private boolean mayFail;
    private boolean draws;
    private boolean closed;

    private GraphCapture(CudaDevice device, Consumer<DeviceStream> prepare, long seed, long position) {
        this.device = device;
        this.stream = device.captureStream();
        this.prepare = prepare;
        this.seed = seed;
        this.position = position;
        prepare.accept(stream);
        this.replayed = new DeviceEvent(device, false, false);
        this.record = device.allocatePermanent(FAILURE + STATE);
        freeLists.put(stream, device.allocator().createPrivate(stream));
    }

    /** Captures {@code work}; its random numbers start at the given position of the generator. */
    static GraphCapture of(CudaDevice device, Consumer<DeviceStream> prepare, long seed, long position, Runnable work) {
        DeviceStream before = device.currentStream();
        before.requireNotCapturing("another capture", "capture sequentially");
        device.captureLock().lock();
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
            device.captureLock().unlock();
        }
    }

    private void run(Runnable work, DeviceStream before) {
        device.enter();
        CUstream cuStream = stream.cuStream();
        // Relaxed, since private pools grow, and kernels that only a capture needs, where nothing is fused, are loaded.
        int relaxed = CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED;
        Jcuda.check(JCudaDriver.cuStreamBeginCapture(cuStream, relaxed), "cuStreamBeginCapture");
        CUgraph graph = new CUgraph();
        int code;
        device.setCurrentStream(stream);
        stream.setCapture(this);
        try {
            work.run();
        } finally {
            for (DeviceStream q : freeLists.keySet()) q.setCapture(null);
            device.setCurrentStream(before);
            device.enter();
            code = end(cuStream, graph);
        }
        if (code != 0) {
            throw new CotangentException(
                    "a CudaGraph could not be captured: " + Jcuda.describe(code, "cuStreamEndCapture") + remedy(code));
        }
        try {
            code = device.retrying("cuGraphInstantiate", () -> JCudaDriver.cuGraphInstantiate(executable, graph, 0));
            Jcuda.check(code, "cuGraphInstantiate");
            instantiated = true;
        } finally {
            JCudaDriver.cuGraphDestroy(graph);
        }
    }

    private static int end(CUstream stream, CUgraph graph) {
        int code = JCudaDriver.cuStreamEndCapture(stream, graph);
        CUgraph rest = new CUgraph();
        // A stream left in capture mode would stay unusable.
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

    /** Makes a stream wait for an event of the capture, which adds it to the capture. */
    void addStream(DeviceStream other, DeviceEvent event) {
        if (stream.capture() != this || !device.captureLock().isHeldByCurrentThread()) {
            throw new CotangentException(
                    "a stream waits for an event recorded while a CudaGraph was captured, outside of"
                            + " that capture; wait for the stream that replays the graph");
        }
        if (other.capture() == this) {
            event.blockStream(other);
            return;
        }
        if (other.device() != device || other == device.defaultStream()) {
            stream.requireNotCapturing(
                    other.device() == device ? "the default stream" : "a stream of another device",
                    "use CudaStream.create() on the graph's device");
        }
        prepare.accept(other);
        DeviceEvent entry = new DeviceEvent(device, false, false);
        entry.record(other);
        event.blockStream(other);
        entryEvents.put(other, entry);
        freeLists.put(other, device.allocator().createPrivate(other));
        other.setCapture(this);
    }

    /** Returns the default stream, after making it wait for the work of another before that was added to the capture. */
    DeviceStream streamForDeferred(DeviceStream other) {
        DeviceEvent entry = entryEvents.get(other);
        if (entry != null) entry.blockStream(device.defaultStream());
        return device.defaultStream();
    }

    /** Returns the private free list of a stream. */
    CachingAllocator.FreeList freeList(DeviceStream of) {
        CachingAllocator.FreeList freeList = freeLists.get(of);
        if (freeList == null) throw new IllegalStateException("a stream outside of the capture: " + of);
        return freeList;
    }

    boolean owns(DeviceMemory memory) {
        return memory.isFrom(freeLists.values());
    }

    /** Retains memory that was allocated outside of the capture. */
    void retain(DeviceMemory memory) {
        memory.pin();
        externalMemory.add(memory);
    }

    /** Makes replays wait for an event. */
    void waitBeforeReplay(DeviceEvent event) {
        externalEvents.add(event);
    }

    /** Returns the address of the graph's own error record. */
    long failure() {
        mayFail = true;
        return record;
    }

    /** Returns the address of the seed and position that a replay draws from. */
    long randomState(long generatorSeed, long generatorPosition) {
        if (generatorSeed != seed || generatorPosition < position) {
            throw new CotangentException("a CudaGraph captures random numbers of the standard generator alone, and no"
                    + " change of its seed: draw others before the capture");
        }
        draws = true;
        return record + FAILURE;
    }

    /** Returns the random position at the start of the capture. */
    long startPosition() {
        return position;
    }

    @Override
    public synchronized void replay(long fromSeed, long fromPosition) {
        if (closed) throw new CotangentException("the CudaGraph is closed already");
        DeviceStream current = device.currentStream();
        current.requireNotCapturing("the replay of another graph", "replay sequentially");
        device.enter();
        if (replayStreams.add(current)) {
            for (DeviceMemory memory : externalMemory) memory.address(current);
            for (DeviceEvent event : externalEvents) event.blockStream(current);
            device.enter();
        }
        if (draws) {
            // A replay on another stream may not have read its seed yet.
            if (lastStream != null && lastStream != current) replayed.blockStream(current);
            current.set(record + FAILURE, fromSeed);
            current.set(record + FAILURE + 8, fromPosition);
        }
        int code = device.retrying("cuGraphLaunch", () -> JCudaDriver.cuGraphLaunch(executable, current.cuStream()));
        Jcuda.check(code, "cuGraphLaunch");
        if (draws) replayed.record(current);
        lastStream = current;
        if (mayFail) current.watch(record);
    }

    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        device.enter();
        if (instantiated) JCudaDriver.cuGraphExecDestroy(executable);
        externalMemory.clear();
        for (DeviceStream q : replayStreams) q.unwatch(record);
        freeLists.values().forEach(device.allocator()::closePrivate);
        device.freePermanent(record);
    }
}
