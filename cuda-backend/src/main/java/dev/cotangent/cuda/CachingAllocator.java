package dev.cotangent.cuda;

import dev.cotangent.CotangentException;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Memory of one device. Blocks come in size classes (steps of an eighth of a power of two), small ones are cut from
 * segments, and what is given back is kept for the next that asks: all work is of one stream, in the order of the calls,
 * so a block can be used again at once. Java's collector finds what is no longer referred to; only the thread that
 * allocates puts it back.
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

    /** Where memory comes from: the driver. */
    interface Source {
        /** The address of so many bytes, or 0 where there is no memory. */
        long allocate(long bytes);

        /** Gives memory back. */
        void free(long address);

        /** All that the device has, in bytes. */
        long total();

        /** Waits for everything that may still use memory. */
        void synchronize();
    }

    /** How often each rung of the ladder was reached. */
    record Rungs(long reused, long allocated, long emptied, long collected, long failed) {}

    private static final class Segment {
        final long address;
        final long bytes;
        long cut;
        int live;

        Segment(long address, long bytes) {
            this.address = address;
            this.bytes = bytes;
        }
    }

    private record Block(long address, long bytes, Segment segment) {}

    private static final class Reclaim extends PhantomReference<DeviceMemory> {
        final Block block;

        Reclaim(DeviceMemory memory, ReferenceQueue<DeviceMemory> queue, Block block) {
            super(memory, queue);
            this.block = block;
        }
    }

    private final Source source;
    private final int device;
    private final boolean caching;
    private final ReferenceQueue<DeviceMemory> queue = new ReferenceQueue<>();
    private final Map<Long, ArrayDeque<Block>> free = new HashMap<>();
    private final Set<Reclaim> referred = new HashSet<>();
    private Segment open = new Segment(0, 0);
    private long live;
    private long cached;
    private long pressure;
    private long reused;
    private long allocated;
    private long emptied;
    private long collected;
    private long failed;

    CachingAllocator(Source source, int device, boolean caching) {
        this.source = source;
        this.device = device;
        this.caching = caching;
        this.pressure = (long) (source.total() * PRESSURE);
    }

    /** Memory of at least so many bytes; what it holds is not said. */
    DeviceMemory allocate(long bytes) {
        if (bytes == 0) return new DeviceMemory(0, 0);
        synchronized (this) {
            Block block = block(bytes);
            DeviceMemory memory = new DeviceMemory(block.address, bytes);
            Reclaim reclaim = new Reclaim(memory, queue, block);
            memory.ticket = reclaim;
            referred.add(reclaim);
            return memory;
        }
    }

    /** Takes memory back without waiting until nobody refers to it. */
    synchronized void free(DeviceMemory memory) {
        if (memory.ticket instanceof Reclaim r) put(r);
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

    synchronized Scratch scratch(long bytes) {
        return new Scratch(block(bytes));
    }

    private Block block(long bytes) {
        reclaim();
        long size = caching ? rounded(bytes) : bytes;
        Block block = kept(size);
        if (block == null && live + size > pressure) {
            collect();
            pressure = Math.max((long) (source.total() * PRESSURE), live + source.total() / 16);
            block = kept(size);
        }
        if (block == null) block = fresh(size);
        if (block == null) {
            emptied++;
            empty();
            block = fresh(size);
        }
        for (int i = 0; block == null && i < COLLECTIONS; i++) {
            collect();
            block = kept(size);
            if (block == null) {
                empty();
                block = fresh(size);
            }
        }
        if (block == null) {
            failed++;
            throw new CotangentException(message(bytes));
        }
        block.segment.live++;
        live += block.bytes;
        return block;
    }

    private static long rounded(long bytes) {
        long step = Math.max(STEP, Long.highestOneBit(bytes) >> 3);
        return (bytes + step - 1) / step * step;
    }

    private @Nullable Block kept(long size) {
        ArrayDeque<Block> blocks = free.get(size);
        Block block = blocks == null ? null : blocks.pollLast();
        if (block == null) return null;
        cached -= size;
        reused++;
        return block;
    }

    private @Nullable Block fresh(long size) {
        if (!caching || size > SMALL) {
            long address = source.allocate(size);
            if (address == 0) return null;
            allocated++;
            Segment segment = new Segment(address, size);
            segment.cut = size;
            return new Block(address, size, segment);
        }
        if (open.bytes - open.cut < size) {
            long address = source.allocate(SEGMENT);
            if (address == 0) return null;
            allocated++;
            keepRest();
            open = new Segment(address, SEGMENT);
        }
        Block block = new Block(open.address + open.cut, size, open);
        open.cut += size;
        return block;
    }

    /** What is left of a segment is a free block like any other. */
    private void keepRest() {
        long rest = open.bytes - open.cut;
        if (rest <= 0) return;
        long size = rest;
        while (rounded(size) != size) size -= STEP;
        keep(new Block(open.address + open.cut, size, open));
        open.cut = open.bytes;
    }

    private void keep(Block block) {
        free.computeIfAbsent(block.bytes, s -> new ArrayDeque<>()).add(block);
        cached += block.bytes;
    }

    private void release(Block block) {
        live -= block.bytes;
        block.segment.live--;
        if (caching) keep(block);
        else source.free(block.address);
    }

    private void reclaim() {
        for (var dead = queue.poll(); dead != null; dead = queue.poll()) put(dead);
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

    /** Gives back to the driver every segment of which nothing is in use. */
    synchronized void empty() {
        reclaim();
        keepRest();
        open = new Segment(0, 0);
        Set<Segment> idle = new HashSet<>();
        for (ArrayDeque<Block> blocks : free.values()) {
            blocks.removeIf(block -> {
                if (block.segment.live > 0) return false;
                idle.add(block.segment);
                cached -= block.bytes;
                return true;
            });
        }
        if (idle.isEmpty()) return;
        source.synchronize();
        for (Segment segment : idle) source.free(segment.address);
    }

    /** Bytes of blocks in use, whether or not what uses them is still referred to. */
    synchronized long live() {
        reclaim();
        return live;
    }

    /** Bytes kept for the next that asks. */
    synchronized long cached() {
        return cached + open.bytes - open.cut;
    }

    long total() {
        return source.total();
    }

    synchronized Rungs rungs() {
        return new Rungs(reused, allocated, emptied, collected, failed);
    }

    private String message(long bytes) {
        return "CUDA out of memory. Tried to allocate %s (GPU %d; %s total capacity; %s already allocated; %s cached). Close what is no longer needed (Scope), make batches smaller, or look for another process with nvidia-smi"
                .formatted(text(bytes), device, text(source.total()), text(live), text(cached));
    }

    private static String text(long bytes) {
        if (bytes >= 1L << 30) return String.format(Locale.ROOT, "%.2f GiB", bytes / (double) (1L << 30));
        if (bytes >= 1L << 20) return String.format(Locale.ROOT, "%.2f MiB", bytes / (double) (1L << 20));
        return String.format(Locale.ROOT, "%.2f KiB", bytes / 1024.0);
    }
}
