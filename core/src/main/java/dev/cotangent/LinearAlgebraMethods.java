package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.engine.AutocastMode;
import dev.cotangent.internal.ops.linalg.MatmulOps;
import dev.cotangent.internal.ops.linalg.ProductOps;
import dev.cotangent.internal.ops.movement.CopyIntoSelf;
import org.jspecify.annotations.Nullable;

/** Matrix and vector products. */
sealed interface LinearAlgebraMethods permits Tensor {
    /** Multiplies two matrices; {@code torch.mm}. */
    default Tensor mm(Tensor other) {
        Arguments.notNull("mm", "other", other);
        return end(
                start("mm", this, other), MatmulOps.mm(AutocastMode.lower((Tensor) this), AutocastMode.lower(other)));
    }

    /** Multiplies two batches of matrices; {@code torch.bmm}. */
    default Tensor bmm(Tensor other) {
        Arguments.notNull("bmm", "other", other);
        return end(
                start("bmm", this, other), MatmulOps.bmm(AutocastMode.lower((Tensor) this), AutocastMode.lower(other)));
    }

    /** Multiplies a matrix by a vector; {@code torch.mv}. */
    default Tensor mv(Tensor vector) {
        Arguments.notNull("mv", "vector", vector);
        return end(
                start("mv", this, vector),
                MatmulOps.mv(AutocastMode.lowerOnCuda((Tensor) this), AutocastMode.lowerOnCuda(vector)));
    }

    /** Computes the dot product of two vectors; {@code torch.dot}. */
    default Tensor dot(Tensor other) {
        Arguments.notNull("dot", "other", other);
        return end(
                start("dot", this, other),
                MatmulOps.dot(AutocastMode.widestOnCuda((Tensor) this, other), AutocastMode.widestOnCuda(other, (Tensor)
                        this)));
    }

    /** Multiplies vectors, matrices or batches of them by rank, with batches broadcast; {@code torch.matmul}. */
    default Tensor matmul(Tensor other) {
        Arguments.notNull("matmul", "other", other);
        return end(
                start("matmul", this, other),
                MatmulOps.matmul(AutocastMode.lower((Tensor) this), AutocastMode.lower(other)));
    }

    /** Computes {@code beta * this + alpha * (mat1 @ mat2)}; {@code torch.addmm}. */
    default Tensor addmm(Tensor mat1, Tensor mat2, Number beta, Number alpha) {
        Arguments.notNull("addmm", "mat1", mat1);
        Arguments.notNull("addmm", "mat2", mat2);
        Arguments.notNull("addmm", "beta", beta);
        Arguments.notNull("addmm", "alpha", alpha);
        return end(
                start("addmm", this, mat1, mat2),
                MatmulOps.addmm(
                        AutocastMode.lower((Tensor) this),
                        AutocastMode.lower(mat1),
                        AutocastMode.lower(mat2),
                        beta,
                        alpha));
    }

    /** Computes {@code this + a @ b}; {@code torch.addmm}. */
    default Tensor addmm(Tensor mat1, Tensor mat2) {
        Arguments.notNull("addmm", "mat1", mat1);
        Arguments.notNull("addmm", "mat2", mat2);
        return addmm(mat1, mat2, 1, 1);
    }

    /** Computes {@code beta * this + alpha * (mat1 @ mat2)} for a batch; {@code torch.baddbmm}. */
    default Tensor baddbmm(Tensor batch1, Tensor batch2, Number beta, Number alpha) {
        Arguments.notNull("baddbmm", "batch1", batch1);
        Arguments.notNull("baddbmm", "batch2", batch2);
        Arguments.notNull("baddbmm", "beta", beta);
        Arguments.notNull("baddbmm", "alpha", alpha);
        return end(
                start("baddbmm", this, batch1, batch2),
                MatmulOps.baddbmm(
                        AutocastMode.lower((Tensor) this),
                        AutocastMode.lower(batch1),
                        AutocastMode.lower(batch2),
                        beta,
                        alpha));
    }

    /** Computes {@code this + a @ b} for a batch; {@code torch.baddbmm}. */
    default Tensor baddbmm(Tensor batch1, Tensor batch2) {
        Arguments.notNull("baddbmm", "batch1", batch1);
        Arguments.notNull("baddbmm", "batch2", batch2);
        return baddbmm(batch1, batch2, 1, 1);
    }

    /** Computes the outer product of two vectors; {@code torch.outer}. */
    default Tensor outer(Tensor other) {
        Arguments.notNull("outer", "other", other);
        return end(start("outer", this, other), MatmulOps.outer((Tensor) this, other));
    }

    /** Computes {@code this @ weight.t() + bias}; {@code torch.nn.functional.linear}. */
    default Tensor linear(Tensor weight, @Nullable Tensor bias) {
        Arguments.notNull("linear", "weight", weight);
        return end(
                start("linear", this, weight, bias),
                MatmulOps.linear(
                        AutocastMode.lower((Tensor) this), AutocastMode.lower(weight), AutocastMode.lower(bias)));
    }

