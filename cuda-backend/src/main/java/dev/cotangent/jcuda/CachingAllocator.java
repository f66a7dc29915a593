package dev.cotangent.jcuda;

import dev.cotangent.CotangentException;
import dev.cotangent.backend.MemoryReport;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Caching allocator of one device. Sizes are rounded up to size classes (an eighth of a power of two). Small blocks are
 * cut from segments; a large one takes the smallest free block that holds it, whose rest stays free, and free neighbours
 * are merged, so that programs of varying shapes reuse their memory. A freed block is cached in the free list of its
 * stream, where it can be reused at once, since the stream orders its work. A block that other streams have used is
 * reused only after their work. Java's collector finds unreachable memory; only allocating threads return it to its
 * free list.
 *
 * <p>An allocation tries, in this order: the free list, the driver, the driver after the cache was emptied, and the same
 * after a garbage collection; then it fails.
 */
final class CachingAllocator {
    private static final long SMALL = 1 << 20;
    private static final long SEGMENT = 2 << 20;
    private static final long STEP = 512;
    private static final double PRESSURE = 0.75;
    private static final int COLLECTIONS = 3;
    private static final long COLLECTION_MILLIS = 200;
    private static final Segment NONE = new Segment(0, 0, null);

    /** The driver's memory management. */
    interface Source {
        /** Allocates memory and returns its address, or 0 if there is none. */
        long allocate(long bytes);

        /** Frees memory. */
        void free(long address);

        /** Returns the capacity of the device in bytes. */
        long total();

        /**
         * Returns the bytes that can be allocated before memory of the host takes their place, where the driver does
         * that instead of failing, as on Windows; else a number above any capacity.
         */
        default long available() {
            return Long.MAX_VALUE;
        }

        /** Waits for all work of the device; returns false if that is not possible during a capture. */
        boolean synchronizeDevice();
    }

    /** A stream that orders uses of memory. */
    interface StreamPool {
        /** Returns a fence after all work submitted so far. */
        Fence recordFence();

        /** Notifies the stream that it uses memory allocated on another stream. */
        void onUse(DeviceMemory memory);
    }

    /** A point in the work of a stream. */
    interface Fence {
        /** Returns whether the stream has reached it; must not be called again after it returned true. */
        boolean isReached();

        /** Waits until the stream has reached it. */
        void await();
    }

    /** Number of times that each step of an allocation was reached. */
    record Counters(long reused, long allocated, long emptied, long collected, long failed) {}

    private static final class Segment {
        final long address;
        final long bytes;
        final @Nullable FreeList freeList;
        /** Whether its blocks are cut and merged, which those of a segment of small blocks are not. */
        boolean large;

        long used;
        int live;

        Segment(long address, long bytes, @Nullable FreeList freeList) {
            this.address = address;
            this.bytes = bytes;
            this.freeList = freeList;
        }
    }

    /** Free blocks of one stream. A private list, that of a graph, keeps its segments until it is closed. */
    static final class FreeList {
        private final StreamPool stream;
        private final Map<Long, ArrayDeque<Block>> free = new HashMap<>();
        /** Free blocks of large segments, by size and address. */
        private final TreeSet<Block> large =
                new TreeSet<>(Comparator.comparingLong((Block b) -> b.bytes).thenComparingLong(b -> b.address));

        private Segment open = NONE;
        private boolean isPrivate;
        private boolean closed;
        private int segments;

        private FreeList(StreamPool stream, boolean isPrivate) {
            this.stream = stream;
            this.isPrivate = isPrivate;
        }

        StreamPool stream() {
            return stream;
        }
    }

    /** A block of memory, in use or cached. */
    static final class Block {
        final long address;
        final FreeList freeList;
        private long bytes;
        private final Segment segment;
        /** Neighbours in a large segment, and whether it is free. */
        private @Nullable Block previous;

        private @Nullable Block next;
        private boolean free;
        private @Nullable Set<StreamPool> otherStreams;

        private Block(long address, long bytes, Segment segment, FreeList freeList) {
            this.address = address;
            this.bytes = bytes;
            this.segment = segment;
            this.freeList = freeList;
        }

        synchronized void recordStream(StreamPool stream) {
            if (otherStreams == null) otherStreams = new HashSet<>(4);
            otherStreams.add(stream);
        }

        private synchronized Set<StreamPool> takeOtherStreams() {
            Set<StreamPool> all = otherStreams;
            otherStreams = null;
            return all == null ? Set.of() : all;
        }
    }

    /** A freed block that other streams may still use. */
    private record PendingBlock(Block block, List<Fence> fences) {
        boolean isReady() {
            while (!fences.isEmpty() && fences.getLast().isReached()) fences.removeLast();
            return fences.isEmpty();
        }

        void await() {
            while (!fences.isEmpty()) {
                fences.getLast().await();
                fences.removeLast();
            }
        }
    }

