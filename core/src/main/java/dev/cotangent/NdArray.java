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
 * An array of numbers in host memory, without autograd: NumPy's {@code ndarray}. It may share its memory with a tensor or
 * a Java array, and then sees what is written there. All dtypes but bfloat16, which NumPy has not.
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
     * A copy of a Java array of {@code float}, {@code double}, {@code long}, {@code int}, {@code short}, {@code byte}
     * (int8) or {@code boolean}, of any depth, such as a {@code float[][]}. A ragged one raises a ValueException.
     */
    public static NdArray of(Object array) {
        NestedArray nested = NestedArray.of(array);
        return wrap(nested.dtype(), nested.elements(), nested.sizes());
    }

    /** All zeros; no sizes give a single number. */
    public static NdArray zeros(Dtype dtype, long... sizes) {
        long size = Shape.of(sizes).numel();
        if (size > Integer.MAX_VALUE - 8) {
            MemorySegment memory = Arena.ofAuto().allocate(Math.multiplyExact(size, dtype.bytes()), 8);
            return wrap(dtype, memory, sizes);
        }
        return wrap(dtype, NestedArray.allocate(dtype, (int) size), sizes);
    }

    /**
     * The elements of a Java array, row-major, sharing it: {@code float[]}, {@code double[]}, {@code long[]}, {@code
     * int[]}, {@code short[]} (int16, or the bits of float16) or {@code byte[]} (int8, uint8, or bool as 0 and 1).
     */
    public static NdArray wrap(Dtype dtype, Object array, long... sizes) {
        Class<?> expected = NestedArray.allocate(dtype, 0).getClass();
        if (array.getClass() != expected) {
            throw new TypeException("elements of " + dtype + " lie in a " + expected.getTypeName() + ", but got "
                    + array.getClass().getTypeName());
        }
        return wrap(dtype, segment(array), sizes);
    }

    /** Elements in memory, row-major and in native byte order, sharing it. */
    public static NdArray wrap(Dtype dtype, MemorySegment memory, long... sizes) {
        return wrap(dtype, memory, Layout.contiguous(Shape.of(sizes).toArray()));
    }

    /** Elements in memory in any layout, in native byte order, sharing it. */
    public static NdArray wrap(Dtype dtype, MemorySegment memory, Layout layout) {
        if (layout.storageSpan() > memory.byteSize() / dtype.bytes()) {
            throw new ValueException("elements of " + dtype + " with sizes, strides and offset " + layout + " need "
                    + layout.storageSpan() * dtype.bytes() + " bytes of memory, but there are " + memory.byteSize());
        }
        return new NdArray(dtype, memory, layout);
    }

    /** The elements of a tensor on the CPU, sharing its memory where that is a Java array, else copied. */
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

    /** The elements for a backend, sharing memory where this has a Java array and the backend can use it, else copied. */
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

    /** The type of the elements. */
    public Dtype dtype() {
        return dtype;
    }

    /** The sizes of the dimensions. */
    public Shape shape() {
        return Shape.of(layout.sizes());
    }

    /** The number of dimensions. */
    public int ndim() {
        return layout.rank();
    }

    /** The number of elements. */
    public long size() {
        return layout.numel();
    }

    /** How the elements lie in {@link #memory}. */
    public Layout layout() {
        return layout;
    }

    /** Where the elements lie, in native byte order; what is written there is written into this array. */
    public MemorySegment memory() {
        return memory;
    }

    /** Returns an element; a negative index counts from the end. Integers become doubles, exactly up to 2^53; bool is 0 or 1. */
    public double getDouble(long... index) {
        return ElementCodec.getDouble(dtype, memory, place(index));
    }

    /** Returns an element; a negative index counts from the end. Floating point is truncated; bool is 0 or 1. */
    public long getLong(long... index) {
        return ElementCodec.getLong(dtype, memory, place(index));
    }

    /** Returns the place of an element, to be written; a negative index counts from the end. */
    public Element at(long... index) {
        return new Element(place(index));
    }

    /** The place of one element of an array. */
    public final class Element {
        private final long place;

        private Element(long place) {
            this.place = place;
        }

        /** Writes the element, rounded or truncated to the dtype. */
        public void set(double value) {
            writable();
            ElementCodec.setDouble(dtype, memory, place, value);
        }

        /** Writes the element; of a narrower integer the low bits. */
        public void set(long value) {
            writable();
            ElementCodec.setLong(dtype, memory, place, value);
        }
    }

    private void writable() {
        if (memory.isReadOnly()) throw new ValueException("assignment destination is read-only");
    }

    private long place(long[] index) {
        int rank = layout.rank();
        if (index.length != rank) {
            throw new IndexException((index.length > rank ? "too many" : "too few") + " indices for array: array is "
                    + rank + "-dimensional, but " + index.length + " were indexed");
        }
        long place = layout.offset();
        for (int d = 0; d < rank; d++) {
            long size = layout.size(d);
            if (index[d] < -size || index[d] >= size) {
                throw new IndexException(
                        "index " + index[d] + " is out of bounds for axis " + d + " with size " + size);
            }
            place += (index[d] < 0 ? index[d] + size : index[d]) * layout.stride(d);
        }
        return place;
    }

    /** This array if its elements lie row-major without gaps, else a copy that does. */
    public NdArray contiguous() {
        return layout.isContiguous() ? this : copy();
    }

    /** A copy, row-major, that shares nothing. */
    public NdArray copy() {
        NdArray copy = zeros(dtype, layout.sizes());
        long bytes = dtype.bytes();
        if (layout.isContiguous()) {
            MemorySegment.copy(memory, layout.offset() * bytes, copy.memory, 0, size() * bytes);
            return copy;
        }
        long[] next = {0};
        forEach(place -> {
            if (dtype.isFloatingPoint()) {
                ElementCodec.setDouble(dtype, copy.memory, next[0]++, ElementCodec.getDouble(dtype, memory, place));
            } else {
                ElementCodec.setLong(dtype, copy.memory, next[0]++, ElementCodec.getLong(dtype, memory, place));
            }
        });
        return copy;
    }

    /** The elements, row-major, as doubles. */
    public double[] toDoubleArray() {
        double[] to = new double[javaSize()];
        int[] next = {0};
        forEach(place -> to[next[0]++] = ElementCodec.getDouble(dtype, memory, place));
        return to;
    }

    /** The elements, row-major, as floats. */
    public float[] toFloatArray() {
        float[] to = new float[javaSize()];
        int[] next = {0};
        forEach(place -> to[next[0]++] = (float) ElementCodec.getDouble(dtype, memory, place));
        return to;
    }

    /** The elements, row-major, as longs; floating point is truncated. */
    public long[] toLongArray() {
        long[] to = new long[javaSize()];
        int[] next = {0};
        forEach(place -> to[next[0]++] = ElementCodec.getLong(dtype, memory, place));
        return to;
    }

    /** The elements, row-major, as ints: the low bits of an int64; floating point is truncated. */
    public int[] toIntArray() {
        int[] to = new int[javaSize()];
        int[] next = {0};
        forEach(place -> to[next[0]++] = (int) ElementCodec.getLong(dtype, memory, place));
        return to;
    }

    /** The elements, row-major, as booleans: whether they are not zero. */
    public boolean[] toBooleanArray() {
        boolean[] to = new boolean[javaSize()];
        int[] next = {0};
        forEach(place -> to[next[0]++] = ElementCodec.getDouble(dtype, memory, place) != 0);
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

    private void visit(int dim, long place, LongConsumer visitor) {
        if (dim == layout.rank()) {
            visitor.accept(place);
            return;
        }
        for (long i = 0; i < layout.size(dim); i++) visit(dim + 1, place + i * layout.stride(dim), visitor);
    }

    /** Reads a {@code .npy} file, of either byte order and layout; see {@link NpyFile#read}. */
    public static NdArray load(Path file) {
        return NpyFile.read(file);
    }

    /** Writes a {@code .npy} file, whole or not at all; see {@link NpyFile#write}. */
    public void save(Path file) {
        NpyFile.write(file, this);
    }

    /** Whether the other has the same dtype, shape and elements; NaN equals NaN, and 0.0 is not -0.0. */
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
        long place = layout.offset() + i;
        return dtype.isFloatingPoint()
                ? Double.doubleToLongBits(ElementCodec.getDouble(dtype, memory, place))
                : ElementCodec.getLong(dtype, memory, place);
    }

    /** What NumPy prints: {@code str(array)}. */
    @Override
    public String toString() {
        return ArrayText.of(this);
    }
}
