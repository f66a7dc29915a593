package dev.cotangent;

import java.lang.reflect.Array;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a nested Java array, such as a {@code float[][]}, in row-major order.
 *
 * @param dtype the type of the innermost elements; int8 for {@code byte}
 * @param elements a new array of them; booleans as bytes 0 and 1
 * @param sizes one size per level
 */
record NestedArray(Dtype dtype, Object elements, long... sizes) {
    /** Copies a Java array of numbers or booleans, of any depth; throws PyTorch's ValueError if it is ragged. */
    static NestedArray of(Object array) {
        int depth = 0;
        Class<?> type = array.getClass();
        for (; type.isArray(); type = type.componentType()) depth++;
        Dtype dtype = dtype(type);
        if (depth == 0 || dtype == null) {
            throw new TypeException("expected an array, however nested, of float, double, long, int, short, byte or"
                    + " boolean, but got " + array.getClass().getTypeName());
        }
        long[] sizes = new long[depth];
        long count = 1;
        Object level = array;
        for (int d = 0; d < depth && count > 0; d++) {
            if (level == null) throw nullRow(d);
            sizes[d] = Array.getLength(level);
            count *= sizes[d];
            if (count > 0 && d + 1 < depth) level = ((Object[]) level)[0];
        }
        if (count > Integer.MAX_VALUE) {
            throw new ValueException("an array of " + count + " elements is more than one Java array can hold");
        }
        Object elements = allocate(dtype, (int) count);
        copy(array, elements, sizes, 0, 0);
        return new NestedArray(dtype, elements, sizes);
    }

    /** Returns the dtype of a primitive type; null for other classes. */
    static @Nullable Dtype dtype(Class<?> type) {
        if (type == float.class) return Dtype.FLOAT32;
        if (type == double.class) return Dtype.FLOAT64;
        if (type == long.class) return Dtype.INT64;
        if (type == int.class) return Dtype.INT32;
        if (type == short.class) return Dtype.INT16;
        if (type == byte.class) return Dtype.INT8;
        return type == boolean.class ? Dtype.BOOL : null;
    }

    /** Allocates a Java array for a dtype: shorts for the half types, bytes for bool. */
    static Object allocate(Dtype dtype, int size) {
        return switch (dtype) {
            case FLOAT32 -> new float[size];
            case FLOAT64 -> new double[size];
            case INT64 -> new long[size];
            case INT32 -> new int[size];
            case INT16, FLOAT16, BFLOAT16 -> new short[size];
            case INT8, UINT8, BOOL -> new byte[size];
            case COMPLEX64, COMPLEX128 -> throw new IllegalArgumentException(dtype + " is not stored");
        };
    }

    private static TypeException nullRow(int dim) {
        return new TypeException("expected a nested array, but a row at dim " + dim + " is null");
    }

    private static int copy(@Nullable Object level, Object elements, long[] sizes, int dim, int at) {
        if (level == null) throw nullRow(dim);
        int length = Array.getLength(level);
        if (length != sizes[dim]) {
            throw new ValueException(
                    "expected sequence of length " + sizes[dim] + " at dim " + dim + " (got " + length + ")");
        }
        if (level instanceof Object[] rows) {
            int next = at;
            for (Object row : rows) next = copy(row, elements, sizes, dim + 1, next);
            return next;
        }
        if (level instanceof boolean[] flags) {
            for (int i = 0; i < length; i++) ((byte[]) elements)[at + i] = (byte) (flags[i] ? 1 : 0);
        } else {
            System.arraycopy(level, 0, elements, at, length);
        }
        return at + length;
    }
}
