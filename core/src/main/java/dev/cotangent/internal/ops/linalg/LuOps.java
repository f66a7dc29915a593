package dev.cotangent.internal.ops.linalg;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.backend.LapackRoutine;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.movement.ComplexViews;
import dev.cotangent.internal.ops.movement.HostOps;
import dev.cotangent.linalg.Lu;
import dev.cotangent.linalg.LuFactorEx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** LU factors with partial pivoting and solutions by them. */
public final class LuOps {
    private LuOps() {}

    /** Factorizes without recording. */
    static LuFactorEx factor(Tensor a) {
        Tensor lu = Matrices.copyColumns(a);
        long[] batch = Matrices.batch(a, 2);
        Tensor pivots = Matrices.codes(a, Matrices.sizes(batch, Math.min(a.size(-2), a.size(-1))));
        Tensor info = Matrices.codes(a, batch);
        Matrices.lapack(
                LapackRoutine.LU,
                Matrices.operands(Matrices.matrices(lu), Matrices.vectors(pivots), Matrices.scalars(info)));
        return new LuFactorEx(lu, pivots, info);
    }

    private static void checkFactor(Tensor a, boolean pivot) {
        if (a.dim() < 2) {
            throw new CotangentException("torch.lu_factor: Expected tensor with 2 or more dimensions. Got size: "
                    + Arrays.toString(Internals.layout(a).sizes()) + " instead");
        }
        if (!pivot) throw new CotangentException("linalg.lu_factor: LU without pivoting is not implemented on the CPU");
        Matrices.kernel("lu_cpu", a);
    }

    /** Implements {@code torch.linalg.lu_factor_ex}; an error names {@code op}, null for none. */
    public static LuFactorEx luFactorEx(Tensor a, boolean pivot, @Nullable String op) {
        checkFactor(a, pivot);
        LuFactorEx out = factor(a);
        if (op != null) {
            String failure = Matrices.failure(
                    op,
                    out.info(),
                    code -> "U[" + code + "," + code + "] is zero and using it on lu_solve would result in a division"
                            + " by zero. If you still want to perform the factorization, consider calling linalg.lu(A,"
                            + " pivot) or linalg.lu_factor_ex(A, pivot)");
            if (failure != null) throw new CotangentException(failure);
        }
        GradientRule.of("LinalgLuFactorExBackward0", out.LU(), out.pivots(), out.info())
                .add(
                        a,
                        (g, saved) -> g[0] == null ? null : factorBackward(g[0], saved[0], saved[1]),
                        out.LU(),
                        out.pivots())
                .done();
        return out;
    }

    private static Tensor factorBackward(Tensor g, Tensor lu, Tensor pivots) {
        Lu f = luUnpack(lu, pivots, true, true);
        long k = Math.min(lu.size(-2), lu.size(-1));
        return backward(g.narrow(-1, 0, k).tril(-1), g.narrow(-2, 0, k).triu(), f.P(), f.L(), f.U());
    }

    /** Implements {@code torch.linalg.lu}. */
    public static Lu lu(Tensor a, boolean pivot) {
        checkFactor(a, pivot);
        LuFactorEx factor = factor(a);
        Lu out = unpack(factor.LU(), factor.pivots(), true, true);
        GradientRule.of("LinalgLuBackward0", out.P(), out.L(), out.U())
                .add(
                        a,
                        (g, saved) -> g[1] == null && g[2] == null
                                ? null
                                : backward(
                                        g[1] == null ? saved[1].zerosLike() : g[1],
                                        g[2] == null ? saved[2].zerosLike() : g[2],
                                        saved[0],
                                        saved[1],
                                        saved[2]),
                        out.P(),
                        out.L(),
                        out.U())
                .done();
        // Permutations are no function of the matrix that has a gradient.
        return new Lu(out.P().detach(), out.L(), out.U());
    }

    /**
     * Derives the gradient from {@code P^T dA = dL U + L dU}: with {@code M = L^-1 P^T dA U^-1} of the leading square,
     * dL is L times M's strictly lower triangle, and dU its upper triangle times U.
     */
    private static Tensor backward(Tensor gl, Tensor gu, Tensor p, Tensor l, Tensor u) {
        long m = l.size(-2);
        long n = u.size(-1);
        long k = Math.min(m, n);
        Tensor l1 = l.narrow(-2, 0, k);
        Tensor u1 = u.narrow(-1, 0, k);
        Tensor lower = l1.mH().matmul(gl.narrow(-2, 0, k));
        Tensor upper = gu.narrow(-1, 0, k).matmul(u1.mH());
        Tensor restColumns = null;
        Tensor restRows = null;
        if (n > k) {
            restColumns = gu.narrow(-1, k, n - k);
            lower = lower.sub(restColumns.matmul(u.narrow(-1, k, n - k).mH()));
        }
        if (m > k) {
            restRows = gl.narrow(-2, k, m - k);
            upper = upper.sub(l.narrow(-2, k, m - k).mH().matmul(restRows));
            restRows = TriangularOps.solveTriangular(u1.mH(), restRows, false, false, false);
        }
        Tensor ga = TriangularOps.solveTriangular(u1.mH(), lower.tril(-1).add(upper.triu()), false, false, false);
        if (restColumns != null) ga = Tensors.cat(List.of(ga, restColumns), -1);
        ga = TriangularOps.solveTriangular(l1.mH(), ga, true, true, true);
        if (restRows != null) ga = Tensors.cat(List.of(ga, restRows), -2);
        return p.matmul(ga);
    }

