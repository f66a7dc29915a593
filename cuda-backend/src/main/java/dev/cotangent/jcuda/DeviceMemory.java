package dev.cotangent.jcuda;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Memory of a storage on a device, returned to the allocator when it becomes unreachable. */
final class DeviceMemory {
    private final CachingAllocator.@Nullable Block block;
    private final long bytes;
    /** Reference by which the allocator notices that it is unreachable. */
    CachingAllocator.@Nullable Reclaim reclaim;

    private volatile boolean pinned;
    private volatile @Nullable DeviceEvent ready;

    DeviceMemory(CachingAllocator.@Nullable Block block, long bytes) {
        this.block = block;
        this.bytes = bytes;
    }

    /** Returns the address, 0 if it is empty. */
    long address() {
        return block == null ? 0 : block.address;
    }

    /** Returns the address for work on a stream. A use on another than its own stream delays its reuse. */
    long address(CachingAllocator.StreamPool stream) {
        CachingAllocator.Block b = block;
        if (b == null) return 0;
        if (b.freeList.stream() != stream) {
            b.recordStream(stream);
            stream.onUse(this);
        }
        return b.address;
    }

    /** Returns whether it was allocated from one of these free lists. */
    boolean isFrom(Collection<CachingAllocator.FreeList> freeLists) {
        return block != null && freeLists.contains(block.freeList);
    }

    /** Keeps it allocated while reachable, even if its storage is closed, since a graph uses it. */
    void pin() {
        pinned = true;
    }

    /** Sets the event after which its content is valid for other streams. */
    void setReady(DeviceEvent event) {
        ready = event;
    }

    /** Returns the event after which its content is valid for other streams, or null. */
    @Nullable
    DeviceEvent ready() {
        return ready;
    }

    boolean isPinned() {
        return pinned;
    }

    /** Returns its size in bytes. */
    long bytes() {
        return bytes;
    }
}
