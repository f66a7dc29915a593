package dev.cotangent.internal.ops.linalg;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.backend.LapackRoutine;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.linalg.LdlFactorEx;
import java.util.Arrays;

/** Bunch-Kaufman factors of symmetric matrices. */
public final class LdlOps {
    private LdlOps() {}

    /**
     * Implements {@code torch.linalg.ldl_factor_ex}; throws a LinAlgException of a singular factor if
     * {@code checkErrors}.
     */
    public static LdlFactorEx ldlFactorEx(String op, Tensor a, boolean checkErrors) {
        Matrices.square("torch.linalg.ldl_factor_ex", a);
        Matrices.kernel("ldl_factor_kernel_cpu", a);
        Tensor ld = Matrices.copyColumns(a);
        long[] batch = Matrices.batch(a, 2);
        Tensor pivots = Matrices.codes(a, Matrices.sizes(batch, a.size(-1)));
        Tensor info = Matrices.codes(a, batch);
        Matrices.lapack(
                LapackRoutine.LDL,
                Matrices.operands(Matrices.matrices(ld), Matrices.vectors(pivots), Matrices.scalars(info)),
                false);
        if (checkErrors) {
            Matrices.checkCodes(
                    op,
                    info,
                    code -> "The factorization is complete, but the diagonal block " + code
                            + " of D is zero, so that it cannot be used for solving.");
        }
        GradientRule.of("torch::autograd::NotImplemented", ld, pivots, info)
                .add(a, (g, saved) -> {
                    throw new CotangentException("derivative for aten::linalg_ldl_factor_ex is not implemented");
                })
                .done();
        return new LdlFactorEx(ld, pivots, info);
    }

    /** Implements {@code torch.linalg.ldl_solve}. */
    public static Tensor ldlSolve(Tensor ld, Tensor pivots, Tensor b) {
        String op = "torch.linalg.ldl_solve";
        Matrices.square(op, ld);
        if (b.dim() < 2) {
            throw new CotangentException(
                    op + ": Expected B to have at least 2 dimensions, but it has " + b.dim() + " dimensions instead");
        }
        if (pivots.dim() == 0
                || !Arrays.equals(
                        Internals.layout(pivots).sizes(),
                        Arrays.copyOf(Internals.layout(ld).sizes(), ld.dim() - 1))) {
            throw new CotangentException(op
                    + ": Expected LD.shape[:-1] and pivots.shape to be the same, but got pivots with shape "
                    + Arrays.toString(Internals.layout(pivots).sizes()) + " instead");
        }
        if (pivots.dtype().isFloatingPoint() || pivots.dtype() == dev.cotangent.Dtype.BOOL) {
            throw new CotangentException(op + ": Expected pivots to be integers. Got "
                    + pivots.dtype().scalarName());
        }
        TriangularOps.checkOperands(op, b, ld);
        Matrices.kernel("ldl_solve_kernel_cpu", ld);
        Promotion.device(op, ld, pivots, b);
        long[] batch = Matrices.batch(ld, b);
        Tensor x = Matrices.copyColumns(Matrices.expand(b.detach(), batch));
        Tensor p = pivots.to(dev.cotangent.Dtype.INT32).expand(Matrices.sizes(batch, pivots.size(-1)));
        Matrices.lapack(
                LapackRoutine.LDL_SOLVE,
                Matrices.operands(
                        Matrices.matrices(Matrices.expand(ld.detach(), batch)),
                        Matrices.vectors(p),
                        Matrices.matrices(x)),
                false);
        GradientRule.RuleN none = (g, saved) -> {
            throw new CotangentException("derivative for aten::linalg_ldl_solve is not implemented");
        };
        return GradientRule.of("torch::autograd::NotImplemented", x)
                .add(ld, none)
                .none(pivots)
                .add(b, none)
                .done();
    }
}
