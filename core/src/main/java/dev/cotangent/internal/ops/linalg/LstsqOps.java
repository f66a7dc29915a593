package dev.cotangent.internal.ops.linalg;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.linalg.Eigh;
import dev.cotangent.linalg.Lstsq;
import dev.cotangent.linalg.LstsqDriver;
import dev.cotangent.linalg.LstsqOptions;
import dev.cotangent.linalg.Qr;
import dev.cotangent.linalg.QrMode;
import dev.cotangent.linalg.Svd;
import dev.cotangent.linalg.ToleranceOptions;
import org.jspecify.annotations.Nullable;

/** Pseudo-inverses, ranks and least squares. */
public final class LstsqOps {
    private LstsqOps() {}

    /** Returns the distance from 1 to the next larger number. */
    static double epsilon(Dtype dtype) {
        return dtype.realType() == Dtype.FLOAT64 ? 0x1p-52 : 0x1p-23;
    }

    private static Tensor tolerance(@Nullable Object value, Tensor a) {
        return value instanceof Tensor t
                ? t
                : CreationOps.full(a.dtype().realType(), a.device(), value == null ? 0 : value);
    }

    /** Returns below which singular values count as 0, given the largest ones, of the same rank. */
    private static Tensor threshold(ToleranceOptions options, Tensor a, Tensor largest, boolean unsqueeze) {
        Tensor atol = tolerance(options.atol(), a);
        double usual = epsilon(a.dtype()) * Math.max(a.size(-2), a.size(-1));
        Tensor rtol;
        if (options.rtol() != null) rtol = tolerance(options.rtol(), a);
        else if (options.atol() == null) rtol = tolerance(usual, a);
        else rtol = atol.gt(0).logicalNot().to(a.dtype().realType()).mul(usual);
        if (unsqueeze) {
            atol = atol.unsqueeze(-1);
            rtol = rtol.unsqueeze(-1);
        }
        return atol.maximum(rtol.mul(largest));
    }

    private static void checkPinv(Tensor a) {
        if (a.dim() >= 2 && Matrices.isSupported(a)) return;
        String sizes = java.util.Arrays.toString(Internals.layout(a).sizes());
        throw new CotangentException("linalg.pinv(" + a.dtype().scalarName() + "{" + sizes
                + "}): expected a tensor with 2 or more dimensions of float, double, cfloat or cdouble types");
    }

    /** Implements {@code torch.linalg.pinv}. */
    public static Tensor pinv(Tensor a, ToleranceOptions options) {
        checkPinv(a);
        Tensor x = a.detach();
        Tensor out;
        if (x.numel() == 0) {
            out = Matrices.unset(a, Matrices.sizes(Matrices.batch(a, 2), a.size(-1), a.size(-2)));
        } else if (options.hermitian()) {
            Eigh f = SvdOps.eigh(x, false);
            Tensor sizes = f.eigenvalues().abs();
            Tensor nonzero = sizes.gt(threshold(options, x, sizes.amax(-1, true), true));
            Tensor inverses = f.eigenvalues().reciprocal().where(nonzero, 0);
            out = Matrices.scaleColumns(f.eigenvectors(), inverses)
                    .matmul(f.eigenvectors().mH());
        } else {
            Svd f = SvdOps.svd(x, false);
            Tensor nonzero = f.S().gt(threshold(options, x, f.S().narrow(-1, 0, 1), true));
            Tensor inverses = f.S().reciprocal().where(nonzero, 0);
            out = Matrices.scaleColumns(f.Vh().mH(), inverses).matmul(f.U().mH());
        }
        return GradientRule.of("LinalgPinvBackward0", out)
                .input(a, a, out, (g, saved, inverse) -> pinvBackward(g, inverse, saved))
                .done();
    }

    /** Computes the gradient by Golub and Pereyra, "The differentiation of pseudo-inverses", 1973. */
    private static Tensor pinvBackward(Tensor g, Tensor p, Tensor a) {
        Tensor pt = p.mH();
        Tensor gt = g.mH();
        if (a.size(-2) <= a.size(-1)) {
            Tensor k = gt.matmul(p);
            Tensor kp = k.matmul(pt);
            return kp.sub(p.matmul(k).mH())
                    .sub(a.matmul(p).matmul(kp))
                    .add(pt.matmul(p).matmul(gt.sub(k.matmul(a))));
        }
        Tensor k = p.matmul(gt);
        Tensor pk = pt.matmul(k);
        return pk.sub(k.matmul(p).mH())
                .add(gt.sub(a.matmul(k)).matmul(p).matmul(pt))
                .sub(pk.matmul(p).matmul(a));
    }

    /** Implements {@code torch.linalg.matrix_rank}. */
    public static Tensor matrixRank(Tensor a, ToleranceOptions options) {
        Matrices.matrix("torch.linalg.matrix_rank", "input", a);
        if (!Matrices.isSupported(a)) {
            throw new CotangentException("This function doesn't handle types other than float and double");
        }
        if (a.numel() == 0) {
            return CreationOps.zeros(Dtype.INT64, a.device(), Matrices.batch(a, 2));
        }
        Tensor x = a.detach();
        Tensor s = options.hermitian() ? SvdOps.eigvalsh(x, false).abs() : SvdOps.svdvals(x);
        Tensor least = threshold(options, x, s.amax(-1, false), false);
        return s.gt(least.unsqueeze(-1)).sum(-1);
    }

