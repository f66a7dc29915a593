package dev.cotangent;

import dev.cotangent.backend.Backend;
import dev.cotangent.backend.ElementCodec;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.format.ArrayText;
import dev.cotangent.internal.format.NpyFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An array of numbers in host memory, without autograd: NumPy's {@code ndarray}. It may share memory with a tensor or
 * a Java array, and then reflects their writes. All dtypes except bfloat16, which NumPy lacks.
 */
public final class NdArray {
    private final Dtype dtype;
    private final MemorySegment memory;
    private final Layout layout;

    private NdArray(Dtype dtype, MemorySegment memory, Layout layout) {
        if (dtype == Dtype.BFLOAT16) throw new TypeException("Got unsupported ScalarType BFloat16");
        this.dtype = dtype;
        this.memory = memory;
        this.layout = layout;
    }

    /**
     * Copies a Java array of {@code float}, {@code double}, {@code long}, {@code int}, {@code short}, {@code byte}
     * (int8) or {@code boolean}, of any depth, such as a {@code float[][]}. Throws a ValueException if it is ragged.
     */
    public static NdArray of(Object array) {
        NestedArray nested = NestedArray.of(array);
        return wrap(nested.dtype(), nested.elements(), nested.sizes());
    }

    /** Returns zeros; no sizes give a 0-dimensional array. */
    public static NdArray zeros(Dtype dtype, long... sizes) {
        long size = Shape.of(sizes).numel();
        if (size > Integer.MAX_VALUE - 8) {
            MemorySegment memory = Arena.ofAuto().allocate(Math.multiplyExact(size, dtype.bytes()), 8);
            return wrap(dtype, memory, sizes);
        }
        return wrap(dtype, NestedArray.allocate(dtype, (int) size), sizes);
    }

    /**
     * Wraps a Java array in row-major order, sharing it: {@code float[]}, {@code double[]}, {@code long[]}, {@code
     * int[]}, {@code short[]} (int16, or the bits of float16) or {@code byte[]} (int8, uint8, or bool as 0 and 1).
     */
    public static NdArray wrap(Dtype dtype, Object array, long... sizes) {
        Class<?> expected = NestedArray.allocate(dtype, 0).getClass();
        if (array.getClass() != expected) {
            throw new TypeException("elements of " + dtype + " are stored in a " + expected.getTypeName() + ", but got "
                    + array.getClass().getTypeName());
        }
        return wrap(dtype, segment(array), sizes);
    }

    /** Wraps memory in row-major order and native byte order, sharing it. */
    public static NdArray wrap(Dtype dtype, MemorySegment memory, long... sizes) {
        return wrap(dtype, memory, Layout.contiguous(Shape.of(sizes).toArray()));
    }

    /** Wraps memory of any layout in native byte order, sharing it. */
    public static NdArray wrap(Dtype dtype, MemorySegment memory, Layout layout) {
        if (layout.storageSpan() > memory.byteSize() / dtype.bytes()) {
            throw new ValueException("elements of " + dtype + " with sizes, strides and offset " + layout + " need "
                    + layout.storageSpan() * dtype.bytes() + " bytes of memory, but there are " + memory.byteSize());
        }
        return new NdArray(dtype, memory, layout);
    }

    /** Returns the elements of a CPU tensor, sharing its memory if that is a Java array, else a copy. */
    static NdArray sharing(Strided values) {
        Object array = values.backend().array(values.storage());
        if (array != null) {
            values.storage().markAliased();
            return new NdArray(values.dtype(), segment(array), values.layout());
        }
        Strided from = values;
        if (!values.layout().isContiguous()) {
            Backend backend = values.backend();
            Layout dense = Layout.contiguous(values.layout().sizes());
            from = new Strided(backend.allocate(values.dtype(), values.numel()), dense);
            backend.copy(values, from);
        }
        NdArray copy = zeros(values.dtype(), values.layout().sizes());
        if (copy.size() > 0) from.backend().read(from.storage(), from.layout().offset(), copy.memory);
        return copy;
    }

