package dev.cotangent.cuda;

import org.jspecify.annotations.Nullable;

/** A run of a device's memory, what a storage of this backend has. Given back when nothing refers to it any more. */
final class DeviceMemory {
    private final long address;
    private final long bytes;
    /** What the allocator gives it back by. */
    @Nullable
    Object ticket;

    DeviceMemory(long address, long bytes) {
        this.address = address;
        this.bytes = bytes;
    }

    /** Where it starts; 0 where it has no bytes. */
    long address() {
        return address;
    }

    /** How long it is. */
    long bytes() {
        return bytes;
    }
}
