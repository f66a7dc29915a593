package dev.cotangent.backend;

import dev.cotangent.Device;
import dev.cotangent.Dtype;

/**
 * What a backend sees of a tensor: a storage, and how the elements lie in it.
 *
 * @param storage the memory
 * @param layout sizes, strides and offset of the elements
 */
public record Strided(Storage storage, Layout layout) {
    /** The type of the elements. */
    public Dtype dtype() {
        return storage.dtype();
    }

    /** The device of the memory. */
    public Device device() {
        return storage.device();
    }

    /** The backend of the memory. */
    public Backend backend() {
        return storage.backend();
    }

    /** The number of elements. */
    public long numel() {
        return layout.numel();
    }

    /** The same memory under another layout. */
    public Strided with(Layout other) {
        return new Strided(storage, other);
    }
}
