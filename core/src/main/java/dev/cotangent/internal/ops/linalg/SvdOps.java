package dev.cotangent.internal.ops.linalg;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.GradMode;
import dev.cotangent.backend.LapackRoutine;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.linalg.Eigh;
import dev.cotangent.linalg.Svd;
import org.jspecify.annotations.Nullable;

/** Singular values and vectors, and eigenvalues and eigenvectors of symmetric matrices. */
public final class SvdOps {
    static final int NOT_FINITE = -4;

    private SvdOps() {}

    /** {@code torch.linalg.svd}. */
    public static Svd svd(Tensor a, boolean fullMatrices) {
        return svd("linalg.svd", a, fullMatrices);
    }

    /** {@code torch.linalg.svdvals}. */
    public static Tensor svdvals(Tensor a) {
        return values("linalg.svd", a);
    }

    /** Returns singular values; their gradient needs the vectors as well. */
    static Tensor values(String op, Tensor a) {
        check(op, a);
        if (a.requiresGrad() && GradMode.isEnabled()) return svd(op, a, false).S();
        Tensor s = Matrices.unsetReal(a, Matrices.sizes(Matrices.batch(a, 2), Math.min(a.size(-2), a.size(-1))));
        Tensor info = Matrices.codes(a, Matrices.batch(a, 2));
        Matrices.lapack(
                LapackRoutine.SINGULAR_VALUES,
                Matrices.operands(Matrices.matrices(a.detach()), Matrices.vectors(s), Matrices.scalars(info)));
        converged(op, info);
        return s;
    }

    private static void check(String op, Tensor a) {
        Matrices.matrix(op, "A", a);
        if (!a.dtype().isDifferentiable()) Matrices.floating(op, a);
        Matrices.kernel("linalg_svd_cpu", a);
    }

    private static void converged(String op, Tensor info) {
        Matrices.checkCodes(
                op,
                info,
                code -> code == NOT_FINITE
                        ? "The algorithm failed to converge because the input matrix contained non-finite values."
                        : "The algorithm failed to converge because the input matrix is ill-conditioned or has too many"
                                + " repeated singular values (error code: " + code + ").");
    }

    private static Svd svd(String op, Tensor a, boolean full) {
        check(op, a);
        long m = a.size(-2);
        long n = a.size(-1);
        long k = Math.min(m, n);
        boolean empty = a.numel() == 0;
        Tensor u = empty && full ? Matrices.identities(a, m) : Matrices.columnsLike(a, m, full ? m : k);
        Tensor vh = empty && full ? Matrices.identities(a, n) : Matrices.columnsLike(a, full ? n : k, n);
        Tensor s = Matrices.unsetReal(a, Matrices.sizes(Matrices.batch(a, 2), k));
        Tensor info = Matrices.codes(a, Matrices.batch(a, 2));
        Matrices.lapack(
                LapackRoutine.SVD,
                Matrices.operands(
                        Matrices.matrices(a.detach()),
                        Matrices.matrices(u),
                        Matrices.vectors(s),
                        Matrices.matrices(vh),
                        Matrices.scalars(info)));
        converged(op, info);
        GradientRule.of("LinalgSvdBackward0", u, s, vh)
                .add(
                        a,
                        (g, kept) -> backward(
                                g[0] == null ? null : g[0].narrow(-1, 0, k),
                                g[1],
                                g[2] == null ? null : g[2].narrow(-2, 0, k),
                                kept[0].narrow(-1, 0, k),
                                kept[1],
                                kept[2].narrow(-2, 0, k)),
                        u,
                        s,
                        vh)
                .done();
        return new Svd(u, s, vh);
    }

