package dev.cotangent;

import dev.cotangent.op.MatmulOps;

/** Products of matrices and vectors. */
public sealed interface Contractions permits Tensor {
    /** The product of two matrices; {@code torch.mm}. */
    default Tensor mm(Tensor other) {
        return MatmulOps.mm((Tensor) this, other);
    }

    /** The products of two batches of matrices; {@code torch.bmm}. */
    default Tensor bmm(Tensor other) {
        return MatmulOps.bmm((Tensor) this, other);
    }

    /** The product of a matrix and a vector; {@code torch.mv}. */
    default Tensor mv(Tensor vector) {
        return MatmulOps.mv((Tensor) this, vector);
    }

    /** The sum of the products of two vectors' elements; {@code torch.dot}. */
    default Tensor dot(Tensor other) {
        return MatmulOps.dot((Tensor) this, other);
    }

    /** The product after the operands' dimensions, batches broadcast; {@code torch.matmul}. */
    default Tensor matmul(Tensor other) {
        return MatmulOps.matmul((Tensor) this, other);
    }

    /** {@code beta * this + alpha * (a @ b)}; {@code torch.addmm}. */
    default Tensor addmm(Tensor a, Tensor b, Number beta, Number alpha) {
        return MatmulOps.addmm((Tensor) this, a, b, beta, alpha);
    }

    /** {@code this + a @ b}; {@code torch.addmm}. */
    default Tensor addmm(Tensor a, Tensor b) {
        return addmm(a, b, 1, 1);
    }

    /** {@code beta * this + alpha * (a @ b)} for each of a batch; {@code torch.baddbmm}. */
    default Tensor baddbmm(Tensor a, Tensor b, Number beta, Number alpha) {
        return MatmulOps.baddbmm((Tensor) this, a, b, beta, alpha);
    }

    /** {@code this + a @ b} for each of a batch; {@code torch.baddbmm}. */
    default Tensor baddbmm(Tensor a, Tensor b) {
        return baddbmm(a, b, 1, 1);
    }

    /** All products of two vectors' elements; {@code torch.outer}. */
    default Tensor outer(Tensor other) {
        return MatmulOps.outer((Tensor) this, other);
    }

    /** {@code this @ weight.t() + bias}; {@code torch.nn.functional.linear}. */
    default Tensor linear(Tensor weight, @org.jspecify.annotations.Nullable Tensor bias) {
        return MatmulOps.linear((Tensor) this, weight, bias);
    }
}
