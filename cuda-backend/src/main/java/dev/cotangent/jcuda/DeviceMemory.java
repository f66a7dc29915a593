package dev.cotangent.jcuda;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** A run of a device's memory, what a storage of this backend has. Given back when nothing refers to it any more. */
final class DeviceMemory {
    private final CachingAllocator.@Nullable Block block;
    private final long bytes;
    /** What the allocator takes it back by. */
    CachingAllocator.@Nullable Reclaim reclaim;

    private volatile boolean pinned;
    private volatile @Nullable DeviceEvent ready;

    DeviceMemory(CachingAllocator.@Nullable Block block, long bytes) {
        this.block = block;
        this.bytes = bytes;
    }

    /** Where it starts; 0 where it has no bytes. */
    long address() {
        return block == null ? 0 : block.address;
    }

    /** Where it starts, for work in a lane: another one than its own is noted, and waited for before it is used again. */
    long address(CachingAllocator.StreamPool lane) {
        CachingAllocator.Block b = block;
        if (b == null) return 0;
        if (b.shelf.lane() != lane) {
            b.use(lane);
            lane.touched(this);
        }
        return b.address;
    }

    /** Whether it was taken from one of these shelves. */
    boolean isFrom(Collection<CachingAllocator.FreeList> shelves) {
        return block != null && shelves.contains(block.shelf);
    }

    /** Keeps it where it is until nothing refers to it, even if its storage is closed: a graph works on it. */
    void pin() {
        pinned = true;
    }

    /** Says that what it holds is there when a mark is passed, for lanes other than its own. */
    void setReady(DeviceEvent mark) {
        ready = mark;
    }

    /** The mark behind which it is there, or null where that is passed or no matter. */
    @Nullable
    DeviceEvent ready() {
        return ready;
    }

    boolean isPinned() {
        return pinned;
    }

    /** How long it is. */
    long bytes() {
        return bytes;
    }
}
