package dev.cotangent.internal.ops.linalg;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.UnsupportedException;
import dev.cotangent.backend.LapackRoutine;
import dev.cotangent.backend.Transfers;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.linalg.Geqrf;
import dev.cotangent.linalg.Qr;
import dev.cotangent.linalg.QrMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** QR factors, and products of Householder reflectors. */
public final class QrOps {
    private QrOps() {}

    /** Factors packed as LAPACK does, not recorded. */
    private static Geqrf factor(Tensor a) {
        Tensor packed = Matrices.copyColumns(a);
        Tensor tau = CreationOps.zeros(
                a.dtype(), a.device(), Matrices.sizes(Matrices.batch(a, 2), Math.min(a.size(-2), a.size(-1))));
        Matrices.lapack(LapackRoutine.QR, Matrices.operands(Matrices.matrices(packed), Matrices.vectors(tau)));
        return new Geqrf(packed, tau);
    }

    /** Implements {@code torch.geqrf}. */
    public static Geqrf geqrf(Tensor a) {
        if (a.dim() < 2) throw new CotangentException("torch.geqrf: input must have at least 2 dimensions.");
        Matrices.kernel("geqrf_cpu", a);
        Geqrf out = factor(a.detach());
        GradientRule.of("GeqrfBackward0", out.a(), out.tau())
                .add(a, (g, saved) -> {
                    throw new UnsupportedException("the derivative for 'geqrf' is not implemented.");
                })
                .done();
        return out;
    }

    /** Implements {@code torch.linalg.qr}. */
    public static Qr qr(Tensor a, QrMode mode) {
        Matrices.matrix("linalg.qr", "A", a);
        if (!a.dtype().isDifferentiable()) Matrices.floating("linalg.qr", a);
        Matrices.kernel("geqrf_cpu", a);
        long m = a.size(-2);
        long n = a.size(-1);
        long k = Math.min(m, n);
        Geqrf f = factor(a.detach());
        long rows = mode == QrMode.COMPLETE ? m : k;
        Tensor r = Matrices.copyColumns(f.a().narrow(-2, 0, rows).triu());
        Tensor q = mode == QrMode.R ? Matrices.unset(a, 0) : product(f, rows);
        GradientRule.of("LinalgQrBackward0", q, r)
                .add(
                        a,
                        (g, saved) ->
                                g[0] == null && g[1] == null ? null : backward(g[0], g[1], saved[0], saved[1], mode),
                        q,
                        r)
                .done();
        return new Qr(q, r);
    }

    /** Returns the first columns of the product of a factor's reflectors. */
    private static Tensor product(Geqrf f, long columns) {
        Tensor q = Matrices.columnsLike(f.a(), f.a().size(-2), columns);
        long shared = Math.min(columns, f.a().size(-1));
        if (shared < columns) q = Matrices.identities(f.a(), columns);
        Transfers.copy(Internals.data(f.a().narrow(-1, 0, shared)), Internals.data(q.narrow(-1, 0, shared)));
        reflect(q, f.tau());
        return q;
    }

    private static void reflect(Tensor q, Tensor tau) {
        Matrices.lapack(
                LapackRoutine.HOUSEHOLDER_PRODUCT, Matrices.operands(Matrices.matrices(q), Matrices.vectors(tau)));
    }

    /**
     * Computes the gradient by Walter and Lehmann, "Algorithmic differentiation of linear algebra functions", 2012; of
     * a wide matrix by its square part.
     */
    private static @Nullable Tensor backward(
            @Nullable Tensor gq, @Nullable Tensor gr, Tensor q, Tensor r, QrMode mode) {
        if (mode == QrMode.R) {
            throw new CotangentException(
                    "The derivative of linalg.qr depends on Q, which is not computed when mode='r'. Please use"
                            + " linalg.qr(A, mode='reduced') if you are going to differentiate through linalg.qr."
                            + " In Java: Linalg.qr(a)");
        }
        long n = r.size(-1);
        long k = r.size(-2);
        if (mode == QrMode.COMPLETE && k > n) {
            throw new CotangentException(
                    "The QR decomposition is not differentiable when mode='complete' and nrows > ncols.");
        }
        Tensor square = r;
        Tensor rest = null;
        if (n > k) {
            square = r.narrow(-1, 0, k);
            if (gr != null) {
                Tensor more = gr.narrow(-1, k, n - k);
                rest = q.matmul(more);
                Tensor through = q.matmul(r.narrow(-1, k, n - k)).matmul(more.mH());
                gq = gq == null ? through : gq.add(through);
                gr = gr.narrow(-1, 0, k);
            } else {
                rest = Matrices.expand(
                        CreationOps.zeros(q.dtype(), q.device(), q.size(-2), n - k), Matrices.batch(q, 2));
            }
        }
        Tensor inner = gr == null ? null : gr.matmul(square.mH());
        if (gq != null) {
            Tensor turn = q.mH().matmul(gq);
            inner = inner == null ? turn.neg() : inner.sub(turn);
        }
        if (inner == null) return null;
        Tensor upper = inner.triu();
        Tensor symmetric =
                upper.add(upper.mH()).sub(upper.diagonal(0, -2, -1).real().diagEmbed(0, -2, -1));
        Tensor ga = q.matmul(symmetric);
        if (gq != null) ga = ga.add(gq);
        ga = TriangularOps.solveTriangular(square.mH(), ga, false, false, false);
        return rest == null ? ga : Tensors.cat(List.of(ga, rest), -1);
    }

