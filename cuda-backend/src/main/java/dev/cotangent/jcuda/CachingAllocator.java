package dev.cotangent.jcuda;

import dev.cotangent.CotangentException;
import dev.cotangent.backend.MemoryReport;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Memory of one device. Blocks come in size classes (steps of an eighth of a power of two), small ones are cut from
 * segments, and what is given back is kept for the next that asks in the same lane, in which work is done in the order
 * of the calls, so that a block can be used again at once. Where other lanes have used it, it waits until they are done
 * with it. Java's collector finds what is no longer referred to; only a thread that allocates puts it back.
 *
 * <p>Where memory runs short: what was found dead is taken, else the driver asked, else everything cached given back to
 * it, else the collector run, and only then is it an error.
 */
final class CachingAllocator {
    private static final long SMALL = 1 << 20;
    private static final long SEGMENT = 2 << 20;
    private static final long STEP = 512;
    private static final double PRESSURE = 0.75;
    private static final int COLLECTIONS = 3;
    private static final long PATIENCE = 200;
    private static final Segment NONE = new Segment(0, 0, null);

    /** Where memory comes from: the driver. */
    interface Source {
        /** The address of so many bytes, or 0 where there is no memory. */
        long allocate(long bytes);

        /** Gives memory back. */
        void free(long address);

        /** All that the device has, in bytes. */
        long total();

        /** Waits for everything that may still use memory; false where that is not possible now. */
        boolean settle();
    }

    /** An order in which memory is used. */
    interface StreamPool {
        /** A mark behind everything that was asked for. */
        Fence mark();

        /** Told of memory of another lane that is used in this one. */
        void touched(DeviceMemory memory);
    }

    /** A place in a lane. */
    interface Fence {
        /** Whether the lane came there; a mark that has said so is not asked again. */
        boolean isPassed();

        /** Waits until it did. */
        void await();
    }

    /** How often each rung of the ladder was reached. */
    record Rungs(long reused, long allocated, long emptied, long collected, long failed) {}

    private static final class Segment {
        final long address;
        final long bytes;
        final @Nullable FreeList shelf;
        long cut;
        int live;

        Segment(long address, long bytes, @Nullable FreeList shelf) {
            this.address = address;
            this.bytes = bytes;
            this.shelf = shelf;
        }
    }

    /** Blocks for one lane's use. Those of a shelf that is held stay with it until it is let go. */
    static final class FreeList {
        private final StreamPool lane;
        private final Map<Long, ArrayDeque<Block>> free = new HashMap<>();
        private Segment open = NONE;
        private boolean held;
        private boolean letGo;
        private int segments;

        private FreeList(StreamPool lane, boolean held) {
            this.lane = lane;
            this.held = held;
        }

        StreamPool lane() {
            return lane;
        }
    }

    /** A run of memory that is in use or kept. */
    static final class Block {
        final long address;
        final FreeList shelf;
        private final long bytes;
        private final Segment segment;
        private @Nullable Set<StreamPool> others;

        private Block(long address, long bytes, Segment segment, FreeList shelf) {
            this.address = address;
            this.bytes = bytes;
            this.segment = segment;
            this.shelf = shelf;
        }

        synchronized void use(StreamPool lane) {
            if (others == null) others = new HashSet<>(4);
            others.add(lane);
        }

        private synchronized Set<StreamPool> takeOthers() {
            Set<StreamPool> all = others;
            others = null;
            return all == null ? Set.of() : all;
        }
    }

    /** A block that nobody has, but other lanes may not be done with. */
    private record Waiting(Block block, List<Fence> marks) {
        boolean isOver() {
            while (!marks.isEmpty() && marks.getLast().isPassed()) marks.removeLast();
            return marks.isEmpty();
        }

        void await() {
            while (!marks.isEmpty()) {
                marks.getLast().await();
                marks.removeLast();
            }
        }
    }

    /** Passed when the whole device was waited for: for what could not be marked. */
    private static final Fence SETTLED = new Fence() {
        @Override
        public boolean isPassed() {
            return false;
        }

        @Override
        public void await() {}
    };

    static final class Reclaim extends PhantomReference<DeviceMemory> {
        private final Block block;

        private Reclaim(DeviceMemory memory, ReferenceQueue<DeviceMemory> queue, Block block) {
            super(memory, queue);
            this.block = block;
        }
    }

    private static final class Gauge {
        private long current;
        private long peak;
        private long added;
        private long removed;

        void add(long n) {
            current += n;
            added += n;
            peak = Math.max(peak, current);
        }

        void remove(long n) {
            current -= n;
            removed += n;
        }

        MemoryReport.Gauge report() {
            return new MemoryReport.Gauge(current, peak, added, removed);
        }
    }

