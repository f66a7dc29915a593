package dev.cotangent.profiler;

import dev.cotangent.Tensor;
import dev.cotangent.internal.RecordFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Collects the events of all threads, each in a list of its own. */
final class Recorder implements RecordFunction.Observer {
    /** An allocation, or a release if negative. */
    record Allocation(long threadId, long time, long bytes, long total, boolean onHost) {}

    /** Bits of a range's number that are its depth; those above tell recorders apart. */
    private static final int DEPTH_BITS = 20;

    private static final int GENERATIONS = 1 << 31 - DEPTH_BITS - 1;
    private static final AtomicInteger GENERATION = new AtomicInteger();

    private static final boolean HAS_FLIGHT_RECORDER =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private static final class Frame {
        private final RecordFunction.Kind kind;
        private final String name;
        private final long start;
        private final List<List<Long>> shapes;
        private final boolean recursive;
        private long sequence;
        private long nested;
        private long hostMemory;
        private long nestedHostMemory;
        private long deviceMemory;
        private long nestedDeviceMemory;
        private @Nullable Object flightEvent;

        Frame(
                RecordFunction.Kind kind,
                String name,
                long sequence,
                List<List<Long>> shapes,
                boolean recursive,
                long start) {
            this.kind = kind;
            this.name = name;
            this.sequence = sequence;
            this.shapes = shapes;
            this.recursive = recursive;
            this.start = start;
        }
    }

    /** What one thread did. */
    private static final class Log {
        private final Thread thread;
        private final ArrayList<Frame> open = new ArrayList<>();
        private final List<ProfilerEvent> events = new ArrayList<>();
        private final List<Allocation> allocations = new ArrayList<>();
        /** Whether an exception was made, and no operation ended since. */
        private boolean raised;

        private long hostMemory;
        private long deviceMemory;

        Log(Thread thread) {
            this.thread = thread;
        }
    }

    private final ProfilerOptions options;
    private final int generation = Math.floorMod(GENERATION.incrementAndGet(), GENERATIONS) << DEPTH_BITS;
    private final long origin = System.nanoTime();
    private final AtomicLong allocated = new AtomicLong();
    private final List<Log> logs = new ArrayList<>();
    private final ThreadLocal<Log> log = ThreadLocal.withInitial(this::newLog);

    Recorder(ProfilerOptions options) {
        this.options = options;
    }

    private Log newLog() {
        Log made = new Log(Thread.currentThread());
        synchronized (logs) {
            logs.add(made);
        }
        return made;
    }

    @Override
    public int start(RecordFunction.Kind kind, String name, long sequence, @Nullable Object... inputs) {
        if (kind == RecordFunction.Kind.MODULE && !options.recordsModules()) return 0;
        Log l = log.get();
        if (l.raised) unwind(l);
        String key = kind == RecordFunction.Kind.OPERATION ? "aten::" + name : name;
        boolean recursive = false;
        for (Frame f : l.open) recursive |= f.name.equals(key);
        List<List<Long>> shapes = options.recordsShapes() ? shapes(inputs) : List.of();
        Frame f = new Frame(kind, key, sequence, shapes, recursive, System.nanoTime());
        if (HAS_FLIGHT_RECORDER) f.flightEvent = OperationEvent.started();
        l.open.add(f);
        return generation | l.open.size();
    }

    private static List<List<Long>> shapes(@Nullable Object[] inputs) {
        List<List<Long>> shapes = new ArrayList<>();
        for (Object input : inputs) {
            if (input instanceof Tensor t) shapes.add(shape(t));
            else if (input instanceof Object[] array) shapes.addAll(shapes(array));
            else if (input instanceof List<?> list) shapes.addAll(shapes(list.toArray()));
        }
        return shapes;
    }

    private static List<Long> shape(Tensor t) {
        return Arrays.stream(t.shape().toArray()).boxed().toList();
    }

    /** Ends the operations that an exception left: those within the innermost range that is closed in any case. */
    private static void unwind(Log l) {
        l.raised = false;
        while (!l.open.isEmpty() && l.open.getLast().kind == RecordFunction.Kind.OPERATION) l.open.removeLast();
    }

    @Override
    public void end(int range) {
        if ((range & -1 << DEPTH_BITS) != generation) return;
        Log l = log.get();
        l.raised = false;
        int depth = range - generation;
        while (l.open.size() >= depth) close(l, l.open.removeLast());
    }

