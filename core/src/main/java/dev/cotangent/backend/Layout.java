package dev.cotangent.backend;

import dev.cotangent.CotangentException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The layout of a tensor in its storage: element {@code (i, j, ...)} is at {@code offset + i * stride(0) + j *
 * stride(1) + ...}, counted in elements. Immutable. Methods that derive layouts do not check their arguments.
 */
public final class Layout {
    private final long[] sizes;
    private final long[] strides;
    private final long offset;
    private final long numel;
    private final boolean contiguous;
    private final boolean isDefault;

    private Layout(long[] sizes, long[] strides, long offset) {
        this(sizes, strides, offset, count(sizes));
    }

    private Layout(long[] sizes, long[] strides, long offset, long numel) {
        if (numel < 0) throw new CotangentException("numel: integer multiplication overflow");
        this.sizes = sizes;
        this.strides = strides;
        this.offset = offset;
        this.numel = numel;
        this.contiguous = dense(sizes, strides, numel);
        this.isDefault = contiguous && offset == 0 && isRowMajor();
    }

    /** Returns the product of the sizes, or -1 on overflow. */
    private static long count(long[] sizes) {
        long n = 1;
        for (long s : sizes) {
            long high = Math.multiplyHigh(n, s);
            n *= s;
            if (high != 0 || n < 0) return -1;
        }
        return n;
    }

    private boolean isRowMajor() {
        long stride = 1;
        for (int d = sizes.length - 1; d >= 0; d--) {
            if (strides[d] != stride) return false;
            stride *= Math.max(sizes[d], 1);
        }
        return true;
    }

    private static boolean dense(long[] sizes, long[] strides, long numel) {
        if (numel == 0) return true;
        long expected = 1;
        for (int d = sizes.length - 1; d >= 0; d--) {
            if (sizes[d] != 1) {
                if (strides[d] != expected) return false;
                expected *= sizes[d];
            }
        }
        return true;
    }

    /**
     * Returns a row-major layout at offset 0. The array is not copied: do not change it.
     *
     * @throws CotangentException PyTorch's, if the number of elements overflows a long
     */
    public static Layout contiguous(long... sizes) {
        long numel = count(sizes);
        if (numel < 0) {
            throw new CotangentException("Storage size calculation overflowed with sizes=" + Arrays.toString(sizes));
        }
        return new Layout(sizes, rowMajor(sizes), 0, numel);
    }

    /**
     * Returns a layout of any sizes, strides and offset. The arrays are not copied: do not change them.
     *
     * @throws CotangentException PyTorch's, if the number of elements overflows a long
     */
    public static Layout of(long[] sizes, long[] strides, long offset) {
        return new Layout(sizes, strides, offset);
    }

    /** Returns the strides of a row-major layout; a size of 0 counts as 1, as in PyTorch. */
    public static long[] rowMajor(long[] sizes) {
        long[] strides = new long[sizes.length];
        long stride = 1;
        for (int d = sizes.length - 1; d >= 0; d--) {
            if (stride < 0) throw new CotangentException("Stride calculation overflowed");
            strides[d] = stride;
            long size = Math.max(sizes[d], 1);
            stride = Math.multiplyHigh(stride, size) == 0 ? stride * size : -1;
        }
        return strides;
    }

    /** Returns the number of dimensions. */
    public int rank() {
        return sizes.length;
    }

    /** Returns the size of a dimension. */
    public long size(int dim) {
        return sizes[dim];
    }

    /** Returns the stride of a dimension in elements. */
    public long stride(int dim) {
        return strides[dim];
    }

    /** Returns the offset of the first element in the storage. */
    public long offset() {
        return offset;
    }

    /** Returns the number of elements. */
    public long numel() {
        return numel;
    }

    /** Returns the sizes, not copied: do not change them. */
    public long[] sizes() {
        return sizes;
    }

    /** Returns the strides, not copied: do not change them. */
    public long[] strides() {
        return strides;
    }

    /** Returns whether the elements are row-major without gaps, at any offset. */
    public boolean isContiguous() {
        return contiguous;
    }

    /** Returns whether this equals {@link #contiguous(long...)} of the sizes, the layout of new memory. */
    public boolean isDefault() {
        return isDefault;
    }

    /**
     * Returns whether two indices may address one element, by a stride of 0 or strides smaller than the inner extent.
     */
    public boolean overlaps() {
        if (contiguous) return false;
        Integer[] order = new Integer[sizes.length];
        for (int d = 0; d < order.length; d++) order[d] = d;
        Arrays.sort(order, (a, b) -> Long.compare(Math.abs(strides[a]), Math.abs(strides[b])));
        long reach = 0;
        for (int d : order) {
            if (sizes[d] == 1) continue;
            if (Math.abs(strides[d]) <= reach) return true;
            reach += (sizes[d] - 1) * Math.abs(strides[d]);
        }
        return false;
    }

    /** Returns whether each element between the first and the last is addressed exactly once, in any order. */
    public boolean isNonOverlappingAndDense() {
        if (contiguous) return true;
        long reach = 0;
        for (int d = 0; d < sizes.length; d++) reach += (sizes[d] - 1) * Math.abs(strides[d]);
        return reach + 1 == numel && !overlaps();
    }

