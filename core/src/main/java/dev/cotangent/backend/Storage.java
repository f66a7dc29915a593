package dev.cotangent.backend;

import dev.cotangent.Device;
import dev.cotangent.Dtype;

/**
 * A run of elements in the memory of a device, shared by all tensors that are views of it. What the memory is, is
 * between the storage and its backend: a Java array on the CPU, an address on a GPU.
 */
public final class Storage {
    private final Backend backend;
    private final Dtype dtype;
    private final long size;
    private final Object memory;

    /** Made by a backend around memory of its own. */
    public Storage(Backend backend, Dtype dtype, long size, Object memory) {
        this.backend = backend;
        this.dtype = dtype;
        this.size = size;
        this.memory = memory;
    }

    /** The backend that the memory belongs to. */
    public Backend backend() {
        return backend;
    }

    /** The device that the memory belongs to. */
    public Device device() {
        return backend.device();
    }

    /** The type of the elements. */
    public Dtype dtype() {
        return dtype;
    }

    /** The number of elements. */
    public long size() {
        return size;
    }

    /** The memory, with everything computed that was to be written there. */
    public Object memory() {
        return memory;
    }
}