    /** Works as {@link #addmm(Tensor, Tensor, Number, Number)}, in place. */
    default Tensor addmm_(Tensor mat1, Tensor mat2, Number beta, Number alpha) {
        Arguments.notNull("addmm_", "mat1", mat1);
        Arguments.notNull("addmm_", "mat2", mat2);
        Arguments.notNull("addmm_", "beta", beta);
        Arguments.notNull("addmm_", "alpha", alpha);
        return end(start("addmm_", this, mat1, mat2), CopyIntoSelf.into((Tensor) this, addmm(mat1, mat2, beta, alpha)));
    }

    /** Works as {@link #baddbmm(Tensor, Tensor, Number, Number)}, in place. */
    default Tensor baddbmm_(Tensor batch1, Tensor batch2, Number beta, Number alpha) {
        Arguments.notNull("baddbmm_", "batch1", batch1);
        Arguments.notNull("baddbmm_", "batch2", batch2);
        Arguments.notNull("baddbmm_", "beta", beta);
        Arguments.notNull("baddbmm_", "alpha", alpha);
        return end(
                start("baddbmm_", this, batch1, batch2),
                CopyIntoSelf.into((Tensor) this, baddbmm(batch1, batch2, beta, alpha)));
    }

    /** Computes {@code beta * this + alpha * (mat @ vec)}; {@code torch.addmv}. */
    default Tensor addmv(Tensor mat, Tensor vec, Number beta, Number alpha) {
        Arguments.notNull("addmv", "mat", mat);
        Arguments.notNull("addmv", "vec", vec);
        Arguments.notNull("addmv", "beta", beta);
        Arguments.notNull("addmv", "alpha", alpha);
        return end(
                start("addmv", this, mat, vec),
                ProductOps.addmv(
                        AutocastMode.lowerOnCuda((Tensor) this),
                        AutocastMode.lowerOnCuda(mat),
                        AutocastMode.lowerOnCuda(vec),
                        beta,
                        alpha));
    }

    /** Works as {@link #addmv}, in place. */
    default Tensor addmv_(Tensor mat, Tensor vec, Number beta, Number alpha) {
        Arguments.notNull("addmv_", "mat", mat);
        Arguments.notNull("addmv_", "vec", vec);
        Arguments.notNull("addmv_", "beta", beta);
        Arguments.notNull("addmv_", "alpha", alpha);
        return end(start("addmv_", this, mat, vec), CopyIntoSelf.into((Tensor) this, addmv(mat, vec, beta, alpha)));
    }

    /** Computes {@code beta * this + alpha *} the sum of a batch of products; {@code torch.addbmm}. */
    default Tensor addbmm(Tensor batch1, Tensor batch2, Number beta, Number alpha) {
        Arguments.notNull("addbmm", "batch1", batch1);
        Arguments.notNull("addbmm", "batch2", batch2);
        Arguments.notNull("addbmm", "beta", beta);
        Arguments.notNull("addbmm", "alpha", alpha);
        return end(
                start("addbmm", this, batch1, batch2),
                ProductOps.addbmm(
                        AutocastMode.lower((Tensor) this),
                        AutocastMode.lower(batch1),
                        AutocastMode.lower(batch2),
                        beta,
                        alpha));
    }

    /** Works as {@link #addbmm}, in place; resizes a tensor of another shape, as PyTorch. */
    default Tensor addbmm_(Tensor batch1, Tensor batch2, Number beta, Number alpha) {
        Arguments.notNull("addbmm_", "batch1", batch1);
        Arguments.notNull("addbmm_", "batch2", batch2);
        Arguments.notNull("addbmm_", "beta", beta);
        Arguments.notNull("addbmm_", "alpha", alpha);
        return end(
                start("addbmm_", this, batch1, batch2),
                CopyIntoSelf.resized((Tensor) this, addbmm(batch1, batch2, beta, alpha)));
    }

    /** Computes {@code beta * this + alpha *} the outer product of two vectors; {@code torch.addr}. */
    default Tensor addr(Tensor vec1, Tensor vec2, Number beta, Number alpha) {
        Arguments.notNull("addr", "vec1", vec1);
        Arguments.notNull("addr", "vec2", vec2);
        Arguments.notNull("addr", "beta", beta);
        Arguments.notNull("addr", "alpha", alpha);
        return end(
                start("addr", this, vec1, vec2),
                ProductOps.addr(
                        AutocastMode.lowerOnCuda((Tensor) this),
                        AutocastMode.lowerOnCuda(vec1),
                        AutocastMode.lowerOnCuda(vec2),
                        beta,
                        alpha));
    }

