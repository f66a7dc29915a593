package dev.cotangent.internal.ops.linalg;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.backend.LapackRoutine;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.linalg.TriangularSolve;

/** Equations with triangular matrices. */
public final class TriangularOps {
    private TriangularOps() {}

    /** Solves {@code op(a) x = b} into {@code x}, which holds b; not recorded. */
    static void solveInto(Tensor a, Tensor x, boolean upper, boolean transposed, boolean unit) {
        Matrices.lapack(
                LapackRoutine.TRIANGULAR_SOLVE,
                Matrices.operands(Matrices.matrices(a), Matrices.matrices(x)),
                upper,
                transposed,
                unit);
    }

    /** Implements {@code torch.linalg.solve_triangular}. */
    public static Tensor solveTriangular(Tensor a, Tensor b, boolean upper, boolean left, boolean unit) {
        String op = "linalg.solve_triangular";
        Matrices.square(op, a);
        Matrices.matrix(op, "B", b);
        Matrices.sameType(op, a, b);
        Matrices.solvable(op, a, b, left);
        Matrices.kernel("triangular_solve_cpu", a);
        Promotion.device(op, a, b);
        long[] batch = Matrices.batch(a, b);
        Tensor f = Matrices.expand(a.detach(), batch);
        Tensor x = Matrices.copyColumns(
                Matrices.expand(left || !a.isComplex() ? b.detach() : b.detach().mH(), batch));
        if (left) {
            solveInto(f, x, upper, false, unit);
        } else if (!a.isComplex()) {
            solveInto(f, x.mT(), upper, true, unit);
        } else {
            solveInto(f, x, upper, true, unit);
            x = x.mH().clone();
        }
        return GradientRule.of("LinalgSolveTriangularBackward0", x)
                .input(a, a, x, (g, saved, out) -> {
                    Tensor gb = solveTriangular(saved.mH(), g, !upper, left, unit);
                    Tensor ga = (left ? gb.matmul(out.mH()) : out.mH().matmul(gb)).neg();
                    return upper ? ga.triu(unit ? 1 : 0) : ga.tril(unit ? -1 : 0);
                })
                .input(b, a, (g, saved) -> solveTriangular(saved.mH(), g, !upper, left, unit))
                .done();
    }

    /** Throws the errors of {@code torch.triangular_solve} and {@code torch.cholesky_solve}. */
    static void checkOperands(String op, Tensor b, Tensor a) {
        if (a.dtype() != b.dtype()) {
            throw new CotangentException("Expected b and A to have the same dtype, but found b of type "
                    + b.dtype().scalarName() + " and A of type " + a.dtype().scalarName() + " instead.");
        }
        Matrices.squareSizes("", a);
        if (a.size(-2) != b.size(-2)) {
            throw new CotangentException("Incompatible matrix sizes for " + op + ": each A matrix is " + a.size(-1)
                    + " by " + a.size(-1) + " but each b matrix is " + b.size(-2) + " by " + b.size(-1));
        }
    }

    /** Implements {@code torch.triangular_solve}. */
    public static TriangularSolve triangularSolve(Tensor b, Tensor a, boolean upper, boolean transpose, boolean unit) {
        for (Tensor t : new Tensor[] {b, a}) {
            if (t.dim() < 2) {
                throw new CotangentException("torch.triangular_solve: Expected " + (t == b ? "b" : "A")
                        + " to have at least 2 dimensions, but it has " + t.dim() + " dimensions instead");
            }
        }
        checkOperands("triangular_solve", b, a);
        Matrices.kernel("triangular_solve_cpu", a);
        Promotion.device("triangular_solve", a, b);
        long[] batch = Matrices.batch(a, b);
        Tensor x = Matrices.copyColumns(Matrices.expand(b.detach(), batch));
        Tensor copy = Matrices.copyColumns(Matrices.expand(a.detach(), batch));
        // LAPACK's routines for complex numbers are called with adjoints alone.
        boolean conjugates = transpose && a.isComplex();
        if (conjugates) x.conjPhysical_();
        solveInto(copy, x, upper, transpose, unit);
        if (conjugates) x = x.conjPhysical();
        GradientRule.of("TriangularSolveBackward0", x, copy)
                .add(
                        b,
                        (g, saved) -> g[0] == null
                                ? null
                                : triangularSolve(g[0], saved[0].conj(), upper, !transpose, unit)
                                        .solution(),
                        a)
                .add(
                        a,
                        (g, saved) -> {
                            if (g[0] == null) return g[1];
                            Tensor gb = triangularSolve(g[0], saved[0].conj(), upper, !transpose, unit)
                                    .solution();
                            Tensor ga = (transpose ? saved[1].conj().matmul(gb.mT()) : gb.matmul(saved[1].mH())).neg();
                            ga = upper ? ga.triu(unit ? 1 : 0) : ga.tril(unit ? -1 : 0);
                            return g[1] == null ? ga : ga.add(g[1]);
                        },
                        a,
                        x)
                .done();
        return new TriangularSolve(x, copy);
    }
}
