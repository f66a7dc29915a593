package dev.cotangent.kernels;

import dev.cotangent.UnsupportedException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Sizes of the dimensions that several operands are iterated over together, outermost first, and the strides of each
 * operand. Dimensions of size 1 are dropped, and adjacent ones that every operand steps through as one are collapsed.
 * Serialized as the prelude's struct {@code Dims}.
 */
public final class CollapsedDimensions {
    /** Maximal number of dimensions of a kernel, after collapsing. */
    public static final int RANKS = 12;

    private static final byte[] ZEROS = new byte[8 * RANKS];

    private final long[] sizes;
    private final long[][] strides;
    private final long numel;

    private CollapsedDimensions(long[] sizes, long[][] strides) {
        this.sizes = sizes;
        this.strides = strides;
        long n = 1;
        for (long s : sizes) n *= s;
        this.numel = n;
    }

    /**
     * Collapses the dimensions in their given order.
     *
     * @param sizes sizes of the dimensions
     * @param strides strides of each operand, one per dimension
     * @throws UnsupportedException if more than {@link #RANKS} dimensions remain
     */
    public static CollapsedDimensions of(long[] sizes, long[]... strides) {
        return collapse(sizes, strides, identity(sizes.length));
    }

    /** Collapses the dimensions ordered by descending strides of the first operand, so that it is written sequentially. */
    public static CollapsedDimensions anyOrder(long[] sizes, long[]... strides) {
        int[] order = identity(sizes.length);
        long[] first = strides[0];
        for (int i = 1; i < order.length; i++) {
            int d = order[i];
            int k = i;
            for (; k > 0 && first[order[k - 1]] < first[d]; k--) order[k] = order[k - 1];
            order[k] = d;
        }
        return collapse(sizes, strides, order);
    }

    private static int[] identity(int rank) {
        int[] order = new int[rank];
        for (int d = 0; d < rank; d++) order[d] = d;
        return order;
    }

    private static CollapsedDimensions collapse(long[] sizes, long[][] strides, int[] order) {
        long[] size = new long[order.length];
        long[][] stride = new long[strides.length][order.length];
        int rank = 0;
        for (int d : order) {
            if (sizes[d] == 1) continue;
            boolean collapses = rank > 0;
            for (int k = 0; k < strides.length && collapses; k++) {
                collapses = stride[k][rank - 1] == strides[k][d] * sizes[d];
            }
            if (collapses) rank--;
            size[rank] = collapses ? size[rank] * sizes[d] : sizes[d];
            for (int k = 0; k < strides.length; k++) stride[k][rank] = strides[k][d];
            rank++;
        }
        if (rank > RANKS) {
            throw new UnsupportedException("a CUDA kernel iterates over at most " + RANKS
                    + " dimensions that cannot be collapsed, got sizes " + Arrays.toString(sizes)
                    + "; call contiguous() on the operands");
        }
        if (rank == 0) return new CollapsedDimensions(new long[] {1}, new long[strides.length][1]);
        if (rank == order.length) return new CollapsedDimensions(size, stride);
        for (int k = 0; k < stride.length; k++) stride[k] = Arrays.copyOf(stride[k], rank);
        return new CollapsedDimensions(Arrays.copyOf(size, rank), stride);
    }

    /** Returns the number of elements. */
    public long numel() {
        return numel;
    }

    /** Returns the number of dimensions, at least 1. */
    public int rank() {
        return sizes.length;
    }

    /** Returns whether every operand is contiguous in this order. */
    public boolean isContiguous() {
        if (sizes.length > 1) return numel == 0;
        if (sizes[0] <= 1) return true;
        for (long[] s : strides) if (s[0] != 1) return false;
        return true;
    }

    /** Returns the stride of an operand in the innermost dimension. */
    public long innermost(int operand) {
        return strides[operand][sizes.length - 1];
    }

    /** Returns an upper bound of the distance, in elements, of any element from its operand's first. */
    public long reach() {
        long most = 0;
        for (long[] s : strides) {
            long reach = 0;
            for (int d = 0; d < sizes.length; d++) reach += Math.max(0, sizes[d] - 1) * Math.abs(s[d]);
            most = Math.max(most, reach);
        }
        return most;
    }

    /** Returns the size of the struct in bytes. */
    public static int bytes(int operands, boolean wide) {
        return RANKS * (operands + 1) * (wide ? 8 : 4) + 8 * RANKS + 8;
    }

    /** Writes the struct at the buffer's position. */
    public void put(ByteBuffer to, boolean wide) {
        put(to, sizes, wide);
        for (long[] s : strides) put(to, s, wide);
        putDivisors(to, wide);
        to.putInt(sizes.length).putInt(0);
    }

    /** Writes what makes a multiplication and a shift of a division by each size, for indices of 32 bits. */
    private void putDivisors(ByteBuffer to, boolean wide) {
        int at = to.position();
        to.put(ZEROS, 0, 8 * RANKS);
        if (wide) return;
        for (int d = 0; d < sizes.length; d++) {
            to.putInt(at + 4 * d, magic(sizes[d]));
            to.putInt(at + 4 * (RANKS + d), shift(sizes[d]));
        }
    }

    /** Returns the binary logarithm of a divisor, rounded up. */
    static int shift(long divisor) {
        return divisor <= 1 ? 0 : 64 - Long.numberOfLeadingZeros(divisor - 1);
    }

    /** Returns m with {@code i / divisor == ((i * m >> 32) + i) >> shift} for every i below 2^31. */
    static int magic(long divisor) {
        return divisor <= 1 ? 1 : (int) (((1L << shift(divisor)) - divisor << 32) / divisor + 1);
    }

    private static void put(ByteBuffer to, long[] values, boolean wide) {
        int at = to.position();
        to.put(ZEROS, 0, RANKS * (wide ? 8 : 4));
        for (int d = 0; d < values.length; d++) {
            if (wide) to.putLong(at + 8 * d, values[d]);
            else to.putInt(at + 4 * d, (int) values[d]);
        }
    }
}
