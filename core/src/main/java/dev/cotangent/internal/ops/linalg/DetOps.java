package dev.cotangent.internal.ops.linalg;

import dev.cotangent.Complex;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.autograd.GradMode;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.linalg.LuFactorEx;
import dev.cotangent.linalg.Slogdet;
import dev.cotangent.linalg.Svd;
import org.jspecify.annotations.Nullable;

/** Determinants. */
public final class DetOps {
    private DetOps() {}

    private static void check(String op, Tensor a) {
        Matrices.square(op, a);
        Matrices.floating(op, a);
    }

    /** {@code torch.linalg.det}. */
    public static Tensor det(Tensor a) {
        check("linalg.det", a);
        LuFactorEx factor = LuOps.factor(a.detach());
        Tensor out = factor.LU().diagonal(0, -2, -1).prod(-1).mul(LuOps.signs(factor, a.dtype()));
        return GradientRule.of("LinalgDetBackward0", out)
                .add(
                        a,
                        (g, kept) -> g[0] == null ? null : backward(g[0], kept[0], kept[1], kept[2], kept[3]),
                        a,
                        out,
                        factor.LU(),
                        factor.pivots())
                .done();
    }

    /** {@code g * det(A) A^-T}, or by singular values where a matrix has no inverse. */
    private static Tensor backward(Tensor g, Tensor a, Tensor det, Tensor lu, Tensor pivots) {
        // A single element is its own determinant.
        if (a.size(-1) == 1) return g.unsqueeze(-1).unsqueeze(-1);
        Tensor zero = lu.diagonal(0, -2, -1).eq(0).any();
        if (zero.itemBoolean()) return g.unsqueeze(-1).unsqueeze(-1).mul(cofactors(a));
        Tensor diagonal = g.mul(det.conj()).unsqueeze(-1).expand(Matrices.sizes(Matrices.batch(a, 2), a.size(-1)));
        return solve(a, lu, pivots, diagonal.diagEmbed(0, -2, -1));
    }

    /** Solves {@code A^T x = b}; by the factors at hand unless it is to be differentiated again. */
    private static Tensor solve(Tensor a, Tensor lu, Tensor pivots, Tensor b) {
        return GradMode.isEnabled() ? SolveOps.solve(a.mH(), b, true) : LuOps.solve(lu, pivots, b, true, true);
    }

    /** Returns {@code det(U V^T) * U diag(products of all other singular values) V^T}. */
    private static Tensor cofactors(Tensor a) {
        Svd f = SvdOps.svd(a, false);
        long n = a.size(-1);
        Tensor eye = CreationOps.eye(n, n, a.dtype(), a.device());
        Tensor others = f.S().unsqueeze(-2).mul(eye.rsub(1)).add(eye).prod(-1);
        Tensor sign = det(f.U().matmul(f.Vh())).conj().unsqueeze(-1).unsqueeze(-1);
        return Matrices.scaleColumns(f.U(), others).matmul(f.Vh()).mul(sign);
    }

    /** {@code torch.linalg.slogdet}. */
    public static Slogdet slogdet(Tensor a) {
        return slogdet("linalg.slogdet", a);
    }

    private static Slogdet slogdet(String op, Tensor a) {
        check(op, a);
        LuFactorEx factor = LuOps.factor(a.detach());
        Tensor diagonal = factor.LU().diagonal(0, -2, -1);
        Tensor sign = diagonal.sgn().prod(-1).mul(LuOps.signs(factor, a.dtype()));
        Tensor log = diagonal.abs().log().sum(-1);
        GradientRule.of("LinalgSlogdetBackward0", sign, log)
                .add(
                        a,
                        (g, kept) -> {
                            Tensor ofLog = logGradient(g[0], g[1], kept[3]);
                            if (ofLog == null) return g[0] == null ? null : kept[0].zerosLike();
                            long[] sizes = Matrices.sizes(Matrices.batch(kept[0], 2), kept[0].size(-1));
                            Tensor diagonals = ofLog.unsqueeze(-1).expand(sizes).diagEmbed(0, -2, -1);
                            return solve(kept[0], kept[1], kept[2], diagonals.to(kept[0].dtype()));
                        },
                        a,
                        factor.LU(),
                        factor.pivots(),
                        sign)
                .done();
        return new Slogdet(sign, log);
    }

    /** Returns the gradient of the logarithm, whose real part is {@code log} and whose imaginary part the angle of {@code sign}. */
    private static @Nullable Tensor logGradient(@Nullable Tensor ofSign, @Nullable Tensor ofLog, Tensor sign) {
        if (ofSign == null || !sign.isComplex()) return ofLog;
        Tensor ofAngle = ofSign.conj().mul(sign).imag().mul(Complex.of(0, -1));
        return ofLog == null ? ofAngle : ofAngle.add(ofLog);
    }

    /** {@code torch.logdet}. */
    public static Tensor logdet(Tensor a) {
        Slogdet out = slogdet("logdet", a);
        if (a.isComplex()) return out.sign().log().add(out.logabsdet());
        return Tensors.where(out.sign().eq(-1), Double.NaN, out.logabsdet());
    }
}