    /** Works as {@link #addr}, in place. */
    default Tensor addr_(Tensor vec1, Tensor vec2, Number beta, Number alpha) {
        Arguments.notNull("addr_", "vec1", vec1);
        Arguments.notNull("addr_", "vec2", vec2);
        Arguments.notNull("addr_", "beta", beta);
        Arguments.notNull("addr_", "alpha", alpha);
        return end(start("addr_", this, vec1, vec2), ProductOps.addrInPlace((Tensor) this, vec1, vec2, beta, alpha));
    }

    /** Works as {@link #dot}, with this vector conjugated; {@code torch.vdot}. */
    default Tensor vdot(Tensor other) {
        Arguments.notNull("vdot", "other", other);
        return ((Tensor) this).conj().dot(other);
    }

    /** Works as {@link #outer}; {@code torch.ger}. */
    default Tensor ger(Tensor vec2) {
        Arguments.notNull("ger", "vec2", vec2);
        return outer(vec2);
    }

    /** Contracts the last dimensions of both; multiplies if one is 0-dimensional; {@code torch.inner}. */
    default Tensor inner(Tensor other) {
        Arguments.notNull("inner", "other", other);
        return end(start("inner", this, other), ProductOps.inner((Tensor) this, other));
    }

    /** Contracts pairs of dimensions; {@code torch.tensordot}. */
    default Tensor tensordot(Tensor other, int[] dimsSelf, int[] dimsOther) {
        Arguments.notNull("tensordot", "other", other);
        Arguments.notNull("tensordot", "dims_self", dimsSelf);
        Arguments.notNull("tensordot", "dims_other", dimsOther);
        return end(
                start("tensordot", this, other),
                ProductOps.tensordot(
                        AutocastMode.lower((Tensor) this), AutocastMode.lower(other), dimsSelf, dimsOther));
    }

    /** Contracts the last {@code dims} dimensions of this with the first of the other; {@code torch.tensordot}. */
    default Tensor tensordot(Tensor other, int dims) {
        Arguments.notNull("tensordot", "other", other);
        int rank = ((Tensor) this).dim();
        int[] mine = new int[dims];
        int[] others = new int[mine.length];
        for (int i = 0; i < mine.length; i++) {
            mine[i] = rank - dims + i;
            others[i] = i;
        }
        return tensordot(other, mine, others);
    }

    /** Computes the Kronecker product; {@code torch.kron}. */
    default Tensor kron(Tensor other) {
        Arguments.notNull("kron", "other", other);
        return end(start("kron", this, other), ProductOps.kron((Tensor) this, other));
    }

    /** Computes {@code this @ weight[k] @ other + bias[k]} for each k; {@code torch.nn.functional.bilinear}. */
    default Tensor bilinear(Tensor input2, Tensor weight, @Nullable Tensor bias) {
        Arguments.notNull("bilinear", "input2", input2);
        Arguments.notNull("bilinear", "weight", weight);
        return end(
                start("bilinear", this, input2, weight, bias),
                ProductOps.bilinear((Tensor) this, input2, weight, bias));
    }

    /** Computes cross products of vectors along the first dimension of size 3; {@code torch.cross}. */
    default Tensor cross(Tensor other) {
        Arguments.notNull("cross", "other", other);
        return end(
                start("cross", this, other),
                ProductOps.cross(
                        AutocastMode.widestOnCuda((Tensor) this, other),
                        AutocastMode.widestOnCuda(other, (Tensor) this),
                        null));
    }

    /** Computes cross products of vectors of size 3 along a dimension; {@code torch.cross}. */
    default Tensor cross(Tensor other, int dim) {
        Arguments.notNull("cross", "other", other);
        return end(
                start("cross", this, other),
                ProductOps.cross(
                        AutocastMode.widestOnCuda((Tensor) this, other),
                        AutocastMode.widestOnCuda(other, (Tensor) this),
                        dim));
    }

    /**
     * Computes cross products of vectors of size 3 along a dimension; {@code torch.linalg.cross}, whose default is
     * -1.
     */
    default Tensor linalgCross(Tensor other, int dim) {
        Arguments.notNull("linalg_cross", "other", other);
        return end(start("linalg_cross", this, other), ProductOps.cross("linalg.cross", (Tensor) this, other, dim));
    }

    /** Computes dot products along a dimension, operands broadcast; {@code torch.linalg.vecdot}. */
    default Tensor vecdot(Tensor other, int dim) {
        return end(
                start("vecdot", this, other),
                ProductOps.vecdot(
                        AutocastMode.lower((Tensor) this),
                        AutocastMode.lower(Arguments.notNull("linalg.vecdot", "other", other)),
                        dim));
    }

    /**
     * Computes powers along a new dimension, as many as the last dimension has elements; {@code torch.linalg.vander}.
     */
    default Tensor vander() {
        return end(start("vander", this), ProductOps.vander((Tensor) this, null));
    }

    /** Computes powers 0 to {@code n - 1} along a new dimension; {@code torch.linalg.vander}. */
    default Tensor vander(long n) {
        return end(start("vander", this), ProductOps.vander((Tensor) this, n));
    }
}