    private final Source source;
    private final int device;
    private final boolean caching;
    private final ReferenceQueue<DeviceMemory> queue = new ReferenceQueue<>();
    private final Set<FreeList> shelves = new LinkedHashSet<>();
    private final Set<Reclaim> referred = new HashSet<>();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final Gauge live = new Gauge();
    private final Gauge reserved = new Gauge();
    private final Gauge blocks = new Gauge();
    private final Gauge segments = new Gauge();
    private long pressure;
    private long reused;
    private long emptied;
    private long collected;
    private long failed;

    CachingAllocator(Source source, int device, boolean caching) {
        this.source = source;
        this.device = device;
        this.caching = caching;
        this.pressure = (long) (source.total() * PRESSURE);
    }

    /** Where a lane's blocks are kept. */
    synchronized FreeList shelf(StreamPool lane) {
        FreeList shelf = new FreeList(lane, false);
        shelves.add(shelf);
        return shelf;
    }

    /** A shelf whose blocks keep their addresses, in use or not, until it is let go. */
    synchronized FreeList hold(StreamPool lane) {
        FreeList shelf = new FreeList(lane, true);
        shelves.add(shelf);
        return shelf;
    }

    /** Lets the memory of a held shelf go back to the driver, as soon as nobody has it. */
    synchronized void letGo(FreeList shelf) {
        shelf.held = false;
        shelf.letGo = true;
    }

    /** Memory of at least so many bytes; what it holds is not said. */
    DeviceMemory allocate(long bytes, FreeList shelf) {
        if (bytes == 0) return new DeviceMemory(null, 0);
        synchronized (this) {
            Block block = block(bytes, shelf);
            DeviceMemory memory = new DeviceMemory(block, bytes);
            Reclaim reclaim = new Reclaim(memory, queue, block);
            memory.reclaim = reclaim;
            referred.add(reclaim);
            return memory;
        }
    }

    /** Takes memory back without waiting until nobody refers to it. */
    synchronized void free(DeviceMemory memory) {
        if (memory.reclaim != null && !memory.isPinned()) put(memory.reclaim);
    }

    /** Memory that is given back by hand: for work that ends before the call that asked for it does. */
    final class Scratch implements AutoCloseable {
        private final Block block;

        private Scratch(Block block) {
            this.block = block;
        }

        long address() {
            return block.address;
        }

        @Override
        public void close() {
            synchronized (CachingAllocator.this) {
                release(block);
            }
        }
    }

    synchronized Scratch scratch(long bytes, FreeList shelf) {
        return new Scratch(block(bytes, shelf));
    }

    private Block block(long bytes, FreeList shelf) {
        reclaim();
        long size = caching ? rounded(bytes) : bytes;
        Block block = kept(size, shelf);
        if (block == null && live.current + size > pressure) {
            collect();
            pressure = Math.max((long) (source.total() * PRESSURE), live.current + source.total() / 16);
            block = kept(size, shelf);
        }
        if (block == null) block = fresh(size, shelf);
        if (block == null) {
            emptied++;
            empty();
            block = fresh(size, shelf);
        }
        for (int i = 0; block == null && i < COLLECTIONS; i++) {
            collect();
            block = kept(size, shelf);
            if (block == null) {
                empty();
                block = fresh(size, shelf);
            }
        }
        if (block == null) {
            failed++;
            throw new CotangentException(message(bytes));
        }
        block.segment.live++;
        live.add(block.bytes);
        blocks.add(1);
        return block;
    }

    private static long rounded(long bytes) {
        long step = Math.max(STEP, Long.highestOneBit(bytes) >> 3);
        return (bytes + step - 1) / step * step;
    }

    private @Nullable Block kept(long size, FreeList shelf) {
        ArrayDeque<Block> known = shelf.free.get(size);
        Block block = known == null ? null : known.pollLast();
        if (block != null) reused++;
        return block;
    }

    private @Nullable Segment segment(long bytes, FreeList shelf) {
        long address = source.allocate(bytes);
        if (address == 0) return null;
        reserved.add(bytes);
        segments.add(1);
        shelf.segments++;
        return new Segment(address, bytes, shelf);
    }

    private void free(Segment segment) {
        source.free(segment.address);
        reserved.remove(segment.bytes);
        segments.remove(1);
        if (segment.shelf != null) segment.shelf.segments--;
    }