    /**
     * Returns the storage span: the number of elements from the start of the storage through the last element.
     *
     * @throws CotangentException PyTorch's, if it overflows a long
     */
    public long storageSpan() {
        if (numel == 0) return offset;
        long last = offset;
        try {
            for (int d = 0; d < sizes.length; d++) {
                if (strides[d] > 0) last = Math.addExact(last, Math.multiplyExact(sizes[d] - 1, strides[d]));
            }
            return Math.addExact(last, 1);
        } catch (ArithmeticException e) {
            throw new CotangentException(
                    "Storage size calculation overflowed with sizes=" + Arrays.toString(sizes) + " and strides="
                            + Arrays.toString(strides),
                    e);
        }
    }

    /** Returns the layout at one index of dimension {@code dim}, without that dimension. */
    public Layout select(int dim, long index) {
        return new Layout(without(sizes, dim), without(strides, dim), offset + index * strides[dim]);
    }

    /** Returns the layout of {@code length} indices of a dimension, from {@code start} with a step. */
    public Layout slice(int dim, long start, long length, long step) {
        long[] newSizes = sizes.clone();
        long[] newStrides = strides.clone();
        newSizes[dim] = length;
        newStrides[dim] *= step;
        return new Layout(newSizes, newStrides, offset + start * strides[dim]);
    }

    /** Returns the layout with permuted dimensions. */
    public Layout permute(int... order) {
        long[] newSizes = new long[order.length];
        long[] newStrides = new long[order.length];
        for (int d = 0; d < order.length; d++) {
            newSizes[d] = sizes[order[d]];
            newStrides[d] = strides[order[d]];
        }
        return new Layout(newSizes, newStrides, offset);
    }

    /** Returns the layout with two dimensions swapped. */
    public Layout transpose(int a, int b) {
        int[] order = new int[sizes.length];
        for (int d = 0; d < order.length; d++) order[d] = d == a ? b : d == b ? a : d;
        return permute(order);
    }

    /** Returns the layout with a new dimension of size 1 before {@code dim}. */
    public Layout unsqueeze(int dim) {
        long step = dim < sizes.length ? sizes[dim] * strides[dim] : 1;
        return new Layout(with(sizes, dim, 1), with(strides, dim, step), offset);
    }

    /** Returns the layout without dimension {@code dim}, of size 1. */
    public Layout squeeze(int dim) {
        return new Layout(without(sizes, dim), without(strides, dim), offset);
    }

    /**
     * Returns the layout broadcast to other sizes: new leading dimensions and expanded ones get stride 0, as in
     * at::inferExpandGeometry.
     */
    public Layout expand(long... to) {
        if (Arrays.equals(to, sizes)) return this;
        long[] newStrides = new long[to.length];
        int shift = to.length - sizes.length;
        for (int d = to.length - 1; d >= 0; d--) {
            if (d >= shift) newStrides[d] = sizes[d - shift] == to[d] ? strides[d - shift] : 0;
            else if (to[d] == 1 && d + 1 < to.length) newStrides[d] = to[d + 1] * newStrides[d + 1];
        }
        return new Layout(to.clone(), newStrides, offset);
    }

    /**
     * Returns a layout of other sizes with the same row-major order of elements, or null if strides cannot express
     * it.
     */
    public @Nullable Layout view(long... to) {
        if (contiguous) return new Layout(to.clone(), rowMajor(to), offset);
        if (numel == 0) return new Layout(to.clone(), rowMajor(to), offset);
        long[] newStrides = new long[to.length];
        int view = to.length - 1;
        long chunkStride = sizes.length == 0 ? 1 : strides[sizes.length - 1];
        long chunk = 1;
        long viewed = 1;
        // From the last dimension on, splits into chunks of a single stride, as at::detail::computeStride.
        for (int d = sizes.length - 1; d >= 0; d--) {
            chunk *= sizes[d];
            if (d == 0 || (sizes[d - 1] != 1 && strides[d - 1] != chunk * chunkStride)) {
                while (view >= 0 && (viewed < chunk || to[view] == 1)) {
                    newStrides[view] = viewed * chunkStride;
                    viewed *= to[view];
                    view--;
                }
                if (viewed != chunk) return null;
                if (d > 0) {
                    chunkStride = strides[d - 1];
                    chunk = 1;
                    viewed = 1;
                }
            }
        }
        return view == -1 ? new Layout(to.clone(), newStrides, offset) : null;
    }

    /** Returns the layout of the real numbers of which this one's complex elements are pairs, in a last dimension. */
    public Layout pairs() {
        int rank = sizes.length;
        long[] newSizes = Arrays.copyOf(sizes, rank + 1);
        long[] newStrides = Arrays.copyOf(strides, rank + 1);
        for (int d = 0; d < rank; d++) newStrides[d] *= 2;
        newSizes[rank] = 2;
        newStrides[rank] = 1;
        return new Layout(newSizes, newStrides, 2 * offset);
    }

    private static long[] without(long[] a, int at) {
        long[] r = new long[a.length - 1];
        System.arraycopy(a, 0, r, 0, at);
        System.arraycopy(a, at + 1, r, at, a.length - at - 1);
        return r;
    }

    private static long[] with(long[] a, int at, long value) {
        long[] r = new long[a.length + 1];
        System.arraycopy(a, 0, r, 0, at);
        r[at] = value;
        System.arraycopy(a, at, r, at + 1, a.length - at);
        return r;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof Layout l
                        && offset == l.offset
                        && Arrays.equals(sizes, l.sizes)
                        && Arrays.equals(strides, l.strides);
    }

    @Override
    public int hashCode() {
        return (Arrays.hashCode(sizes) * 31 + Arrays.hashCode(strides)) * 31 + Long.hashCode(offset);
    }

    @Override
    public String toString() {
        return Arrays.toString(sizes) + " strides " + Arrays.toString(strides) + " offset " + offset;
    }
}