    /** Fence of work that could not be recorded: reached only after a wait for the whole device. */
    private static final Fence DEVICE_FENCE = new Fence() {
        @Override
        public boolean isReached() {
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
    private final Set<FreeList> freeLists = new LinkedHashSet<>();
    private final Set<Reclaim> references = new HashSet<>();
    private final ArrayDeque<PendingBlock> pending = new ArrayDeque<>();
    private final Gauge live = new Gauge();
    private final Gauge reserved = new Gauge();
    private final Gauge blocks = new Gauge();
    private final Gauge segments = new Gauge();
    private long pressure;
    private long limit = Long.MAX_VALUE;
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

    /** Creates the free list of a stream. */
    synchronized FreeList createFreeList(StreamPool stream) {
        FreeList freeList = new FreeList(stream, false);
        freeLists.add(freeList);
        return freeList;
    }

    /** Creates a private free list, whose blocks keep their addresses, in use or not, until it is closed. */
    synchronized FreeList createPrivate(StreamPool stream) {
        FreeList freeList = new FreeList(stream, true);
        freeLists.add(freeList);
        return freeList;
    }

    /** Closes a private free list: its memory returns to the driver as soon as it is unused. */
    synchronized void closePrivate(FreeList freeList) {
        freeList.isPrivate = false;
        freeList.closed = true;
    }

    /** Allocates uninitialised memory of at least the given size. */
    DeviceMemory allocate(long bytes, FreeList freeList) {
        if (bytes == 0) return new DeviceMemory(null, 0);
        synchronized (this) {
            Block block = block(bytes, freeList);
            DeviceMemory memory = new DeviceMemory(block, bytes);
            Reclaim reclaim = new Reclaim(memory, queue, block);
            memory.reclaim = reclaim;
            references.add(reclaim);
            return memory;
        }
    }

    /** Frees memory before it becomes unreachable. */
    synchronized void free(DeviceMemory memory) {
        if (memory.reclaim != null && !memory.isPinned()) free(memory.reclaim);
    }

    /** Scratch memory, which is freed explicitly, after its last use was submitted. */
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

    synchronized Scratch scratch(long bytes, FreeList freeList) {
        return new Scratch(block(bytes, freeList));
    }

    private Block block(long bytes, FreeList freeList) {
        reclaim();
        long size = caching ? rounded(bytes) : bytes;
        Block block = cached(size, freeList);
        if (block == null && live.current + size > pressure) {
            collect();
            pressure = Math.max((long) (source.total() * PRESSURE), live.current + source.total() / 16);
            block = cached(size, freeList);
        }
        if (block == null) block = allocateNew(size, freeList);
        if (block == null) {
            emptied++;
            empty();
            block = allocateNew(size, freeList);
        }
        for (int i = 0; block == null && i < COLLECTIONS; i++) {
            collect();
            block = cached(size, freeList);
            if (block == null) {
                empty();
                block = allocateNew(size, freeList);
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

    private @Nullable Block cached(long size, FreeList freeList) {
        if (size > SMALL) return cut(size, freeList);
        ArrayDeque<Block> known = freeList.free.get(size);
        Block block = known == null ? null : known.pollLast();
        if (block != null) reused++;
        return block;
    }

    /** Sets how many bytes may be reserved; allocations beyond fail as if the device had no more. */
    synchronized void setLimit(long bytes) {
        limit = bytes;
    }

    /** Takes a large block from the smallest free one that holds it. */
    private @Nullable Block cut(long size, FreeList freeList) {
        Block block = freeList.large.ceiling(new Block(0, size, NONE, freeList));
        if (block == null) return null;
        reused++;
        freeList.large.remove(block);
        block.free = false;
        if (block.bytes - size > SMALL) {
            Block rest = new Block(block.address + size, block.bytes - size, block.segment, freeList);
            rest.previous = block;
            rest.next = block.next;
            if (rest.next != null) rest.next.previous = rest;
            block.next = rest;
            block.bytes = size;
            rest.free = true;
            freeList.large.add(rest);
        }
        return block;
    }

    /** Adds a free block, merged with its free neighbours. */
    private static void merge(Block block) {
        TreeSet<Block> large = block.freeList.large;
        Block merged = block;
        Block before = block.previous;
        if (before != null && before.free) {
            large.remove(before);
            join(before, block);
            merged = before;
        }
        Block after = merged.next;
        if (after != null && after.free) {
            large.remove(after);
            join(merged, after);
        }
        merged.free = true;
        large.add(merged);
    }

    private static void join(Block first, Block second) {
        first.bytes += second.bytes;
        first.next = second.next;
        if (second.next != null) second.next.previous = first;
    }

    private @Nullable Segment segment(long bytes, FreeList freeList) {
        if (bytes > limit - reserved.current || bytes > source.available()) return null;
        long address = source.allocate(bytes);
        if (address == 0) return null;
        reserved.add(bytes);
        segments.add(1);
        freeList.segments++;
        return new Segment(address, bytes, freeList);
    }

    private void free(Segment segment) {
        source.free(segment.address);
        reserved.remove(segment.bytes);
        segments.remove(1);
        if (segment.freeList != null) segment.freeList.segments--;
    }

    private @Nullable Block allocateNew(long size, FreeList freeList) {
        if (!caching || size > SMALL) {
            Segment segment = segment(size, freeList);
            if (segment == null) return null;
            segment.used = size;
            segment.large = size > SMALL;
            return new Block(segment.address, size, segment, freeList);
        }
        if (freeList.open.bytes - freeList.open.used < size) {
            Segment segment = segment(SEGMENT, freeList);
            if (segment == null) return null;
            freeRest(freeList);
            freeList.open = segment;
        }
        Segment open = freeList.open;
        Block block = new Block(open.address + open.used, size, open, freeList);
        open.used += size;
        return block;
    }

    /** Adds the unused rest of the open segment to the free list. */
    private void freeRest(FreeList freeList) {
        Segment open = freeList.open;
        long rest = open.bytes - open.used;
        if (rest <= 0) return;
        long size = rest;
        while (rounded(size) != size) size -= STEP;
        addToFreeList(new Block(open.address + open.used, size, open, freeList));
        open.used = open.bytes;
    }

    private void addToFreeList(Block block) {
        if (block.segment.large) {
            merge(block);
            return;
        }
        block.freeList
                .free
                .computeIfAbsent(block.bytes, s -> new ArrayDeque<>())
                .add(block);
    }

    private void release(Block block) {
        live.remove(block.bytes);
        blocks.remove(1);
        Set<StreamPool> otherStreams = block.takeOtherStreams();
        if (otherStreams.isEmpty()) {
            recycle(block);
            return;
        }
        List<Fence> fences = new ArrayList<>();
        pending.add(new PendingBlock(block, fences));
        try {
            for (StreamPool stream : otherStreams) fences.add(stream.recordFence());
        } catch (CotangentException e) {
            fences.add(DEVICE_FENCE);
            throw e;
        }
    }

    private void recycle(Block block) {
        block.segment.live--;
        if (caching || block.freeList.isPrivate) addToFreeList(block);
        else free(block.segment);
    }

    private void reclaim() {
        for (var dead = queue.poll(); dead != null; dead = queue.poll()) free(dead);
        while (!pending.isEmpty() && pending.getFirst().isReady()) recycle(pending.removeFirst().block);
    }

    private void free(Reference<? extends DeviceMemory> dead) {
        if (dead instanceof Reclaim r && references.remove(r)) release(r.block);
    }

    /** Runs Java's collector and frees what it found unreachable. */
    private void collect() {
        collected++;
        System.gc();
        try {
            for (var dead = queue.remove(COLLECTION_MILLIS); dead != null; dead = queue.remove(10)) free(dead);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Frees memory for a call of the driver that ran out of it; with {@code thorough} after a garbage collection. */
    synchronized void relieve(boolean thorough) {
        emptied++;
        if (thorough) collect();
        empty();
    }

    /** Describes that a call of the driver runs out of memory whatever is freed. */
    synchronized String exhausted(String function) {
        failed++;
        return "CUDA out of memory in " + function + state();
    }

    /** Returns every unused segment to the driver, if the device can be waited for. */
    synchronized void empty() {
        reclaim();
        if (!source.synchronizeDevice()) return;
        while (!pending.isEmpty()) {
            pending.getFirst().await();
            recycle(pending.removeFirst().block);
        }
        Set<Segment> idle = new HashSet<>();
        for (FreeList freeList : freeLists) {
            if (freeList.isPrivate) continue;
            freeRest(freeList);
            freeList.open = NONE;
            for (ArrayDeque<Block> all : freeList.free.values()) {
                for (Block block : all) if (block.segment.live == 0) idle.add(block.segment);
            }
            for (Block block : freeList.large) if (block.segment.live == 0) idle.add(block.segment);
        }
        Set<Segment> gone = new HashSet<>();
        try {
            for (Segment segment : idle) {
                free(segment);
                gone.add(segment);
            }
        } finally {
            for (FreeList freeList : freeLists) {
                for (ArrayDeque<Block> all : freeList.free.values()) all.removeIf(b -> gone.contains(b.segment));
                freeList.large.removeIf(b -> gone.contains(b.segment));
            }
        }
        freeLists.removeIf(freeList -> freeList.closed && freeList.segments == 0);
    }

    /** Returns the bytes of blocks in use, reachable or not. */
    synchronized long live() {
        reclaim();
        return live.current;
    }

    /** Returns the bytes that are cached. */
    synchronized long cached() {
        return reserved.current - live.current;
    }

    long total() {
        return source.total();
    }

    synchronized Counters counters() {
        return new Counters(reused, segments.added, emptied, collected, failed);
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
        return "CUDA out of memory. Tried to allocate " + text(bytes) + state();
    }

    private String state() {
        return " (GPU %d; %s total capacity; %s already allocated; %s cached). Close what is no longer needed (Scope), make batches smaller, or look for another process with nvidia-smi"
                .formatted(device, text(source.total()), text(live.current), text(cached()));
    }

    private static String text(long bytes) {
        if (bytes >= 1L << 30) return String.format(Locale.ROOT, "%.2f GiB", bytes / (double) (1L << 30));
        if (bytes >= 1L << 20) return String.format(Locale.ROOT, "%.2f MiB", bytes / (double) (1L << 20));
        return String.format(Locale.ROOT, "%.2f KiB", bytes / 1024.0);
    }
}