    /** Implements {@code torch.lu_unpack}. */
    public static Lu luUnpack(Tensor lu, Tensor pivots, boolean data, boolean permutations) {
        if (lu.dim() < 2) {
            throw new CotangentException("torch.lu_unpack: Expected tensor with 2 or more dimensions. Got size: "
                    + Arrays.toString(Internals.layout(lu).sizes()) + " instead");
        }
        if (permutations && pivots.dtype() != Dtype.INT32) {
            throw new CotangentException(
                    "torch.lu_unpack: LU_pivots is expected to be a contiguous tensor of torch.int32"
                            + " dtype.\nNote: this function is intended to be used with the output produced by"
                            + " torch.linalg.lu_factor");
        }
        Lu out = unpack(lu, pivots, data, permutations);
        long m = lu.size(-2);
        long n = lu.size(-1);
        GradientRule.of("LuUnpackBackward0", out.P(), out.L(), out.U())
                .add(lu, (g, saved) -> unpackBackward(g[1], g[2], m, n))
                .done();
        return new Lu(out.P().detach(), out.L(), out.U());
    }

    private static @Nullable Tensor unpackBackward(@Nullable Tensor gl, @Nullable Tensor gu, long m, long n) {
        Tensor lower = gl == null ? null : padded(gl.tril(-1), n, -1);
        Tensor upper = gu == null ? null : padded(gu.triu(), m, -2);
        return lower == null ? upper : upper == null ? lower : lower.add(upper);
    }

    private static Tensor padded(Tensor x, long size, int dim) {
        long missing = size - x.size(dim);
        if (missing == 0) return x;
        long[] sizes = Internals.layout(x).sizes().clone();
        sizes[sizes.length + dim] = missing;
        return Tensors.cat(List.of(x, CreationOps.zeros(x.dtype(), x.device(), sizes)), dim);
    }

    /** Unpacks factors, not recorded. */
    private static Lu unpack(Tensor factors, Tensor pivots, boolean data, boolean permutations) {
        Tensor lu = factors.detach();
        long m = lu.size(-2);
        long n = lu.size(-1);
        long k = Math.min(m, n);
        Tensor none = Matrices.unset(lu, 0);
        Tensor p = permutations ? permutations(lu, pivots.detach()) : none;
        if (!data) return new Lu(p, Matrices.unset(lu, 0), Matrices.unset(lu, 0));
        Tensor l = lu.narrow(-1, 0, k).tril(-1);
        l = l.add(CreationOps.eye(m, k, lu.dtype(), lu.device()));
        return new Lu(p, l, lu.narrow(-2, 0, k).triu().contiguous());
    }

    /** Returns the permutation matrices that swaps of rows make. */
    private static Tensor permutations(Tensor lu, Tensor pivots) {
        int m = Math.toIntExact(lu.size(-2));
        int k = Math.toIntExact(pivots.size(-1));
        long[] batch = Matrices.batch(lu, 2);
        int[] swaps = HostOps.ints(pivots);
        int count = k == 0 ? (int) Arrays.stream(batch).reduce(1, (a, b) -> a * b) : swaps.length / k;
        long[] rows = new long[count * m];
        for (int b = 0; b < count; b++) {
            for (int i = 0; i < m; i++) rows[b * m + i] = i;
            for (int i = 0; i < k; i++) {
                int with = swaps[b * k + i] - 1;
                if (with < 0 || with >= m) {
                    throw new CotangentException(
                            "pivots passed to lu_unpack must be between 1 and LU.size(-2) inclusive.Did you properly"
                                    + " pass the result of lu_factor?");
                }
                if (i >= m) continue;
                long row = rows[b * m + i];
                rows[b * m + i] = rows[b * m + with];
                rows[b * m + with] = row;
            }
        }
        Tensor places = Tensors.tensor(rows).to(lu.device()).reshape(Matrices.sizes(batch, 1, m));
        Tensor out = CreationOps.zeros(lu.dtype(), lu.device(), Matrices.sizes(batch, m, m));
        return m == 0 || out.numel() == 0 ? out : out.scatter_(-2, places, 1);
    }