    private void close(Log l, Frame f) {
        long duration = System.nanoTime() - f.start;
        Frame parent = l.open.isEmpty() ? null : l.open.getLast();
        if (parent != null) {
            parent.nested += duration;
            parent.hostMemory += f.hostMemory;
            parent.nestedHostMemory += f.hostMemory;
            parent.deviceMemory += f.deviceMemory;
            parent.nestedDeviceMemory += f.deviceMemory;
        }
        if (f.flightEvent instanceof OperationEvent e) commit(e, f);
        if (!options.keepsEvents()) return;
        synchronized (l) {
            l.events.add(new ProfilerEvent(
                    f.name,
                    kind(f.kind),
                    l.thread.threadId(),
                    l.thread.getName(),
                    f.start - origin,
                    duration,
                    duration - f.nested,
                    f.sequence,
                    parent == null,
                    f.recursive,
                    f.shapes,
                    f.hostMemory,
                    f.hostMemory - f.nestedHostMemory,
                    f.deviceMemory,
                    f.deviceMemory - f.nestedDeviceMemory));
        }
    }

    private static ProfilerEvent.Kind kind(RecordFunction.Kind kind) {
        return switch (kind) {
            case OPERATION -> ProfilerEvent.Kind.OPERATION;
            case NODE -> ProfilerEvent.Kind.NODE;
            case FUSED -> ProfilerEvent.Kind.FUSED;
            case USER, FUNCTION, MODULE -> ProfilerEvent.Kind.USER;
        };
    }

    private static void commit(OperationEvent e, Frame f) {
        e.end();
        if (!e.shouldCommit()) return;
        e.operation = f.name;
        e.kind = kind(f.kind).name();
        e.inputShapes = f.shapes.isEmpty() ? "" : f.shapes.toString();
        e.sequence = f.sequence;
        e.memory = f.hostMemory;
        e.commit();
    }

    @Override
    public void recorded(long sequence) {
        Log l = log.get();
        if (l.open.isEmpty()) return;
        Frame f = l.open.getLast();
        if (f.kind == RecordFunction.Kind.OPERATION || f.kind == RecordFunction.Kind.FUNCTION) f.sequence = sequence;
    }

    @Override
    public void allocated(long bytes, boolean onHost) {
        if (!options.profilesMemory()) return;
        Log l = log.get();
        Frame f = l.open.isEmpty() ? null : l.open.getLast();
        synchronized (l) {
            if (f == null && onHost) l.hostMemory += bytes;
            else if (f == null) l.deviceMemory += bytes;
            else if (onHost) f.hostMemory += bytes;
            else f.deviceMemory += bytes;
            if (!options.keepsEvents()) return;
            long total = allocated.addAndGet(bytes);
            l.allocations.add(new Allocation(l.thread.threadId(), System.nanoTime() - origin, bytes, total, onHost));
        }
    }

    @Override
    public void raised() {
        log.get().raised = true;
    }

    /** Ends the open ranges of the calling thread. */
    void closeOwn() {
        Log l = log.get();
        while (!l.open.isEmpty()) close(l, l.open.removeLast());
    }

    private List<Log> logs() {
        synchronized (logs) {
            return List.copyOf(logs);
        }
    }

    /** Returns the events that ended, by start. */
    List<ProfilerEvent> events() {
        List<ProfilerEvent> all = new ArrayList<>();
        for (Log l : logs()) {
            synchronized (l) {
                all.addAll(l.events);
            }
        }
        // The outer of two events of one start is the longer one.
        all.sort(Comparator.comparingLong(ProfilerEvent::start)
                .thenComparing(Comparator.comparingLong(ProfilerEvent::duration).reversed()));
        return all;
    }

    /** Returns the allocations, by time. */
    List<Allocation> allocations() {
        List<Allocation> all = new ArrayList<>();
        for (Log l : logs()) {
            synchronized (l) {
                all.addAll(l.allocations);
            }
        }
        all.sort(Comparator.comparingLong(Allocation::time));
        return all;
    }

    /** Returns the memory of the host that was allocated outside of all ranges. */
    long memoryOutside(boolean onHost) {
        long sum = 0;
        for (Log l : logs()) {
            synchronized (l) {
                sum += onHost ? l.hostMemory : l.deviceMemory;
            }
        }
        return sum;
    }
}
