package dev.cotangent.internal.ops;

import dev.cotangent.CotangentException;
import dev.cotangent.IndexException;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Layout;
import dev.cotangent.internal.Internals;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The dimensions that a reduction reduces.
 *
 * @param sizes the shape
 * @param reduced for each dimension whether it is reduced
 * @param keepdim whether reduced dimensions are kept with size 1
 */
public record Axes(long[] sizes, boolean[] reduced, boolean keepdim) {
    private static final int MOST = 64;

    /** The keepdim layouts of full reductions, by rank. */
    private static final Layout[] ONES = new Layout[8];

    private static final Layout NONE = Layout.contiguous();

    static {
        for (int rank = 0; rank < ONES.length; rank++) {
            long[] sizes = new long[rank];
            Arrays.fill(sizes, 1);
            ONES[rank] = Layout.contiguous(sizes);
        }
    }

    /**
     * Returns the axes of a tensor; no dimensions means all. Throws PyTorch's error if one is out of range or
     * repeated.
     */
    public static Axes of(Tensor x, int @Nullable [] dims, boolean keepdim) {
        return of(Internals.layout(x).sizes(), dims, keepdim);
    }

    /** Returns the axes of a shape, as {@link #of(Tensor, int[], boolean)}. */
    public static Axes of(long[] sizes, int @Nullable [] dims, boolean keepdim) {
        boolean[] reduced = new boolean[sizes.length];
        if (dims == null || dims.length == 0) Arrays.fill(reduced, true);
        else mark(reduced, dims);
        return new Axes(sizes, reduced, keepdim);
    }

    /** Returns all dimensions of a tensor. */
    public static Axes all(Tensor x) {
        return of(x, null, false);
    }

    /** Returns one dimension of a tensor. */
    public static Axes one(Tensor x, int dim, boolean keepdim) {
        return of(x, new int[] {dim}, keepdim);
    }

    private static void mark(boolean[] reduced, int[] dims) {
        int rank = reduced.length;
        if (rank > MOST) throw new CotangentException("only tensors with up to " + MOST + " dims are supported");
        boolean[] seen = new boolean[Math.max(rank, 1)];
        for (int dim : dims) {
            int d = Broadcast.dim(dim, rank);
            if (seen[d]) throw new CotangentException("dim " + d + " appears multiple times in the list of dims");
            seen[d] = true;
        }
        System.arraycopy(seen, 0, reduced, 0, rank);
    }

    /** Returns the number of elements reduced to one. */
    public long count() {
        long n = 1;
        for (int d = 0; d < sizes.length; d++) if (reduced[d]) n *= sizes[d];
        return n;
    }

    /** Returns the shape with reduced dimensions of size 1. */
    public long[] keepdimSizes() {
        long[] out = sizes.clone();
        for (int d = 0; d < out.length; d++) if (reduced[d]) out[d] = 1;
        return out;
    }

    /** Returns the shape of the result. */
    public long[] result() {
        if (keepdim) return keepdimSizes();
        long[] out = new long[sizes.length];
        int n = 0;
        for (int d = 0; d < sizes.length; d++) if (!reduced[d]) out[n++] = sizes[d];
        return Arrays.copyOf(out, n);
    }

    /** Returns whether all dimensions are reduced. */
    private boolean isAll() {
        for (boolean r : reduced) if (!r) return false;
        return true;
    }

    /** Returns the contiguous layout of {@link #keepdimSizes}. */
    public Layout keepdimLayout() {
        return sizes.length < ONES.length && isAll() ? ONES[sizes.length] : Layout.contiguous(keepdimSizes());
    }

    /** Returns the contiguous layout of the result. */
    public Layout resultLayout() {
        if (keepdim) return keepdimLayout();
        return isAll() ? NONE : Layout.contiguous(result());
    }

    /** Returns the reduced dimensions. */
    public int[] dims() {
        int[] out = new int[sizes.length];
        int n = 0;
        for (int d = 0; d < sizes.length; d++) if (reduced[d]) out[n++] = d;
        return Arrays.copyOf(out, n);
    }

    /** Returns the same axes with keepdim. */
    public Axes withKeepdim() {
        return new Axes(sizes, reduced, true);
    }

    /** Returns a result with its reduced dimensions restored, of size 1. */
    public Tensor restore(Tensor result) {
        return keepdim ? result : result.reshape(keepdimSizes());
    }

    /** Returns a result or its gradient expanded to the input's shape. */
    public Tensor expand(Tensor result) {
        return (isAll() ? result : restore(result)).expand(sizes);
    }

    /** Throws PyTorch's error if an empty dimension would be reduced by a reduction without identity. */
    public void checkNotEmpty(String op, int @Nullable [] dims) {
        long numel = 1;
        for (long s : sizes) numel *= s;
        if (numel != 0) return;
        if (dims == null || dims.length == 0) {
            throw new CotangentException(op + "(): Expected reduction dim to be specified for input.numel() == 0."
                    + " Specify the reduction dim with the 'dim' argument.");
        }
        for (int d = 0; d < sizes.length; d++) {
            if (reduced[d] && sizes[d] == 0) {
                throw new IndexException(op + "(): Expected reduction dim " + d + " to have non-zero size.");
            }
        }
    }
}
