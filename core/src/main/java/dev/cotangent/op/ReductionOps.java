package dev.cotangent.op;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Grad;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Strided;
import dev.cotangent.program.Exprs;
import dev.cotangent.program.Program;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reductions over some or all dimensions. */
public final class ReductionOps {
    private static final long[] NONE = {};

    private ReductionOps() {}

    /** Which dimensions are meant, as flags; null or none means all. PyTorch's errors for those out of range or twice. */
    static boolean[] dims(long @Nullable [] dims, int rank) {
        boolean[] reduced = new boolean[Math.max(rank, 1)];
        if (dims == null || dims.length == 0) {
            java.util.Arrays.fill(reduced, true);
            return reduced;
        }
        for (long dim : dims) {
            int d = Broadcast.dim(dim, rank);
            if (reduced[d]) throw new CotangentException("dim " + d + " appears multiple times in the list of dims");
            reduced[d] = true;
        }
        return reduced;
    }

    /** The shape with reduced dimensions of size 1. */
    static long[] kept(Tensor x, boolean[] reduced) {
        long[] sizes = x.layout().sizes().clone();
        for (int d = 0; d < sizes.length; d++) if (reduced[d]) sizes[d] = 1;
        return sizes;
    }

    /** The shape without the reduced dimensions. */
    static long[] dropped(Tensor x, boolean[] reduced) {
        long[] sizes = x.layout().sizes();
        int n = 0;
        long[] out = new long[sizes.length];
        for (int d = 0; d < sizes.length; d++) if (!reduced[d]) out[n++] = sizes[d];
        return java.util.Arrays.copyOf(out, n);
    }

    /** A reduction, not recorded: the elements are converted to {@code compute} first, the result to {@code result}. */
    static Tensor reduce(Reduction kind, Tensor x, boolean[] reduced, boolean keepDims, Dtype compute, Dtype result) {
        Layout kept = Layout.contiguous(kept(x, reduced));
        Strided out = new Strided(x.backend().allocate(result, kept.numel()), kept);
        Exprs e = new Exprs();
        Program program = x.dtype() == compute
                ? Program.identity(compute)
                : new Program(List.of(x.dtype()), List.of(), List.of(e.input(0, x.dtype()).cast(compute)));
        if (kept.numel() > 0) x.backend().reduce(kind, program, out, new Strided[] {x.strided()}, NONE);
        return Tensor.wrap(keepDims ? out : out.with(Layout.contiguous(dropped(x, reduced))));
    }

    /** {@code torch.sum} over all dimensions. */
    public static Tensor sum(Tensor x, @Nullable Dtype dtype) {
        return sum(x, null, false, dtype, "SumBackward0");
    }

    /** {@code torch.sum} over some dimensions. */
    public static Tensor sum(Tensor x, long @Nullable [] dims, boolean keepDims, @Nullable Dtype dtype) {
        return sum(x, dims, keepDims, dtype, "SumBackward1");
    }

    private static Tensor sum(Tensor x, long @Nullable [] dims, boolean keepDims, @Nullable Dtype dtype, String node) {
        boolean[] reduced = dims(dims, x.dim());
        Dtype result = dtype == null ? x.dtype().sumType() : dtype;
        Tensor out = reduce(Reduction.SUM, x, reduced, keepDims, result, result);
        long[] sizes = x.layout().sizes();
        long[] kept = kept(x, reduced);
        Dtype type = x.dtype();
        return Grad.of(node, out)
                .input(x, g -> g.reshape(kept).expand(sizes).to(type))
                .done();
    }

    /** {@code torch.any} and {@code torch.all}: uint8 for uint8, else bool. */
    public static Tensor truth(Reduction kind, Tensor x, long @Nullable [] dims, boolean keepDims) {
        Tensor out = reduce(kind, x, dims(dims, x.dim()), keepDims, x.dtype().computeType(), Dtype.BOOL);
        return x.dtype() == Dtype.UINT8 ? out.to(Dtype.UINT8) : out;
    }

    /** The gradient of something that was broadcast: summed back to the shape it had. */
    public static Tensor sumToSize(Tensor x, long... sizes) {
        if (java.util.Arrays.equals(sizes, x.layout().sizes())) return x;
        int lead = x.dim() - sizes.length;
        boolean fits = lead >= 0;
        int n = 0;
        long[] dims = new long[x.dim()];
        for (int d = 0; fits && d < x.dim(); d++) {
            if (d < lead || (sizes[d - lead] == 1 && x.size(d) != 1)) dims[n++] = d;
            else fits = sizes[d - lead] == x.size(d);
        }
        if (!fits) {
            throw new CotangentException("size {" + list(sizes) + "} is not expandable to size {" + list(x.layout().sizes()) + "}.");
        }
        Tensor sum = n == 0 ? x : sum(x, java.util.Arrays.copyOf(dims, n), true, null);
        return lead == 0 ? sum : sum.view(sizes);
    }

    private static String list(long[] sizes) {
        String text = java.util.Arrays.toString(sizes);
        return text.substring(1, text.length() - 1);
    }
}
