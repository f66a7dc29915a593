package dev.cotangent.internal.ops.linalg;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.linalg.Eig;
import org.jspecify.annotations.Nullable;

/** Eigenvalues and eigenvectors of square matrices, which are complex. */
public final class EigOps {
    private EigOps() {}

    private static Tensor[] compute(Tensor a) {
        Matrices.square("linalg.eig", a);
        Matrices.floating("linalg.eig", a);
        Tensor x = a.detach();
        if (!x.abs().isfinite().all().itemBoolean()) {
            throw new CotangentException("torch.linalg.eig: input tensor should not contain infs or NaNs.");
        }
        Tensor[] out = ComplexLapack.eig(x.to(x.dtype().complexType()));
        Matrices.checkCodes(
                "linalg.eig",
                out[2],
                code -> "The algorithm failed to converge because the input matrix is ill-conditioned"
                        + " or has too many repeated eigenvalues.");
        return out;
    }

    /** Implements {@code torch.linalg.eig}. */
    public static Eig eig(Tensor a) {
        Tensor[] out = compute(a);
        GradientRule.of("LinalgEigBackward0", out[0], out[1])
                .add(a, (g, saved) -> backward(g[0], g[1], saved[0], saved[1]), out[0], out[1])
                .done();
        return new Eig(out[0], out[1]);
    }

    /** Implements {@code torch.linalg.eigvals}. */
    public static Tensor eigvals(Tensor a) {
        return eig(a).eigenvalues();
    }

    /** Computes the gradient after Boeddeker, Hanebrink et al., "On the computation of complex-valued gradients", 2017, for vectors of unit length. */
    private static @Nullable Tensor backward(@Nullable Tensor gw, @Nullable Tensor gv, Tensor w, Tensor v) {
        Tensor adjoint = v.mH();
        if (gv == null) {
            if (gw == null) return null;
            return SolveOps.solve(adjoint, Matrices.scaleRows(gw, adjoint), true);
        }
        Tensor diagonal = CreationOps.eye(w.size(-1), w.size(-1), w.dtype().realType(), w.device())
                .gt(0);
        Tensor along = adjoint.matmul(gv);
        Tensor scaled = Matrices.scaleColumns(
                adjoint.matmul(v), along.diagonal(0, -2, -1).real());
        Tensor gaps = w.unsqueeze(-2).sub(w.unsqueeze(-1)).conj().maskedFill(diagonal, 1);
        Tensor inner = along.sub(scaled).div(gaps).maskedFill(diagonal, 0);
        if (gw != null) inner = inner.add(gw.diagEmbed(0, -2, -1));
        return SolveOps.solve(adjoint, inner.matmul(adjoint), true);
    }
}
