package dev.cotangent.internal.ops.movement;

import dev.cotangent.CotangentException;
import dev.cotangent.Shape;
import dev.cotangent.Tensor;
import dev.cotangent.Warnings;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.backend.Transfers;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.Broadcast;
import java.util.Arrays;

/** Shape operations that PyTorch, too, composes of views. */
public final class ShapeOps {
    private ShapeOps() {}

    /** Implements {@code torch.flatten}. */
    public static Tensor flatten(Tensor x, int startDim, int endDim) {
        int from = Broadcast.dim(startDim, x.dim());
        int to = Broadcast.dim(endDim, x.dim());
        if (from > to) throw new CotangentException("flatten() has invalid args: start_dim cannot come after end_dim");
        if (x.dim() == 0) return x.reshape(1);
        if (from == to) return x;
        long[] sizes = Internals.layout(x).sizes();
        long[] flat = new long[x.dim() - (to - from)];
        System.arraycopy(sizes, 0, flat, 0, from);
        flat[from] = 1;
        for (int d = from; d <= to; d++) flat[from] *= sizes[d];
        System.arraycopy(sizes, to + 1, flat, from + 1, x.dim() - to - 1);
        return x.reshape(flat);
    }

    /** Implements {@code torch.unflatten}. */
    public static Tensor unflatten(Tensor x, int dim, long... sizes) {
        int d = Broadcast.dim(dim, x.dim());
        if (sizes.length == 0) throw new CotangentException("unflatten: sizes must be non-empty");
        long whole = x.dim() == 0 ? 1 : x.size(d);
        long product = 1;
        boolean open = false;
        for (long s : sizes) {
            open |= s == -1;
            product *= s;
        }
        if (open ? product == 0 || whole % product != 0 : product != whole) {
            throw new CotangentException("unflatten: Provided sizes " + Arrays.toString(sizes)
                    + " don't multiply up to the size of dim " + d + " (" + whole + ") in the input tensor");
        }
        long[] parts = open ? ViewOps.infer(sizes, whole) : sizes;
        long[] shape = new long[Math.max(x.dim(), 1) - 1 + parts.length];
        for (int i = 0; i < d; i++) shape[i] = x.size(i);
        System.arraycopy(parts, 0, shape, d, parts.length);
        for (int i = d + 1; i < x.dim(); i++) shape[i - 1 + parts.length] = x.size(i);
        return x.view(shape);
    }

    /** Implements {@code torch.movedim}. */
    public static Tensor movedim(Tensor x, int[] source, int[] destination) {
        if (source.length != destination.length) {
            throw new CotangentException("movedim: Invalid source or destination dims: source ("
                    + Arrays.toString(source) + " dims) should contain the same number of dims as destination ("
                    + Arrays.toString(destination) + " dims)");
        }
        int rank = x.dim();
        int[] from = wrap(source, rank);
        int[] to = wrap(destination, rank);
        checkOnce(from, source, "source");
        checkOnce(to, destination, "destination");
        if (rank == 0) return ViewOps.alias(x);
        int[] order = new int[rank];
        Arrays.fill(order, -1);
        boolean[] moved = new boolean[rank];
        for (int i = 0; i < from.length; i++) {
            order[to[i]] = from[i];
            moved[from[i]] = true;
        }
        int next = 0;
        for (int d = 0; d < rank; d++) {
            if (order[d] >= 0) continue;
            while (moved[next]) next++;
            order[d] = next++;
        }
        return x.permute(order);
    }

    private static int[] wrap(int[] dims, int rank) {
        int[] wrapped = new int[dims.length];
        for (int i = 0; i < wrapped.length; i++) wrapped[i] = Broadcast.dim(dims[i], rank);
        return wrapped;
    }

    private static void checkOnce(int[] wrapped, int[] dims, String what) {
        if (Arrays.stream(wrapped).distinct().count() < wrapped.length) {
            throw new CotangentException("movedim: repeated dim in `" + what + "` (" + Arrays.toString(dims) + ")");
        }
    }

    /** Implements {@code torch.Tensor.T}. */
    public static Tensor reversed(Tensor x) {
        int rank = x.dim();
        if (rank != 2) {
            Warnings.warn(
                    "The use of `x.T` on tensors of dimension other than 2 to reverse their shape is deprecated and it"
                        + " will throw an error in a future release. Consider `x.mT` to transpose batches of matrices"
                        + " or `x.permute(*torch.arange(x.ndim - 1, -1, -1))` to reverse the dimensions of a tensor."
                        + " In Java: mT() or permute(...).");
        }
        int[] order = new int[rank];
        for (int d = 0; d < rank; d++) order[d] = rank - 1 - d;
        return x.permute(order);
    }

    /** Implements {@code torch.Tensor.mT} and {@code mH}, named by the error message: swaps the last two dimensions. */
    public static Tensor matrixTransposed(Tensor x, String name) {
        if (x.dim() == 0) return name.equals("mH") ? x.conj() : x;
        if (x.dim() == 1) {
            throw new CotangentException(
                    "tensor." + name + " is only supported on matrices or batches of matrices. Got 1-D tensor.");
        }
        Tensor transposed = x.transpose(-2, -1);
        return name.equals("mH") ? transposed.conj() : transposed;
    }

    /** Implements {@code torch.Tensor.H}. */
    public static Tensor hermitian(Tensor x) {
        if (x.dim() == 0) return x.conj();
        if (x.dim() != 2) {
            throw new CotangentException("tensor.H is only supported on matrices (2-D tensors). Got " + x.dim()
                    + "-D tensor." + (x.dim() > 2 ? " For batches of matrices, consider using tensor.mH" : ""));
        }
        return x.transpose(0, 1).conj();
    }

    /** Implements {@code torch.atleast_1d}, {@code atleast_2d} and {@code atleast_3d}. */
    public static Tensor atLeast(int rank, Tensor x) {
        return switch (rank) {
            case 1 -> x.dim() == 0 ? x.reshape(1) : x;
            case 2 -> x.dim() == 0 ? x.reshape(1, 1) : x.dim() == 1 ? x.unsqueeze(0) : x;
            default ->
                switch (x.dim()) {
                    case 0 -> x.reshape(1, 1, 1);
                    case 1 -> x.unsqueeze(0).unsqueeze(-1);
                    case 2 -> x.unsqueeze(-1);
                    default -> x;
                };
        };
    }

    /** Implements {@code torch.Tensor.resize_}: new elements are zero. */
    public static Tensor resize(Tensor self, long... sizes) {
        if (self.requiresGrad()) throw new CotangentException("cannot resize variables that require grad");
        Layout layout = Layout.of(
                Shape.of(sizes).toArray(),
                Layout.rowMajor(sizes),
                Internals.layout(self).offset());
        if (layout.numel() > 0 && layout.storageSpan() > Internals.data(self).capacity()) {
            Strided larger = Strided.zeros(Internals.backend(self), self.dtype(), layout);
            Layout all = Layout.contiguous(Internals.data(self).capacity());
            Transfers.copy(Internals.data(self).with(all), larger.with(all));
            self.setData(Internals.wrap(larger));
        } else {
            self.setData(Internals.viewOf(self, layout));
        }
        return self;
    }
}