    /** Solves with factors, not recorded: {@code op(A) x = b}, or {@code x op(A) = b}. */
    static Tensor solve(Tensor lu, Tensor pivots, Tensor b, boolean left, boolean adjoint) {
        long[] batch = Matrices.batch(lu, b);
        Tensor x = Matrices.copyColumns(
                Matrices.expand(left ? b.detach() : b.detach().mH(), batch));
        Tensor f = Matrices.expand(lu.detach(), batch);
        Tensor p = pivots.expand(Matrices.sizes(batch, pivots.size(-1)));
        Matrices.lapack(
                LapackRoutine.LU_SOLVE,
                Matrices.operands(Matrices.matrices(f), Matrices.vectors(p), Matrices.matrices(x)),
                left == adjoint);
        return left ? x : ComplexViews.resolveConj(x.mH());
    }

    /** Implements {@code torch.linalg.lu_solve}. */
    public static Tensor luSolve(Tensor lu, Tensor pivots, Tensor b, boolean left, boolean adjoint) {
        String op = "linalg.lu_solve";
        if (!lu.dtype().isDifferentiable()) Matrices.floating("torch." + op, lu);
        if (pivots.dtype() != Dtype.INT32) {
            throw new CotangentException(op + ": pivots should be a Tensor of scalar type torch.int32");
        }
        if (lu.dtype() != b.dtype()) {
            throw new CotangentException(op + ": Expected LU and B to have the same dtype, but found LU of type "
                    + lu.dtype().scalarName() + " and B of type " + b.dtype().scalarName() + " instead");
        }
        Matrices.square("torch." + op, lu);
        Matrices.matrix(op, "B", b);
        Matrices.solvable(op, lu, b, left);
        if (pivots.dim() == 0 || lu.size(-1) != pivots.size(-1)) {
            throw new CotangentException(
                    op + ": Number of pivots per batch should be same as the dimension of the matrix");
        }
        if (!Arrays.equals(Matrices.batch(lu, 2), Matrices.batch(pivots, 1))) {
            throw new CotangentException(op + ": Expected LU.shape[:-1] and pivots.shape to be the same, but got pivots"
                    + " with shape " + Arrays.toString(Internals.layout(pivots).sizes()) + " instead");
        }
        Promotion.device(op, lu, pivots, b);
        Matrices.kernel("lu_solve_cpu", lu);
        Tensor x = solve(lu, pivots, b, left, adjoint);
        GradientRule.of("LinalgLuSolveBackward0", x)
                .add(
                        lu,
                        (g, saved) ->
                                g[0] == null ? null : solveBackward(g[0], saved[0], saved[1], saved[2], left, adjoint),
                        lu,
                        pivots,
                        x)
                .none(pivots)
                .add(
                        b,
                        (g, saved) -> g[0] == null ? null : luSolve(saved[0], saved[1], g[0], left, !adjoint),
                        lu,
                        pivots)
                .done();
        return x;
    }

    /** Computes the gradients from that of the product P L U. */
    private static Tensor solveBackward(Tensor g, Tensor lu, Tensor pivots, Tensor x, boolean left, boolean adjoint) {
        Tensor gb = luSolve(lu, pivots, g, left, !adjoint);
        Tensor ga = (left ? gb.matmul(x.mH()) : x.mH().matmul(gb)).neg();
        if (adjoint) ga = ga.mH();
        Lu f = luUnpack(lu, pivots, true, true);
        Tensor permuted = f.P().mH().matmul(ga);
        return permuted.matmul(f.U().mH())
                .tril(-1)
                .add(f.L().mH().matmul(permuted).triu());
    }

    /** Returns the signs of the permutations that swaps of rows make. */
    static Tensor signs(LuFactorEx factor, Dtype dtype) {
        int k = Math.toIntExact(factor.pivots().size(-1));
        int[] swaps = HostOps.ints(factor.pivots());
        long[] batch = Matrices.batch(factor.pivots(), 1);
        int count = Math.toIntExact(factor.info().numel());
        List<Double> signs = new ArrayList<>();
        for (int b = 0; b < count; b++) {
            int sign = 1;
            for (int i = 0; i < k; i++) if (swaps[b * k + i] != i + 1) sign = -sign;
            signs.add((double) sign);
        }
        double[] values = signs.stream().mapToDouble(Double::doubleValue).toArray();
        return Tensors.tensor(values).to(factor.LU().device(), dtype).reshape(batch);
    }
}
