package dev.cotangent.backend;

import dev.cotangent.Device;
import dev.cotangent.Dtype;

/**
 * A backend's operand: a storage and a layout in it.
 *
 * @param storage the memory
 * @param layout sizes, strides and offset of the elements
 */
public record Strided(Storage storage, Layout layout) {
    /** Returns the dtype of the elements. */
    public Dtype dtype() {
        return storage.dtype();
    }

    /** Returns the device of the memory. */
    public Device device() {
        return storage.device();
    }

    /** Returns the backend of the memory. */
    public Backend backend() {
        return storage.backend();
    }

    /** Returns the number of elements. */
    public long numel() {
        return layout.numel();
    }

    /** Returns the same memory with another layout. */
    public Strided with(Layout other) {
        return new Strided(storage, other);
    }
}