    /** Returns the elements for a backend, sharing a Java array if the backend can use it, else a copy. */
    Strided strided(Backend backend) {
        for (long stride : layout.strides()) {
            if (stride < 0) {
                throw new ValueException("At least one stride in the given numpy array is negative, and tensors with"
                    + " negative strides are not currently supported. (You can probably work around this by making a"
                    + " copy of your array  with array.copy().) ");
            }
        }
        Object array = memory.heapBase().orElse(null);
        if (array != null && array.getClass() == NestedArray.allocate(dtype, 0).getClass() && memory.address() == 0) {
            Storage shared = backend.share(dtype, array);
            if (shared != null) return new Strided(shared, layout);
        }
        NdArray dense = contiguous();
        Storage copy = backend.allocate(dtype, size());
        if (size() > 0) {
            long bytes = dtype.bytes();
            backend.write(copy, 0, dense.memory.asSlice(dense.layout.offset() * bytes, size() * bytes));
        }
        return new Strided(copy, Layout.contiguous(layout.sizes()));
    }

    private static MemorySegment segment(Object array) {
        return switch (array) {
            case float[] a -> MemorySegment.ofArray(a);
            case double[] a -> MemorySegment.ofArray(a);
            case long[] a -> MemorySegment.ofArray(a);
            case int[] a -> MemorySegment.ofArray(a);
            case short[] a -> MemorySegment.ofArray(a);
            case byte[] a -> MemorySegment.ofArray(a);
            default ->
                throw new TypeException(
                        "no array of elements: " + array.getClass().getTypeName());
        };
    }

    /** Returns the dtype of the elements. */
    public Dtype dtype() {
        return dtype;
    }

    /** Returns the sizes of the dimensions. */
    public Shape shape() {
        return Shape.of(layout.sizes());
    }

    /** Returns the number of dimensions. */
    public int ndim() {
        return layout.rank();
    }

    /** Returns the number of elements. */
    public long size() {
        return layout.numel();
    }

    /** Returns the layout of the elements in {@link #memory}. */
    public Layout layout() {
        return layout;
    }

    /** Returns the memory of the elements, in native byte order; writes to it change this array. */
    public MemorySegment memory() {
        return memory;
    }

    /** Returns an element; a negative index counts from the end. Integers become doubles, exactly up to 2^53; bool is 0 or 1. */
    public double getDouble(long... index) {
        return ElementCodec.getDouble(dtype, memory, offset(index));
    }

    /** Returns an element; a negative index counts from the end. Floating point is truncated; bool is 0 or 1. */
    public long getLong(long... index) {
        return ElementCodec.getLong(dtype, memory, offset(index));
    }

    /** Returns a reference to an element, to write it; a negative index counts from the end. */
    public Element at(long... index) {
        return new Element(offset(index));
    }

    /** A reference to an element of an array. */
    public final class Element {
        private final long offset;

        private Element(long offset) {
            this.offset = offset;
        }

        /** Writes the element, rounded or truncated to the dtype. */
        public void set(double value) {
            writable();
            ElementCodec.setDouble(dtype, memory, offset, value);
        }

        /** Writes the element, truncated to the low bits of a narrower integer type. */
        public void set(long value) {
            writable();
            ElementCodec.setLong(dtype, memory, offset, value);
        }
    }

    private void writable() {
        if (memory.isReadOnly()) throw new ValueException("assignment destination is read-only");
    }

    private long offset(long[] index) {
        int rank = layout.rank();
        if (index.length != rank) {
            throw new IndexException((index.length > rank ? "too many" : "too few") + " indices for array: array is "
                    + rank + "-dimensional, but " + index.length + " were indexed");
        }
        long offset = layout.offset();
        for (int d = 0; d < rank; d++) {
            long size = layout.size(d);
            if (index[d] < -size || index[d] >= size) {
                throw new IndexException(
                        "index " + index[d] + " is out of bounds for axis " + d + " with size " + size);
            }
            offset += (index[d] < 0 ? index[d] + size : index[d]) * layout.stride(d);
        }
        return offset;
    }

    /** Returns this array if it is contiguous (row-major), else a contiguous copy. */
    public NdArray contiguous() {
        return layout.isContiguous() ? this : copy();
    }