    private @Nullable Block fresh(long size, FreeList shelf) {
        if (!caching || size > SMALL) {
            Segment segment = segment(size, shelf);
            if (segment == null) return null;
            segment.cut = size;
            return new Block(segment.address, size, segment, shelf);
        }
        if (shelf.open.bytes - shelf.open.cut < size) {
            Segment segment = segment(SEGMENT, shelf);
            if (segment == null) return null;
            keepRest(shelf);
            shelf.open = segment;
        }
        Segment open = shelf.open;
        Block block = new Block(open.address + open.cut, size, open, shelf);
        open.cut += size;
        return block;
    }

    /** What is left of a segment is a free block like any other. */
    private void keepRest(FreeList shelf) {
        Segment open = shelf.open;
        long rest = open.bytes - open.cut;
        if (rest <= 0) return;
        long size = rest;
        while (rounded(size) != size) size -= STEP;
        keep(new Block(open.address + open.cut, size, open, shelf));
        open.cut = open.bytes;
    }

    private void keep(Block block) {
        block.shelf.free.computeIfAbsent(block.bytes, s -> new ArrayDeque<>()).add(block);
    }

    private void release(Block block) {
        live.remove(block.bytes);
        blocks.remove(1);
        Set<StreamPool> others = block.takeOthers();
        if (others.isEmpty()) {
            putBack(block);
            return;
        }
        List<Fence> marks = new ArrayList<>();
        waiting.add(new Waiting(block, marks));
        try {
            for (StreamPool lane : others) marks.add(lane.mark());
        } catch (CotangentException e) {
            marks.add(SETTLED);
            throw e;
        }
    }

    private void putBack(Block block) {
        block.segment.live--;
        if (caching || block.shelf.held) keep(block);
        else free(block.segment);
    }

    private void reclaim() {
        for (var dead = queue.poll(); dead != null; dead = queue.poll()) put(dead);
        while (!waiting.isEmpty() && waiting.getFirst().isOver()) putBack(waiting.removeFirst().block);
    }

    private void put(Reference<? extends DeviceMemory> dead) {
        if (dead instanceof Reclaim r && referred.remove(r)) release(r.block);
    }

    /** Runs Java's collector and takes what it found dead. */
    private void collect() {
        collected++;
        System.gc();
        try {
            for (var dead = queue.remove(PATIENCE); dead != null; dead = queue.remove(10)) put(dead);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives back to the driver every segment of which nothing is in use, where it can be waited for. */
    synchronized void empty() {
        reclaim();
        if (!source.settle()) return;
        while (!waiting.isEmpty()) {
            waiting.getFirst().await();
            putBack(waiting.removeFirst().block);
        }
        Set<Segment> idle = new HashSet<>();
        for (FreeList shelf : shelves) {
            if (shelf.held) continue;
            keepRest(shelf);
            shelf.open = NONE;
            for (ArrayDeque<Block> all : shelf.free.values()) {
                for (Block block : all) if (block.segment.live == 0) idle.add(block.segment);
            }
        }
        Set<Segment> gone = new HashSet<>();
        try {
            for (Segment segment : idle) {
                free(segment);
                gone.add(segment);
            }
        } finally {
            for (FreeList shelf : shelves) {
                for (ArrayDeque<Block> all : shelf.free.values()) all.removeIf(b -> gone.contains(b.segment));
            }
        }
        shelves.removeIf(shelf -> shelf.letGo && shelf.segments == 0);
    }

    /** Bytes of blocks in use, whether or not what uses them is still referred to. */
    synchronized long live() {
        reclaim();
        return live.current;
    }

    /** Bytes kept for the next that asks. */
    synchronized long cached() {
        return reserved.current - live.current;
    }

    long total() {
        return source.total();
    }

    synchronized Rungs rungs() {
        return new Rungs(reused, segments.added, emptied, collected, failed);
    }

    synchronized MemoryReport report() {
        reclaim();
        return new MemoryReport(
                live.report(),
                reserved.report(),
                blocks.report(),
                segments.report(),
                emptied,
                collected,
                failed,
                source.total());
    }

    synchronized void resetPeaks() {
        for (Gauge g : List.of(live, reserved, blocks, segments)) g.peak = g.current;
    }

    private String message(long bytes) {
        return "CUDA out of memory. Tried to allocate %s (GPU %d; %s total capacity; %s already allocated; %s cached). Close what is no longer needed (Scope), make batches smaller, or look for another process with nvidia-smi"
                .formatted(text(bytes), device, text(source.total()), text(live.current), text(cached()));
    }

    private static String text(long bytes) {
        if (bytes >= 1L << 30) return String.format(Locale.ROOT, "%.2f GiB", bytes / (double) (1L << 30));
        if (bytes >= 1L << 20) return String.format(Locale.ROOT, "%.2f MiB", bytes / (double) (1L << 20));
        return String.format(Locale.ROOT, "%.2f KiB", bytes / 1024.0);
    }
}
