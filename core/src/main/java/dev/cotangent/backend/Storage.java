package dev.cotangent.backend;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import org.jspecify.annotations.Nullable;

/**
 * A run of elements in the memory of a device, shared by all tensors that are views of it. What the memory is, is
 * between the storage and its backend: a Java array on the CPU, an address on a GPU.
 */
public final class Storage {
    private final Backend backend;
    private final Dtype dtype;
    private final long size;
    private volatile @Nullable Object memory;
    private volatile @Nullable Lifetime lifetime;

    /** Made by a backend around memory of its own. */
    public Storage(Backend backend, Dtype dtype, long size, Object memory) {
        this.backend = backend;
        this.dtype = dtype;
        this.size = size;
        this.memory = memory;
        this.lifetime = Lifetime.made(this);
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

    /**
     * The memory, with everything computed that was to be written there.
     *
     * @throws CotangentException where it was freed with its scope
     */
    public Object memory() {
        Object m = memory;
        if (m == null) {
            throw new CotangentException("a tensor is used after the Scope in which it was made was closed; let it out"
                    + " with scope.keep(tensor), or make it in Scope.outside(() -> ...)");
        }
        return m;
    }

    /** Whether the memory was freed with the scope it was made in. */
    public boolean isClosed() {
        return memory == null;
    }

    @Nullable
    Lifetime lifetime() {
        return lifetime;
    }

    void handTo(@Nullable Lifetime heir) {
        lifetime = heir;
    }

    /** Frees the memory; a later use is an error. */
    void close() {
        Object m = memory;
        memory = null;
        lifetime = null;
        if (m != null) backend.free(m);
    }
}