    /** Townsend, "Differentiating the singular value decomposition", 2016. */
    private static @Nullable Tensor backward(
            @Nullable Tensor gu, @Nullable Tensor gs, @Nullable Tensor gvh, Tensor u, Tensor s, Tensor vh) {
        if (gu == null && gvh == null) {
            if (gs == null) return null;
            return u.size(-2) >= vh.size(-1)
                    ? u.matmul(Matrices.scaleRows(gs, vh))
                    : Matrices.scaleColumns(u, gs).matmul(vh);
        }
        long k = s.size(-1);
        Tensor gaps = s.unsqueeze(-2).sub(s.unsqueeze(-1)).mul(s.unsqueeze(-2).add(s.unsqueeze(-1)));
        Tensor eye = CreationOps.eye(k, k, s.dtype(), s.device());
        gaps = gaps.maskedFill(eye.gt(0), 1);
        Tensor inner = gs == null ? null : gs.diagEmbed(0, -2, -1);
        if (gu != null) {
            inner = sum(inner, Matrices.scaleColumns(skew(u.mH().matmul(gu)).div(gaps), s));
        }
        if (gvh != null) {
            inner = sum(inner, Matrices.scaleRows(s, skew(vh.matmul(gvh.mH())).div(gaps)));
        }
        if (gu != null && gvh != null && u.isComplex()) {
            // Vectors are unique up to a phase, on which a differentiable function does not depend.
            Tensor phases = skew(u.mH().matmul(gu)).diagonal(0, -2, -1);
            inner = inner.add(phases.div(s.mul(2)).diagEmbed(0, -2, -1));
        }
        Tensor ga = u.matmul(inner);
        if (gu != null && u.size(-2) > k) {
            ga = ga.add(gu.sub(u.matmul(u.mH().matmul(gu))).div(s.unsqueeze(-2)));
        }
        ga = ga.matmul(vh);
        if (gvh != null && vh.size(-1) > k) {
            ga = ga.add(u.matmul(gvh.sub(gvh.matmul(vh.mH()).matmul(vh)).div(s.unsqueeze(-1))));
        }
        return ga;
    }

    private static Tensor sum(@Nullable Tensor a, Tensor b) {
        return a == null ? b : a.add(b);
    }

    private static Tensor skew(Tensor x) {
        return x.sub(x.mH());
    }

    private static void checkSymmetric(Tensor a, boolean upper) {
        Matrices.square("linalg.eigh", a);
        Matrices.kernel("linalg_eigh_cpu", a);
    }

    /** {@code torch.linalg.eigh}, of the triangle that is named. */
    public static Eigh eigh(Tensor a, boolean upper) {
        checkSymmetric(a, upper);
        Tensor v = Matrices.copyColumns(a);
        Tensor w = Matrices.unsetReal(a, Matrices.sizes(Matrices.batch(a, 2), a.size(-1)));
        Tensor info = Matrices.codes(a, Matrices.batch(a, 2));
        Matrices.lapack(
                LapackRoutine.EIGH,
                Matrices.operands(Matrices.matrices(v), Matrices.vectors(w), Matrices.scalars(info)),
                upper);
        convergedSymmetric(info);
        GradientRule.of("LinalgEighBackward0", w, v)
                .add(a, (g, kept) -> eighBackward(g[0], g[1], kept[0], kept[1]), w, v)
                .done();
        return new Eigh(w, v);
    }

    private static void convergedSymmetric(Tensor info) {
        Matrices.checkCodes(
                "linalg.eigh",
                info,
                code -> "The algorithm failed to converge because the input matrix is ill-conditioned or has too many"
                        + " repeated eigenvalues (error code: " + code + ").");
    }

    /** {@code torch.linalg.eigvalsh}. */
    public static Tensor eigvalsh(Tensor a, boolean upper) {
        if (a.requiresGrad() && GradMode.isEnabled()) return eigh(a, upper).eigenvalues();
        checkSymmetric(a, upper);
        Tensor w = Matrices.unsetReal(a, Matrices.sizes(Matrices.batch(a, 2), a.size(-1)));
        Tensor info = Matrices.codes(a, Matrices.batch(a, 2));
        Matrices.lapack(
                LapackRoutine.EIGENVALUES,
                Matrices.operands(Matrices.matrices(a.detach()), Matrices.vectors(w), Matrices.scalars(info)),
                upper);
        convergedSymmetric(info);
        return w;
    }

    /** Giles, "Collected matrix derivative results", 2008. */
    private static @Nullable Tensor eighBackward(@Nullable Tensor gw, @Nullable Tensor gv, Tensor w, Tensor v) {
        if (gv == null) return gw == null ? null : Matrices.scaleColumns(v, gw).matmul(v.mH());
        Tensor diagonal =
                CreationOps.eye(w.size(-1), w.size(-1), w.dtype(), w.device()).gt(0);
        Tensor gaps = w.unsqueeze(-2).sub(w.unsqueeze(-1)).maskedFill(diagonal, 1);
        Tensor inner = v.mH().matmul(gv).div(gaps).maskedFill(diagonal, 0);
        if (gw != null) inner = inner.add(gw.diagEmbed(0, -2, -1));
        return v.matmul(inner).matmul(v.mH());
    }

    /** Throws PyTorch's error of {@code torch.svd} unless there are two dimensions. */
    public static void checkOld(Tensor a) {
        if (a.dim() < 2) {
            throw new CotangentException(
                    "linalg.svd: input should have at least 2 dimensions, but has " + a.dim() + " dimensions instead");
        }
    }
}
