package dev.cotangent.internal.ops.linalg;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.GradMode;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.linalg.InverseEx;
import dev.cotangent.linalg.LuFactorEx;
import dev.cotangent.linalg.SolveEx;
import java.util.Arrays;

/** Solutions of linear equations, and inverses. */
public final class SolveOps {
    private SolveOps() {}

    /** Implements {@code torch.linalg.solve}. */
    public static Tensor solve(Tensor a, Tensor b, boolean left) {
        SolveEx out = solveEx("linalg.solve", a, b, left);
        checkSolved("torch.linalg.solve", out);
        return out.result();
    }

    /** Implements {@code torch.linalg.solve_ex}. */
    public static SolveEx solveEx(Tensor a, Tensor b, boolean left, boolean checkErrors) {
        SolveEx out = solveEx("linalg.solve", a, b, left);
        if (checkErrors) checkSolved("linalg.solve_ex", out);
        return out;
    }

    private static void checkSolved(String op, SolveEx out) {
        Matrices.checkCodes(op, out.info(), code -> "The solver failed because the input matrix is singular.");
    }

    private static SolveEx solveEx(String op, Tensor a, Tensor b, boolean left) {
        Matrices.square(op, a);
        Matrices.floating(op, a);
        Matrices.sameType(op, a, b);
        Promotion.device(op, a, b);
        boolean vectors = Matrices.areVectors(a, b);
        if (vectors && !left) {
            throw new CotangentException(
                    op + ": Vector broadcasting of the left hand side is not supported for left=False. In this case"
                            + " linalg.solve is equivalent to B / A.squeeze(-1)");
        }
        Tensor columns = vectors ? b.detach().unsqueeze(-1) : b.detach();
        Matrices.matrix(op, "B", columns);
        Matrices.solvable(op, a, columns, left);
        // One vector for all matrices, or one for each.
        LuFactorEx factor = LuOps.factor(Matrices.expand(a.detach(), Matrices.batch(a, columns)));
        Tensor solution = LuOps.solve(factor.LU(), factor.pivots(), columns, left, false);
        Tensor x = vectors ? solution.squeeze(-1) : solution;
        GradientRule.of("LinalgSolveExBackward0", x, factor.info())
                .add(
                        a,
                        (g, saved) -> {
                            if (g[0] == null) return null;
                            Tensor gb = backward(g[0], saved, left, vectors);
                            Tensor rows = (vectors ? saved[1].unsqueeze(-1) : saved[1]).mH();
                            Tensor columnsOf = vectors ? gb.unsqueeze(-1) : gb;
                            return (left ? columnsOf.matmul(rows) : rows.matmul(columnsOf)).neg();
                        },
                        a,
                        x,
                        factor.LU(),
                        factor.pivots())
                .add(
                        b,
                        (g, saved) -> g[0] == null ? null : backward(g[0], saved, left, vectors),
                        a,
                        x,
                        factor.LU(),
                        factor.pivots())
                .done();
        return new SolveEx(x, factor.info());
    }

    /** Computes the gradient of the right-hand side, from the saved factors unless it is differentiated again. */
    private static Tensor backward(Tensor g, Tensor[] saved, boolean left, boolean vectors) {
        Tensor columns = vectors ? g.unsqueeze(-1) : g;
        Tensor out;
        if (GradMode.isEnabled())
            out = solveEx("linalg.solve", saved[0].mH(), columns, left).result();
        else out = LuOps.solve(saved[2], saved[3], columns, left, true);
        return vectors ? out.squeeze(-1) : out;
    }

    /** Implements {@code torch.linalg.inv}. */
    public static Tensor inv(Tensor a) {
        return checked("linalg.inv", invEx("linalg.inv", a));
    }

    /** Implements {@code torch.linalg.inv_ex}. */
    public static InverseEx invEx(Tensor a, boolean checkErrors) {
        InverseEx out = invEx("linalg.inv", a);
        if (checkErrors) checked("linalg.inv_ex", out);
        return out;
    }

    private static Tensor checked(String op, InverseEx out) {
        Matrices.checkCodes(
                op,
                out.info(),
                code -> "The diagonal element " + code
                        + " is zero, the inversion could not be completed because the input matrix is singular.");
        return out.inverse();
    }

    private static InverseEx invEx(String op, Tensor a) {
        Matrices.square(op, a);
        Matrices.floating(op, a);
        LuFactorEx factor = LuOps.factor(a.detach());
        Tensor eye = CreationOps.eye(a.size(-1), a.size(-1), a.dtype(), a.device());
        Tensor x = LuOps.solve(factor.LU(), factor.pivots(), eye, true, false);
        GradientRule.of("LinalgInvExBackward0", x, factor.info())
                .add(
                        a,
                        (g, saved) -> g[0] == null
                                ? null
                                : saved[0].mH()
                                        .matmul(g[0].matmul(saved[0].mH()))
                                        .neg(),
                        x)
                .done();
        return new InverseEx(x, factor.info());
    }

    /** Implements {@code torch.linalg.tensorinv}. */
    public static Tensor tensorinv(Tensor a, int ind) {
        if (ind <= 0) throw new CotangentException("Expected a strictly positive integer for 'ind', but got " + ind);
        long[] sizes = Internals.layout(a).sizes();
        int split = Math.min(ind, sizes.length);
        long[] first = Arrays.copyOf(sizes, split);
        long[] last = Arrays.copyOfRange(sizes, split, sizes.length);
        long rows = product(first);
        long columns = product(last);
        if (rows != columns) {
            throw new CotangentException("Expected self to satisfy the requirement prod(self.shape[ind:]) =="
                    + " prod(self.shape[:ind]), but got " + columns + " != " + rows);
        }
        Tensor inverse = checked("inv", invEx("linalg.inv", a.reshape(columns, rows)));
        return inverse.reshape(Matrices.sizes(last, first));
    }

    /** Implements {@code torch.linalg.tensorsolve}; {@code dims} are moved to the end first. */
    public static Tensor tensorsolve(Tensor a, Tensor b, int[] dims) {
        Tensor moved = a;
        if (dims.length > 0) {
            int[] ends = new int[dims.length];
            for (int i = 0; i < ends.length; i++) ends[i] = a.dim() - dims.length + i;
            moved = a.movedim(dims, ends);
        }
        long[] sizes = Internals.layout(moved).sizes();
        int split = Math.min(b.dim(), sizes.length);
        long[] first = Arrays.copyOf(sizes, split);
        long[] last = Arrays.copyOfRange(sizes, split, sizes.length);
        long rows = product(first);
        long columns = product(last);
        if (rows != columns) {
            throw new CotangentException("Expected self to satisfy the requirement prod(self.shape[other.ndim:]) =="
                    + " prod(self.shape[:other.ndim]), but got " + columns + " != " + rows);
        }
        Tensor x = solve(moved.reshape(columns, columns), b.flatten(), true);
        return x.reshape(last);
    }

    private static long product(long[] sizes) {
        long n = 1;
        for (long s : sizes) n *= s;
        return n;
    }
}
