package dev.cotangent.backend;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;

/**
 * A tensor's elements: a storage, a layout in it, and what its numbers stand for. Backends take {@link ElementForm#REAL}
 * operands alone; storages hold a complex number as two consecutive real ones, so the layout of complex elements counts
 * pairs, and {@link #part} and {@link #pairs} are their real views.
 *
 * @param storage the memory, of a dtype that is not complex
 * @param layout sizes, strides and offset of the elements; in pairs of numbers if they are complex
 * @param form how an element is made of the numbers in memory
 */
public record Strided(Storage storage, Layout layout, ElementForm form) {
    /** Creates real elements. */
    public Strided(Storage storage, Layout layout) {
        this(storage, layout, ElementForm.REAL);
    }

    /** Returns uninitialized elements of any dtype and of a layout without gaps. */
    public static Strided uninitialized(Backend backend, Dtype dtype, Layout layout) {
        if (!dtype.isComplex()) return new Strided(backend.allocateUnset(dtype, layout.numel()), layout);
        Storage pairs = backend.allocateUnset(dtype.realType(), twice(layout.numel()));
        return new Strided(pairs, layout, ElementForm.COMPLEX);
    }

    /** Returns zeros of any dtype and layout. */
    public static Strided zeros(Backend backend, Dtype dtype, Layout layout) {
        long size = layout.storageSpan();
        if (!dtype.isComplex()) return new Strided(backend.allocate(dtype, size), layout);
        return new Strided(backend.allocate(dtype.realType(), twice(size)), layout, ElementForm.COMPLEX);
    }

    private static long twice(long size) {
        if (size <= Long.MAX_VALUE / 2) return 2 * size;
        throw new CotangentException("numel: integer multiplication overflow");
    }

    /** Returns the dtype of the elements. */
    public Dtype dtype() {
        Dtype stored = storage.dtype();
        return form.isComplex() ? stored.complexType() : stored;
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

    /** Returns the number of elements that the storage holds. */
    public long capacity() {
        return form.isComplex() ? storage.size() / 2 : storage.size();
    }

    /** Returns the same memory with another layout. */
    public Strided with(Layout other) {
        return new Strided(storage, other, form);
    }

    /** Returns the same memory and layout in another form. */
    public Strided with(ElementForm other) {
        return new Strided(storage, layout, other);
    }

    /** Returns the real (0) or imaginary (1) numbers of complex elements as they are in memory, ignoring conjugation. */
    public Strided part(int part) {
        long[] strides = layout.strides().clone();
        for (int d = 0; d < strides.length; d++) strides[d] *= 2;
        return new Strided(storage, Layout.of(layout.sizes(), strides, 2 * layout.offset() + part));
    }

    /** Returns the numbers of complex elements with a last dimension of size 2, ignoring conjugation. */
    public Strided pairs() {
        return new Strided(storage, layout.pairs());
    }
}