    private static void checkReflectors(String op, Tensor a, Tensor tau) {
        if (a.dim() < 2) throw new CotangentException(op + ": input must have at least 2 dimensions.");
        if (a.dim() - tau.dim() != 1) {
            throw new CotangentException(
                    op + ": Expected tau to have one dimension less than input, but got tau.ndim equal to " + tau.dim()
                            + " and input.ndim is equal to " + a.dim());
        }
        if (!Arrays.equals(Matrices.batch(a, 2), Matrices.batch(tau, 1))) {
            throw new CotangentException(
                    op + ": Expected batch dimensions of tau to be equal to input.shape[:-2], but got "
                            + Arrays.toString(Matrices.batch(tau, 1)));
        }
    }

    /** Implements {@code torch.linalg.householder_product}. */
    public static Tensor householderProduct(Tensor a, Tensor tau) {
        String op = "torch.linalg.householder_product";
        if (a.dim() < 2) throw new CotangentException(op + ": input must have at least 2 dimensions.");
        if (a.size(-2) < a.size(-1)) {
            throw new CotangentException(op + ": input.shape[-2] must be greater than or equal to input.shape[-1]");
        }
        if (tau.dim() == 0 || a.size(-1) < tau.size(-1)) {
            throw new CotangentException(op + ": input.shape[-1] must be greater than or equal to tau.shape[-1]");
        }
        checkReflectors(op, a, tau);
        if (a.dtype() != tau.dtype()) {
            throw new CotangentException(op + ": tau dtype " + tau.dtype().scalarName() + " does not match input dtype "
                    + a.dtype().scalarName());
        }
        Matrices.kernel("orgqr_cpu", a);
        Promotion.device(op, a, tau);
        Tensor q = Matrices.copyColumns(a);
        reflect(q, tau.detach());
        long m = a.size(-2);
        long n = a.size(-1);
        return GradientRule.of("LinalgHouseholderProductBackward0", q)
                .input(a, a, tau, (g, v, t) -> productGradients(g, v, t, m, n)[0])
                .input(tau, a, tau, (g, v, t) -> productGradients(g, v, t, m, n)[1])
                .done();
    }

    private static @Nullable Tensor[] productGradients(Tensor g, Tensor a, Tensor tau, long m, long n) {
        Tensor eye = CreationOps.eye(m, n, a.dtype(), a.device()).expand(Matrices.sizes(Matrices.batch(a, 2), m, n));
        return reflectorGradients(g, a, tau, eye, false);
    }

    /** Implements {@code torch.ormqr}. */
    public static Tensor ormqr(Tensor a, Tensor tau, Tensor other, boolean left, boolean transpose) {
        String op = "torch.ormqr";
        if (a.dim() < 2) throw new CotangentException(op + ": input must have at least 2 dimensions.");
        if (other.dim() < 2) throw new CotangentException(op + ": other must have at least 2 dimensions.");
        String side = left ? "-2" : "-1";
        long size = other.size(left ? -2 : -1);
        long reflectors = Math.min(size, a.size(-1));
        if (tau.dim() == 0 || size < tau.size(-1)) {
            throw new CotangentException(
                    op + ": other.shape[" + side + "] must be greater than or equal to tau.shape[-1]");
        }
        if (size != a.size(-2)) {
            throw new CotangentException(op + ": other.shape[" + side + "] must be equal to input.shape[-2]");
        }
        if (tau.size(-1) != reflectors) {
            throw new CotangentException(
                    op + ": tau.shape[-1] must be equal to min(other.shape[" + side + "], input.shape[-1])");
        }
        checkReflectors(op, a, tau);
        if (a.dim() != other.dim()) {
            throw new CotangentException(
                    op + ": Expected other to have the same number of dimensions as input, but got other.ndim equal to "
                            + other.dim() + " and input.ndim is equal to " + a.dim());
        }
        if (!Arrays.equals(Matrices.batch(a, 2), Matrices.batch(other, 2))) {
            throw new CotangentException(op
                    + ": Expected batch dimensions of other to be equal to input.shape[:-2], but got "
                    + Arrays.toString(Matrices.batch(other, 2)));
        }
        if (a.dtype() != tau.dtype()) {
            throw new CotangentException(op
                    + ": Expected input and tau to have the same dtype, but input has dtype"
                    + a.dtype().scalarName()
                    + " and tau has dtype " + tau.dtype().scalarName());
        }
        if (a.dtype() != other.dtype()) {
            throw new CotangentException(op
                    + ": Expected input and other to have the same dtype, but input has dtype"
                    + a.dtype().scalarName()
                    + " and other has dtype " + other.dtype().scalarName());
        }
        Matrices.kernel("ormqr_cpu", a);
        Promotion.device(op, a, tau, other);
        Tensor out = Matrices.copyColumns(other);
        Matrices.lapack(
                LapackRoutine.HOUSEHOLDER_MULTIPLY,
                Matrices.operands(
                        Matrices.matrices(a.detach()), Matrices.vectors(tau.detach()), Matrices.matrices(out)),
                left,
                transpose);
        GradientRule.RuleN ofA =
                (g, saved) -> g[0] == null ? null : reflectorGradients(g[0], saved, left, transpose)[0];
        GradientRule.RuleN ofTau =
                (g, saved) -> g[0] == null ? null : reflectorGradients(g[0], saved, left, transpose)[1];
        return GradientRule.of("OrmqrBackward0", out)
                .add(a, ofA, a, tau, other)
                .add(tau, ofTau, a, tau, other)
                .input(other, a, tau, (g, v, t) -> ormqr(v, t, g, left, !transpose))
                .done();
    }