    /** Returns a row-major copy. */
    public NdArray copy() {
        NdArray copy = zeros(dtype, layout.sizes());
        long bytes = dtype.bytes();
        if (layout.isContiguous()) {
            MemorySegment.copy(memory, layout.offset() * bytes, copy.memory, 0, size() * bytes);
            return copy;
        }
        long[] next = {0};
        forEach(offset -> {
            if (dtype.isFloatingPoint()) {
                ElementCodec.setDouble(dtype, copy.memory, next[0]++, ElementCodec.getDouble(dtype, memory, offset));
            } else {
                ElementCodec.setLong(dtype, copy.memory, next[0]++, ElementCodec.getLong(dtype, memory, offset));
            }
        });
        return copy;
    }

    /** Returns the elements in row-major order as doubles. */
    public double[] toDoubleArray() {
        double[] to = new double[javaSize()];
        int[] next = {0};
        forEach(offset -> to[next[0]++] = ElementCodec.getDouble(dtype, memory, offset));
        return to;
    }

    /** Returns the elements in row-major order as floats. */
    public float[] toFloatArray() {
        float[] to = new float[javaSize()];
        int[] next = {0};
        forEach(offset -> to[next[0]++] = (float) ElementCodec.getDouble(dtype, memory, offset));
        return to;
    }

    /** Returns the elements in row-major order as longs; floating point is truncated. */
    public long[] toLongArray() {
        long[] to = new long[javaSize()];
        int[] next = {0};
        forEach(offset -> to[next[0]++] = ElementCodec.getLong(dtype, memory, offset));
        return to;
    }

    /** Returns the elements in row-major order as ints: the low bits of int64; floating point is truncated. */
    public int[] toIntArray() {
        int[] to = new int[javaSize()];
        int[] next = {0};
        forEach(offset -> to[next[0]++] = (int) ElementCodec.getLong(dtype, memory, offset));
        return to;
    }

    /** Returns in row-major order whether elements are nonzero. */
    public boolean[] toBooleanArray() {
        boolean[] to = new boolean[javaSize()];
        int[] next = {0};
        forEach(offset -> to[next[0]++] = ElementCodec.getDouble(dtype, memory, offset) != 0);
        return to;
    }

    private int javaSize() {
        if (size() > Integer.MAX_VALUE - 8) {
            throw new ValueException("an array of " + size() + " elements is more than one Java array can hold");
        }
        return (int) size();
    }

    private void forEach(LongConsumer visitor) {
        visit(0, layout.offset(), visitor);
    }

    private void visit(int dim, long offset, LongConsumer visitor) {
        if (dim == layout.rank()) {
            visitor.accept(offset);
            return;
        }
        for (long i = 0; i < layout.size(dim); i++) visit(dim + 1, offset + i * layout.stride(dim), visitor);
    }

    /** Reads a {@code .npy} file, of either byte order and memory order; see {@link NpyFile#read}. */
    public static NdArray load(Path file) {
        return NpyFile.read(file);
    }

    /** Writes a {@code .npy} file atomically; see {@link NpyFile#write}. */
    public void save(Path file) {
        NpyFile.write(file, this);
    }

    /** Returns whether the other has the same dtype, shape and elements; NaN equals NaN, and 0.0 is not -0.0. */
    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof NdArray that)) return false;
        if (this == that) return true;
        if (dtype != that.dtype || !shape().equals(that.shape())) return false;
        NdArray a = contiguous();
        NdArray b = that.contiguous();
        for (long i = 0; i < size(); i++) {
            if (a.bits(i) != b.bits(i)) return false;
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 31 * dtype.hashCode() + shape().hashCode();
        NdArray dense = contiguous();
        for (long i = 0; i < size(); i++) hash = 31 * hash + Long.hashCode(dense.bits(i));
        return hash;
    }

    private long bits(long i) {
        long offset = layout.offset() + i;
        return dtype.isFloatingPoint()
                ? Double.doubleToLongBits(ElementCodec.getDouble(dtype, memory, offset))
                : ElementCodec.getLong(dtype, memory, offset);
    }

    /** Returns NumPy's text: {@code str(array)}. */
    @Override
    public String toString() {
        return ArrayText.of(this);
    }
}