    /** Implements {@code torch.linalg.lstsq}. */
    public static Lstsq lstsq(Tensor a, Tensor b, LstsqOptions options) {
        String op = "torch.linalg.lstsq";
        if (a.dim() < 2) throw new CotangentException(op + ": input must have at least 2 dimensions.");
        if (b.dim() < 1) throw new CotangentException(op + ": other must have at least 1 dimension.");
        if (a.dtype() != b.dtype()) {
            throw new CotangentException(op
                    + ": Expected input and other to have the same dtype, but got input's dtype "
                    + a.dtype().scalarName() + " and other's dtype " + b.dtype().scalarName());
        }
        Promotion.device(op, a, b);
        boolean vectors = Matrices.areVectors(a, b);
        Tensor right = vectors ? b.detach().unsqueeze(-1) : b.detach();
        if (a.size(-2) != right.size(-2)) {
            throw new CotangentException(op
                    + (vectors
                            ? ": input.size(-2) should match other.size(-1)"
                            : ": input.size(-2) should match other.size(-2)"));
        }
        if (!Matrices.isSupported(a)) {
            throw new CotangentException("This function doesn't handle types other than float and double");
        }
        long[] batch = Matrices.batch(a, right);
        Tensor x = Matrices.expand(a.detach(), batch);
        right = Matrices.expand(right, batch);
        LstsqDriver driver = options.driver();
        long m = x.size(-2);
        long n = x.size(-1);
        double rcond = options.rcond() == null ? epsilon(x.dtype()) * Math.max(m, n) : options.rcond();
        Tensor rank = CreationOps.zeros(Dtype.INT64, x.device(), 0);
        Tensor values = Matrices.unsetReal(x, 0);
        Tensor solution;
        if (driver == LstsqDriver.GELS && x.numel() > 0) {
            solution = byQr(x, right);
        } else {
            Svd f = SvdOps.svd(x, false);
            Tensor nonzero = x.numel() == 0
                    ? f.S().gt(0)
                    : f.S().gt(f.S().narrow(-1, 0, 1).mul(rcond));
            Tensor inverses = f.S().reciprocal().where(nonzero, 0);
            solution =
                    f.Vh().mH().matmul(Matrices.scaleRows(inverses, f.U().mH().matmul(right)));
            if (driver != LstsqDriver.GELS) rank = nonzero.sum(-1);
            if (driver == LstsqDriver.GELSD || driver == LstsqDriver.GELSS) values = f.S();
        }
        solution = Matrices.copyColumns(solution);
        Tensor residuals = Matrices.unsetReal(x, 0);
        boolean full = driver == LstsqDriver.GELS || rank.eq(n).all().itemBoolean();
        if (m > n && driver != LstsqDriver.GELSY && full) {
            Tensor rest = x.matmul(solution).sub(right);
            residuals = (rest.isComplex() ? rest.abs() : rest).square().sum(-2);
        }
        Tensor result = vectors ? solution.squeeze(-1) : solution;
        GradientRule.of("LinalgLstsqBackward0", result, residuals)
                .add(a, (g, saved) -> backward(g, saved, vectors)[0], a, b, result)
                .add(b, (g, saved) -> backward(g, saved, vectors)[1], a, b, result)
                .done();
        return new Lstsq(result, residuals, rank, values);
    }

    private static Tensor byQr(Tensor a, Tensor b) {
        if (a.size(-2) >= a.size(-1)) {
            Qr f = QrOps.qr(a, QrMode.REDUCED);
            return TriangularOps.solveTriangular(f.R(), f.Q().mH().matmul(b), true, true, false);
        }
        Qr f = QrOps.qr(a.mH(), QrMode.REDUCED);
        return f.Q().matmul(TriangularOps.solveTriangular(f.R().mH(), b, false, true, false));
    }

    /** Computes the gradients: of the solution through the pseudo-inverse, of the residuals directly. */
    private static @Nullable Tensor[] backward(@Nullable Tensor[] g, Tensor[] saved, boolean vectors) {
        Tensor a = saved[0];
        Tensor b = vectors ? saved[1].unsqueeze(-1) : saved[1];
        Tensor x = vectors ? saved[2].unsqueeze(-1) : saved[2];
        Tensor ga = null;
        Tensor gb = null;
        if (g[0] != null) {
            Tensor gx = vectors ? g[0].unsqueeze(-1) : g[0];
            Tensor p = pinv(a, new ToleranceOptions(null, null, false));
            ga = pinvBackward(gx.matmul(b.mH()), p, a);
            gb = p.mH().matmul(gx);
        }
        Tensor gr = g[1];
        if (gr != null && gr.numel() > 0) {
            Tensor twice = a.matmul(x).sub(b).mul(gr.unsqueeze(-2)).mul(2);
            Tensor more = twice.matmul(x.mH());
            ga = ga == null ? more : ga.add(more);
            gb = gb == null ? twice.neg() : gb.sub(twice);
        }
        return new Tensor[] {ga, gb == null || !vectors ? gb : gb.squeeze(-1)};
    }
}