    private static @Nullable Tensor[] reflectorGradients(Tensor g, Tensor[] saved, boolean left, boolean transpose) {
        Tensor c = saved[2];
        return left
                ? reflectorGradients(g, saved[0], saved[1], c, transpose)
                : reflectorGradients(g.mH(), saved[0], saved[1], c.mH(), !transpose);
    }

    /**
     * Computes the gradients of vectors and factors of reflectors {@code H = I - tau v v^H}, whose product, in reverse
     * order with {@code reversed}, times {@code c} has the gradient {@code g}: each from the product of what comes
     * before it, applied to g, and of what comes after it, applied to c.
     */
    private static @Nullable Tensor[] reflectorGradients(Tensor g, Tensor a, Tensor tau, Tensor c, boolean reversed) {
        if (a.numel() == 0 || tau.numel() == 0) return new Tensor[2];
        int k = Math.toIntExact(tau.size(-1));
        long m = a.size(-2);
        Tensor[] before = new Tensor[k];
        Tensor left = g;
        for (int step = 0; step < k; step++) {
            int i = reversed ? k - 1 - step : step;
            before[i] = left;
            Tensor t = tau.narrow(-1, i, 1);
            left = reflected(vector(a, i, m), reversed ? t : t.conj(), left);
        }
        Tensor[] columns = new Tensor[k];
        Tensor[] factors = new Tensor[k];
        Tensor right = c;
        for (int step = k - 1; step >= 0; step--) {
            int i = reversed ? k - 1 - step : step;
            Tensor v = vector(a, i, m);
            Tensor t = reversed ? tau.narrow(-1, i, 1).conj() : tau.narrow(-1, i, 1);
            Tensor alongRight = right.mH().matmul(v);
            Tensor alongLeft = before[i].mH().matmul(v);
            Tensor factor = alongLeft
                    .conj()
                    .mul(alongRight)
                    .sum(new int[] {-2, -1}, false)
                    .neg()
                    .unsqueeze(-1);
            factors[i] = reversed ? factor.conj() : factor;
            Tensor gv = before[i]
                    .matmul(alongRight)
                    .mul(t.conj().unsqueeze(-1))
                    .add(right.matmul(alongLeft).mul(t.unsqueeze(-1)))
                    .neg();
            // The elements above the diagonal, and on it, are 0 and 1.
            columns[i] = gv.mul(below(a, i, m));
            right = reflected(v, t, right);
        }
        List<Tensor> all = new ArrayList<>(Arrays.asList(columns));
        long more = a.size(-1) - k;
        if (more > 0) all.add(CreationOps.zeros(a.dtype(), a.device(), Matrices.sizes(Matrices.batch(a, 2), m, more)));
        return new Tensor[] {Tensors.cat(all, -1), Tensors.cat(Arrays.asList(factors), -1)};
    }

    private static Tensor reflected(Tensor v, Tensor tau, Tensor x) {
        return x.sub(v.matmul(v.mH().matmul(x)).mul(tau.unsqueeze(-1)));
    }

    private static Tensor vector(Tensor a, int i, long m) {
        Tensor one = CreationOps.eye(m, m, a.dtype(), a.device()).narrow(-1, i, 1);
        return a.narrow(-1, i, 1).mul(below(a, i, m)).add(one);
    }

    /** Returns a column of ones below element {@code i}. */
    private static Tensor below(Tensor a, int i, long m) {
        return CreationOps.arange(0, m, 1, a.dtype().realType(), a.device())
                .gt(i)
                .to(a.dtype())
                .unsqueeze(-1);
    }
}
