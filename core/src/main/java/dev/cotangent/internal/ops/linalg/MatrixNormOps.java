package dev.cotangent.internal.ops.linalg;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.reduction.NormOps;
import dev.cotangent.linalg.InverseEx;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Norms of matrices, and condition numbers. */
public final class MatrixNormOps {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final String NORM = "linalg.norm: ";
    private static final String OP = "linalg.matrix_norm";
    private static final int[] LAST = {-2, -1};

    private MatrixNormOps() {}

    /** {@code torch.linalg.norm}, of vectors along one dimension and of matrices over two. */
    public static Tensor norm(
            Tensor x, @Nullable Object ord, int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype) {
        if (ord == null) return NormOps.vectorNorm(x, 2, dim, keepdim, dtype);
        if (dim == null) {
            if (x.dim() > 2) {
                throw new CotangentException(
                        NORM + "If dim is not specified but ord is, the input must be 1D or 2D. Got " + x.dim() + "D.");
            }
            if (ord instanceof Number p && x.dim() < 2) return NormOps.vectorNorm(x, p, null, keepdim, dtype);
            return matrixNorm(x, ord, LAST, keepdim, dtype);
        }
        if (ord instanceof Number p) {
            if (dim.length != 1 && dim.length != 2) {
                throw new CotangentException(
                        NORM + "If dim is specified, it must be of length 1 or 2. Got " + Arrays.toString(dim));
            }
            if (dim.length == 1) return NormOps.vectorNorm(x, p, dim, keepdim, dtype);
        }
        return matrixNorm(x, ord, dim, keepdim, dtype);
    }

    /** {@code torch.linalg.matrix_norm}; {@code ord} is a number, {@code "fro"} or {@code "nuc"}. */
    public static Tensor matrixNorm(Tensor x, Object ord, int[] dim, boolean keepdim, @Nullable Dtype dtype) {
        Matrices.matrix(OP, "A", x);
        if (!x.dtype().isDifferentiable()) Matrices.floating(OP, x);
        if (dim.length != 2) {
            throw new CotangentException(OP + ": dim must be a 2-tuple. Got "
                    + Arrays.stream(dim).mapToObj(Integer::toString).collect(Collectors.joining(" ")));
        }
        int rows = Broadcast.dim(dim[0], x.dim());
        int columns = Broadcast.dim(dim[1], x.dim());
        if (rows == columns) {
            throw new CotangentException(OP + ": dims must be different. Got (" + dim[0] + ", " + dim[1] + ")");
        }
        double p = order(ord);
        if (dtype != null) NormOps.checkType(OP, x, dtype);
        if (p == FRO) return NormOps.vectorNorm(x, 2, dim, keepdim, dtype);
        double size = Math.abs(p);
        if (size == 2) Matrices.floating(OP, x);
        Tensor a = dtype == null ? x : x.to(dtype);
        return size == 2 ? bySingularValues(a, p, ord, rows, columns, keepdim) : bySums(a, p, rows, columns, keepdim);
    }

    private static final double FRO = 0;

    /** Returns the order as a number: 0 for {@code "fro"}, 2 for {@code "nuc"} too. */
    private static double order(Object ord) {
        if (ord.equals("fro")) return FRO;
        if (ord.equals("nuc")) return 2;
        double p = ord instanceof Number n ? n.doubleValue() : Double.NaN;
        double size = Math.abs(p);
        if (size == 1 || size == 2 || size == INF) return p;
        throw new CotangentException(OP + ": Order " + text(ord) + " not supported.");
    }

    private static String text(Object ord) {
        return ord instanceof Number n && n.doubleValue() == Math.rint(n.doubleValue())
                ? Long.toString(n.longValue())
                : ord.toString();
    }

