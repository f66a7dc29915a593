package dev.cotangent.internal.ops;

import dev.cotangent.CotangentException;
import dev.cotangent.IndexException;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Layout;
import dev.cotangent.internal.Internals;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which dimensions of a shape a reduction joins.
 *
 * @param sizes the shape
 * @param reduced for each dimension whether it is joined
 * @param keeps whether joined dimensions stay, with size 1
 */
public record Axes(long[] sizes, boolean[] reduced, boolean keeps) {
    private static final int MOST = 64;

    /** What is left of all dimensions, by how many there are: with them, and without. */
    private static final Layout[] ONES = new Layout[8];

    private static final Layout NONE = Layout.contiguous();

    static {
        for (int rank = 0; rank < ONES.length; rank++) {
            long[] sizes = new long[rank];
            Arrays.fill(sizes, 1);
            ONES[rank] = Layout.contiguous(sizes);
        }
    }

    /** Of a tensor; no dimensions means all. PyTorch's errors for those out of range or named twice. */
    public static Axes of(Tensor x, int @Nullable [] dims, boolean keeps) {
        return of(Internals.layout(x).sizes(), dims, keeps);
    }

    /** Returns those of a shape, as {@link #of(Tensor, int[], boolean)}. */
    public static Axes of(long[] sizes, int @Nullable [] dims, boolean keeps) {
        boolean[] reduced = new boolean[sizes.length];
        if (dims == null || dims.length == 0) Arrays.fill(reduced, true);
        else mark(reduced, dims);
        return new Axes(sizes, reduced, keeps);
    }

    /** All dimensions of a tensor. */
    public static Axes all(Tensor x) {
        return of(x, null, false);
    }

    /** One dimension of a tensor. */
    public static Axes one(Tensor x, int dim, boolean keeps) {
        return of(x, new int[] {dim}, keeps);
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

    /** The number of elements joined into one. */
    public long count() {
        long n = 1;
        for (int d = 0; d < sizes.length; d++) if (reduced[d]) n *= sizes[d];
        return n;
    }

    /** The shape with joined dimensions of size 1. */
    public long[] kept() {
        long[] kept = sizes.clone();
        for (int d = 0; d < kept.length; d++) if (reduced[d]) kept[d] = 1;
        return kept;
    }

    /** The shape of the result. */
    public long[] result() {
        if (keeps) return kept();
        long[] out = new long[sizes.length];
        int n = 0;
        for (int d = 0; d < sizes.length; d++) if (!reduced[d]) out[n++] = sizes[d];
        return Arrays.copyOf(out, n);
    }

    /** Whether all dimensions are joined. */
    private boolean isAll() {
        for (boolean r : reduced) if (!r) return false;
        return true;
    }

    /** Fresh memory of the shape with joined dimensions of size 1. */
    public Layout keptLayout() {
        return sizes.length < ONES.length && isAll() ? ONES[sizes.length] : Layout.contiguous(kept());
    }

    /** Fresh memory of the shape of the result. */
    public Layout resultLayout() {
        if (keeps) return keptLayout();
        return isAll() ? NONE : Layout.contiguous(result());
    }

    /** The joined dimensions. */
    public int[] dims() {
        int[] out = new int[sizes.length];
        int n = 0;
        for (int d = 0; d < sizes.length; d++) if (reduced[d]) out[n++] = d;
        return Arrays.copyOf(out, n);
    }

    /** The same with joined dimensions kept. */
    public Axes keeping() {
        return new Axes(sizes, reduced, true);
    }

    /** A result with the joined dimensions back, with size 1. */
    public Tensor restore(Tensor result) {
        return keeps ? result : result.reshape(kept());
    }

    /** A result, or its gradient, for every element that was joined. */
    public Tensor spread(Tensor result) {
        return (isAll() ? result : restore(result)).expand(sizes);
    }

    /** PyTorch's error where a reduction that cannot be of nothing would be. */
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
