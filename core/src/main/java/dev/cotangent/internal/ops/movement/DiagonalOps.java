package dev.cotangent.internal.ops.movement;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Strided;
import dev.cotangent.backend.Transfers;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.creation.CreationOps;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Triangles and diagonals of matrices, and the scatter forms of views. */
public final class DiagonalOps {
    private DiagonalOps() {}

    /** Implements {@code torch.tril} and {@code torch.triu}. */
    public static Tensor triangle(Tensor x, boolean upper, long diagonal) {
        checkMatrix(x, upper);
        Tensor out = CreationOps.uninitialized(
                x.dtype(), x.device(), Internals.layout(x).sizes());
        triangle(x, out, upper, diagonal);
        return GradientRule.of(upper ? "TriuBackward0" : "TrilBackward0", out)
                .input(x, g -> triangle(g, upper, diagonal))
                .done();
    }

    /** Works as {@link #triangle}, in view. */
    public static Tensor triangleInPlace(Tensor self, boolean upper, long diagonal) {
        checkMatrix(self, upper);
        GradientRule.checkInPlace(self);
        triangle(self, self, upper, diagonal);
        Internals.version(self).bump();
        return GradientRule.of(upper ? "TriuBackward0" : "TrilBackward0", self)
                .input(self, g -> triangle(g, upper, diagonal))
                .inPlace(self);
    }

    private static void checkMatrix(Tensor x, boolean upper) {
        if (x.dim() < 2) {
            throw new CotangentException((upper ? "triu" : "tril") + ": input tensor must have at least 2 dimensions");
        }
    }

    private static void triangle(Tensor x, Tensor out, boolean upper, long diagonal) {
        Strided from = Transfers.resolved(Internals.data(x));
        Strided to = Internals.data(out);
        if (x.numel() > 0 && from.form().isComplex()) {
            for (int part = 0; part < 2; part++)
                from.backend().triangle(from.part(part), upper, diagonal, to.part(part));
        } else if (x.numel() > 0) {
            from.backend().triangle(from, upper, diagonal, to);
        }
    }

    /** Implements {@code torch.diag}: the diagonal of a matrix, or a matrix with that diagonal. */
    public static Tensor diag(Tensor x, long diagonal) {
        if (x.dim() != 1 && x.dim() != 2) {
            throw new CotangentException("diag(): Supports 1D or 2D tensors. Got " + x.dim() + "D");
        }
        if (x.dim() == 2) {
            long[] sizes = Internals.layout(x).sizes();
            Tensor out = ViewOps.diagonal(x.detach(), diagonal, 0, 1).contiguousCopy();
            return GradientRule.of("DiagBackward0", out)
                    .input(
                            x,
                            g -> ViewOps.embed(
                                    g, "DiagBackwardBackward0", sizes, t -> ViewOps.diagonal(t, diagonal, 0, 1)))
                    .done();
        }
        long size = x.size(0) + Math.abs(diagonal);
        Tensor out = CreationOps.zeros(x.dtype(), x.device(), size, size);
        Transfers.copy(Internals.data(x), Internals.data(ViewOps.diagonal(out, diagonal, 0, 1)));
        return GradientRule.of("DiagBackward0", out)
                .input(x, g -> diag(g, diagonal))
                .done();
    }

    /** Implements {@code torch.diag_embed}. */
    public static Tensor diagEmbed(Tensor x, long offset, int dim1, int dim2) {
        int rank = x.dim() + 1;
        int a = Broadcast.dim(dim1, rank);
        int b = Broadcast.dim(dim2, rank);
        if (a == b) throw new CotangentException("diagonal dimensions cannot be identical " + dim1 + ", " + dim2);
        long size = x.size(-1) + Math.abs(offset);
        long[] sizes = new long[rank];
        int next = 0;
        for (int d = 0; d < rank; d++) sizes[d] = d == a || d == b ? size : x.size(next++);
        Tensor out = CreationOps.zeros(x.dtype(), x.device(), sizes);
        ViewOps.diagonal(out, offset, a, b).copy_(x);
        return out;
    }

    /** Implements {@code torch.trace}. */
    public static Tensor trace(Tensor x) {
        if (x.dim() != 2) {
            throw new CotangentException("trace: expected a matrix, but got tensor with dim " + x.dim());
        }
        Tensor out = ViewOps.diagonal(x.detach(), 0, 0, 1).sum();
        long[] sizes = Internals.layout(x).sizes();
        long size = Math.min(sizes[0], sizes[1]);
        return GradientRule.of("TraceBackward0", out)
                .input(
                        x,
                        g -> ViewOps.embed(
                                g.expand(size), "TraceBackwardBackward0", sizes, t -> ViewOps.diagonal(t, 0, 0, 1)))
                .done();
    }

    /** Implements {@code torch.select_scatter}. */
    public static Tensor selectScatter(Tensor x, Tensor src, int dim, long index) {
        return replaced(x, src, "SelectScatterBackward0", t -> ViewOps.select(t, dim, index));
    }

    /** Implements {@code torch.slice_scatter}. */
    public static Tensor sliceScatter(
            Tensor x, Tensor src, int dim, @Nullable Long start, @Nullable Long end, long step) {
        return replaced(x, src, "SliceScatterBackward0", t -> ViewOps.slice(t, dim, start, end, step));
    }

    /** Implements {@code torch.diagonal_scatter}. */
    public static Tensor diagonalScatter(Tensor x, Tensor src, long offset, int dim1, int dim2) {
        return replaced(x, src, "DiagonalScatterBackward0", t -> ViewOps.diagonal(t, offset, dim1, dim2));
    }

    /** Implements {@code torch.as_strided_scatter} on a row-major copy. */
    public static Tensor asStridedScatter(Tensor x, Tensor src, long[] size, long[] stride, @Nullable Long offset) {
        long start = offset == null ? 0 : offset;
        return replaced(x, src, "AsStridedScatterBackward0", t -> ViewOps.asStrided(t, size, stride, start));
    }

    /** Returns a copy whose part under a view is replaced. */
    private static Tensor replaced(Tensor x, Tensor src, String node, UnaryOperator<Tensor> view) {
        Tensor out = x.detach().contiguousCopy();
        Tensor part = view.apply(out);
        if (!part.shape().equals(src.shape())) {
            throw new CotangentException("expected src to have a size equal to a slice of self. src size = "
                    + Arrays.toString(Internals.layout(src).sizes()) + ", slice size = "
                    + Arrays.toString(Internals.layout(part).sizes()));
        }
        Transfers.copy(Internals.data(src), Internals.data(part));
        long[] sizes = Internals.layout(src).sizes();
        return GradientRule.of(node, out)
                .input(x, g -> replaced(g, CreationOps.zeros(g.dtype(), g.device(), sizes), node, view))
                .input(src, g -> view.apply(g.contiguous()))
                .done();
    }
}