    private static Tensor bySingularValues(Tensor a, double p, Object ord, int rows, int columns, boolean keepdim) {
        Tensor s = SvdOps.values("linalg.svd", a.movedim(new int[] {rows, columns}, LAST));
        Tensor out;
        if (ord.equals("nuc") || s.size(-1) == 0 && p > 0) out = s.sum(-1);
        else out = p > 0 ? s.amax(-1, false) : s.amin(-1, false);
        if (!keepdim) return out;
        return out.unsqueeze(Math.min(rows, columns)).unsqueeze(Math.max(rows, columns));
    }

    private static Tensor bySums(Tensor a, double p, int rows, int columns, boolean keepdim) {
        boolean one = Math.abs(p) == 1;
        int summed = one ? rows : columns;
        int other = one ? columns : rows;
        Tensor sums = NormOps.vectorNorm(a, 1, new int[] {summed}, keepdim, null);
        int left = !keepdim && summed < other ? other - 1 : other;
        // The largest of no sums is 0.
        if (p > 0 && sums.size(left) == 0) return sums.sum(left, keepdim);
        return p > 0 ? sums.amax(left, keepdim) : sums.amin(left, keepdim);
    }

    /** {@code torch.linalg.cond}; null is the order 2. */
    public static Tensor cond(Tensor a, @Nullable Object p) {
        if (a.dim() < 2) throw new CotangentException("linalg.cond: The input tensor must have at least 2 dimensions.");
        boolean named = p instanceof String;
        double size = p instanceof Number n ? Math.abs(n.doubleValue()) : p == null ? 2 : 0;
        if (size == 2) {
            if (a.numel() == 0) return CreationOps.zeros(a.dtype().realType(), a.device(), Matrices.batch(a, 2));
            Tensor s = SvdOps.svdvals(a);
            Tensor largest = s.narrow(-1, 0, 1);
            Tensor smallest = s.narrow(-1, s.size(-1) - 1, 1);
            boolean inverse = p instanceof Number n && n.doubleValue() < 0;
            return (inverse ? smallest.div(largest) : largest.div(smallest)).squeeze(-1);
        }
        if (p == null || !(named ? p.equals("fro") || p.equals("nuc") : size == 1 || size == INF)) {
            throw new CotangentException("linalg.cond got an invalid norm type: " + (p == null ? "None" : text(p)));
        }
        Matrices.square("linalg.cond(ord=" + text(p) + ")", a);
        if (a.numel() == 0) return CreationOps.zeros(a.dtype().realType(), a.device(), Matrices.batch(a, 2));
        if (p.equals("nuc")) {
            Tensor s = SvdOps.svdvals(a);
            return s.sum(-1).mul(s.reciprocal().sum(-1));
        }
        InverseEx inverse = SolveOps.invEx(a, false);
        Tensor singular = inverse.info().gt(0).unsqueeze(-1).unsqueeze(-1);
        Tensor there = inverse.inverse().maskedFill(singular, INF);
        return matrixNorm(a, p, LAST, false, null)
                .mul(matrixNorm(there, p, LAST, false, null))
                .nanToNum(INF, INF, -INF);
    }

    /** Returns the Frobenius or the nuclear norm; {@code torch.norm} with a name. */
    public static Tensor namedNorm(Tensor x, String p, int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype) {
        if (!p.equals("fro") && !p.equals("nuc")) {
            throw new CotangentException("only valid string values are 'fro' and 'nuc', found " + p);
        }
        boolean fro = p.equals("fro");
        if (dtype != null) {
            throw new ValueException("dtype argument is not supported in " + (fro ? "frobenius" : "nuclear") + " norm");
        }
        if (!fro) return matrixNorm(x, "nuc", dim == null ? allDims(x) : dim, keepdim, null);
        if (dim != null && dim.length > 2) {
            throw new CotangentException(
                    "Expected at most 2 dimensions, but got " + dim.length + " dimensions instead.");
        }
        return NormOps.norm(x, 2, dim, keepdim, null);
    }

    private static int[] allDims(Tensor x) {
        int[] dims = new int[x.dim()];
        for (int d = 0; d < dims.length; d++) dims[d] = d;
        return dims;
    }
}
