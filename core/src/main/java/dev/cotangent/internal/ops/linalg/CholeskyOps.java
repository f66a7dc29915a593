package dev.cotangent.internal.ops.linalg;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.backend.LapackRoutine;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.linalg.CholeskyEx;

/** Cholesky factors, and what is solved by them. */
public final class CholeskyOps {
    private CholeskyOps() {}

    /** {@code torch.linalg.cholesky}. */
    public static Tensor cholesky(Tensor a, boolean upper) {
        return checked("linalg.cholesky", factor("linalg.cholesky", a, upper));
    }

    /** {@code torch.linalg.cholesky_ex}. */
    public static CholeskyEx choleskyEx(Tensor a, boolean upper, boolean checkErrors) {
        CholeskyEx out = factor("linalg.cholesky", a, upper);
        if (checkErrors) checked("linalg.cholesky_ex", out);
        return out;
    }

    private static CholeskyEx factor(String op, Tensor a, boolean upper) {
        Matrices.square(op, a);
        if (!a.dtype().isDifferentiable()) Matrices.floating(op, a);
        return factor("LinalgCholeskyExBackward0", "cholesky_cpu", a, upper);
    }

    private static Tensor checked(String op, CholeskyEx factor) {
        Matrices.checkCodes(
                op,
                factor.info(),
                code -> "The factorization could not be completed because the input is not positive-definite (the"
                        + " leading minor of order " + code + " is not positive-definite).");
        return factor.L();
    }

    private static CholeskyEx factor(String node, String kernel, Tensor a, boolean upper) {
        Matrices.kernel(kernel, a);
        Tensor l = Matrices.copyColumns(a);
        Tensor info = Matrices.codes(a, Matrices.batch(a, 2));
        Matrices.lapack(LapackRoutine.CHOLESKY, Matrices.operands(Matrices.matrices(l), Matrices.scalars(info)), upper);
        GradientRule.of(node, l, info)
                .add(a, (g, kept) -> g[0] == null ? null : backward(g[0], kept[0], upper), l)
                .done();
        return new CholeskyEx(l, info);
    }

    /** Computes {@code L^-T S L^-1}, S being {@code L^T g} made symmetric from its lower triangle; Murray, arXiv:1602.07527. */
    private static Tensor backward(Tensor g, Tensor factor, boolean upper) {
        Tensor l = upper ? factor.mH() : factor;
        Tensor phi = l.mH().matmul(upper ? g.mH() : g).tril();
        Tensor s = phi.add(phi.tril(-1).mH()).mul(0.5);
        s = TriangularOps.solveTriangular(l, s, false, false, false);
        return TriangularOps.solveTriangular(l.mH(), s, true, true, false);
    }

    /** {@code torch.cholesky}. */
    public static Tensor choleskyOld(Tensor a, boolean upper) {
        Matrices.square("cholesky", a);
        return checked("cholesky", factor("CholeskyBackward0", "cholesky_cpu", a, upper));
    }

    /** {@code torch.cholesky_solve}: {@code (L L^T)^-1 b}. */
    public static Tensor choleskySolve(Tensor b, Tensor factor, boolean upper) {
        if (b.dim() < 2) {
            throw new CotangentException(
                    "b should have at least 2 dimensions, but has " + b.dim() + " dimensions instead");
        }
        if (factor.dim() < 2) {
            throw new CotangentException(
                    "u should have at least 2 dimensions, but has " + factor.dim() + " dimensions instead");
        }
        TriangularOps.checkOperands("cholesky_solve", b, factor);
        Matrices.kernel("cholesky_solve_cpu", b);
        Promotion.device("cholesky_solve", b, factor);
        long[] batch = Matrices.batch(factor, b);
        Tensor x = Matrices.copyColumns(Matrices.expand(b.detach(), batch));
        Tensor f = Matrices.expand(factor.detach(), batch);
        TriangularOps.solveInto(f, x, upper, upper, false);
        TriangularOps.solveInto(f, x, upper, !upper, false);
        return GradientRule.of("CholeskySolveBackward0", x)
                .input(b, factor, (g, kept) -> choleskySolve(g, kept, upper))
                .input(factor, factor, x, (g, kept, out) -> {
                    Tensor common = choleskySolve(g, kept, upper).matmul(out.mH());
                    common = common.add(common.mH());
                    return (upper ? kept.matmul(common) : common.matmul(kept)).neg();
                })
                .done();
    }

    /** {@code torch.cholesky_inverse}: {@code (L L^T)^-1}. */
    public static Tensor choleskyInverse(Tensor factor, boolean upper) {
        Matrices.square("cholesky_inverse", factor);
        Matrices.kernel("cholesky_inverse_out_cpu", factor);
        Tensor zeros = factor.detach().diagonal(0, -2, -1).eq(0);
        if (zeros.any().itemBoolean()) {
            Tensor first = zeros.cumsum(-1)
                    .eq(0)
                    .sum(-1)
                    .add(1)
                    .where(zeros.any(-1, false), 0)
                    .to(dev.cotangent.Dtype.INT32);
            Matrices.checkCodes(
                    "cholesky_inverse",
                    first,
                    code -> "The diagonal element " + code
                            + " is zero, the inversion could not be completed because the input matrix is singular.");
        }
        Tensor x = Matrices.identities(factor, factor.size(-1));
        Tensor f = factor.detach();
        TriangularOps.solveInto(f, x, upper, upper, false);
        TriangularOps.solveInto(f, x, upper, !upper, false);
        return GradientRule.of("CholeskyInverseBackward0", x)
                .input(factor, factor, x, (g, kept, out) -> {
                    Tensor common = out.matmul(g.add(g.mH()).matmul(out));
                    return (upper ? kept.matmul(common) : common.matmul(kept)).neg();
                })
                .done();
    }
}
