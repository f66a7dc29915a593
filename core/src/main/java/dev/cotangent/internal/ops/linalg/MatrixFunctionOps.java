package dev.cotangent.internal.ops.linalg;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.movement.HostOps;
import java.util.List;

/** Functions of square matrices. */
public final class MatrixFunctionOps {
    /** Up to this 1-norm the Taylor polynomial of degree 18 is exact to float64; Bader, Blanes and Casas, Mathematics 7 (2019) 1174. */
    private static final double REACH = 1.09;

    private static final int DEGREE = 18;

    /** Powers that are computed by themselves; the polynomial is one of the highest. */
    private static final int POWERS = 5;

    private MatrixFunctionOps() {}

    /** {@code torch.linalg.matrix_exp}. */
    public static Tensor matrixExp(Tensor a) {
        Matrices.square("linalg.matrix_exp", a);
        if (!a.dtype().isDifferentiable()) Matrices.floating("linalg.matrix_exp", a);
        Tensor wide = a.detach().to(a.dtype().computeType());
        Tensor out = exp(wide).to(a.dtype());
        return GradientRule.of("LinalgMatrixExpBackward0", out)
                .input(a, a, (g, kept) -> expBackward(g, kept.mH()))
                .done();
    }

    /** The upper right block of {@code exp([[A^T, G], [0, A^T]])}; Mathias, SIAM J. Matrix Anal. Appl. 17 (1996). */
    private static Tensor expBackward(Tensor g, Tensor a) {
        long n = a.size(-1);
        Tensor upper = Tensors.cat(List.of(a, g), -1);
        Tensor lower = Tensors.cat(List.of(a.zerosLike(), a), -1);
        return matrixExp(Tensors.cat(List.of(upper, lower), -2))
                .narrow(-2, 0, n)
                .narrow(-1, n, n);
    }

    /** By scaling, a Taylor polynomial, and as many squarings as each matrix was halved. */
    private static Tensor exp(Tensor a) {
        if (a.numel() == 0) return a.clone();
        double[] norms = HostOps.doubles(a.abs().sum(-2).amax(-1, false));
        int[] halvings = new int[norms.length];
        double[] scales = new double[norms.length];
        int most = 0;
        for (int i = 0; i < norms.length; i++) {
            if (Double.isFinite(norms[i]) && norms[i] > REACH) halvings[i] = Math.getExponent(norms[i] / REACH) + 1;
            scales[i] = Math.scalb(1.0, -halvings[i]);
            most = Math.max(most, halvings[i]);
        }
        long[] each = Matrices.sizes(Matrices.batch(a, 2), 1, 1);
        Tensor x = polynomial(
                a.mul(Tensors.tensor(scales).to(a.device(), a.dtype()).reshape(each)));
        Tensor counts = Tensors.tensor(halvings).to(a.device()).reshape(each);
        for (int i = 0; i < most; i++) x = Tensors.where(counts.gt(i), x.matmul(x), x);
        return x;
    }

    /** Paterson and Stockmeyer, SIAM J. Comput. 2 (1973): a polynomial of a power, whose coefficients are polynomials. */
    private static Tensor polynomial(Tensor a) {
        Tensor[] powers = new Tensor[POWERS + 1];
        powers[0] = CreationOps.eye(a.size(-1), a.size(-1), a.dtype(), a.device())
                .expand(Internals.layout(a).sizes());
        powers[1] = a;
        for (int i = 2; i <= POWERS; i++) powers[i] = powers[i / 2].matmul(powers[i - i / 2]);
        double[] coefficients = new double[DEGREE + 1];
        coefficients[0] = 1;
        for (int i = 1; i <= DEGREE; i++) coefficients[i] = coefficients[i - 1] / i;
        Tensor out = null;
        for (int block = DEGREE / POWERS; block >= 0; block--) {
            Tensor sum = null;
            for (int i = 0; i < POWERS && block * POWERS + i <= DEGREE; i++) {
                Tensor term = powers[i].mul(coefficients[block * POWERS + i]);
                sum = sum == null ? term : sum.add(term);
            }
            if (sum == null) throw new IllegalStateException();
            out = out == null ? sum : out.matmul(powers[POWERS]).add(sum);
        }
        if (out == null) throw new IllegalStateException();
        return out;
    }

    /** {@code torch.linalg.matrix_power}. */
    public static Tensor matrixPower(Tensor a, long n) {
        Matrices.square("linalg.matrix_power", a);
        if (a.dtype() == Dtype.BOOL) throw Promotion.notImplemented("addmm_impl_cpu_", a.dtype());
        if (n == 0) {
            Tensor eye = CreationOps.eye(a.size(-1), a.size(-1), a.dtype(), a.device());
            return a.clone().copy_(eye.expand(Internals.layout(a).sizes()));
        }
        if (n == 1) return a.clone();
        if (n == Long.MIN_VALUE) throw new CotangentException("linalg.matrix_power: " + n + " is out of range");
        Tensor base = n < 0 ? SolveOps.inv(a) : a;
        long left = Math.abs(n);
        if (left == 3) return base.matmul(base).matmul(base);
        Tensor out = null;
        while (true) {
            if ((left & 1) == 1) out = out == null ? base : out.matmul(base);
            left >>= 1;
            if (left == 0) break;
            base = base.matmul(base);
        }
        return out;
    }
}
