package dev.cotangent;

import dev.cotangent.internal.Arguments;
import java.util.Arrays;

/** The sizes of a tensor's dimensions, PyTorch's {@code torch.Size}; immutable. */
public final class Shape {
    private final long[] sizes;

    private Shape(long[] sizes) {
        this.sizes = sizes;
    }

    /** Returns a shape of given sizes; without sizes that of a 0-dimensional tensor. */
    public static Shape of(long... sizes) {
        for (long size : Arguments.notNull("Shape", "sizes", sizes)) {
            if (size < 0) {
                throw new CotangentException(
                        "Trying to create tensor with negative dimension " + size + ": " + Arrays.toString(sizes));
            }
        }
        return new Shape(sizes.clone());
    }

    /** Returns the number of dimensions. */
    public int rank() {
        return sizes.length;
    }

    /** Returns the size of a dimension; negative counts from the end. */
    public long get(int dim) {
        int d = dim < 0 ? dim + sizes.length : dim;
        if (d < 0 || d >= sizes.length) {
            throw new IndexException("Dimension out of range (expected to be in range of [" + -Math.max(1, sizes.length)
                    + ", " + (Math.max(1, sizes.length) - 1) + "], but got " + dim + ")");
        }
        return sizes[d];
    }

    /** Returns the number of elements: the product of the sizes, 1 without dimensions. */
    public long numel() {
        long n = 1;
        for (long size : sizes) n *= size;
        return n;
    }

    /** Returns the sizes in a new array. */
    public long[] toArray() {
        return sizes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape s && Arrays.equals(sizes, s.sizes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sizes);
    }

    /** Returns PyTorch's text, such as {@code torch.Size([2, 3])}. */
    @Override
    public String toString() {
        return "torch.Size(" + Arrays.toString(sizes) + ")";
    }
}
