package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.engine.AutocastMode;
import dev.cotangent.internal.ops.linalg.DistanceOps;
import dev.cotangent.internal.ops.linalg.MatrixNormOps;
import dev.cotangent.internal.ops.reduction.NormOps;
import org.jspecify.annotations.Nullable;

/**
 * Norms and distances, for floating point. A norm of order p is the p-th root of the sum of the magnitudes to the
 * power p; of order infinity the maximum magnitude, of minus infinity the minimum, of 0 the number of nonzero
 * elements.
 */
sealed interface NormMethods permits Tensor {
    /** Returns the Euclidean norm of all elements; {@code torch.norm}. */
    default Tensor norm() {
        return end(start("norm", this), MatrixNormOps.namedNorm((Tensor) this, "fro", null, false, null));
    }

    /** Returns the norm of order {@code p} of all elements; {@code torch.norm}. */
    default Tensor norm(Number p) {
        Arguments.notNull("norm", "p", p);
        return end(start("norm", this), NormOps.norm(AutocastMode.singleOnCuda((Tensor) this), p, null, false, null));
    }

    /** Returns the norm of order {@code p} along a dimension; {@code torch.norm}. */
    default Tensor norm(Number p, int dim) {
        Arguments.notNull("norm", "p", p);
        return end(
                start("norm", this),
                NormOps.norm(AutocastMode.singleOnCuda((Tensor) this), p, new int[] {dim}, false, null));
    }

    /**
     * Returns the norm of order {@code p} along a dimension, which is kept with size 1 if {@code keepdim}; {@code
     * torch.norm}.
     */
    default Tensor norm(Number p, int dim, boolean keepdim) {
        Arguments.notNull("norm", "p", p);
        return end(
                start("norm", this),
                NormOps.norm(AutocastMode.singleOnCuda((Tensor) this), p, new int[] {dim}, keepdim, null));
    }

    /** Returns the norm of order {@code p} over dimensions; {@code torch.norm}. */
    default Tensor norm(Number p, int[] dim, boolean keepdim) {
        Arguments.notNull("norm", "p", p);
        return end(
                start("norm", this),
                NormOps.norm(
                        AutocastMode.singleOnCuda((Tensor) this),
                        p,
                        Arguments.notNull("norm", "dim", dim),
                        keepdim,
                        null));
    }

    /** Returns the norm of order {@code p} over dimensions, of elements converted to a type; {@code torch.norm}. */
    default Tensor norm(Number p, int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype) {
        Arguments.notNull("norm", "p", p);
        return end(start("norm", this), NormOps.norm(AutocastMode.singleOnCuda((Tensor) this), p, dim, keepdim, dtype));
    }

    /** Returns the Frobenius norm, {@code "fro"}, over dimensions; {@code torch.norm}. */
    default Tensor norm(String p, int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype) {
        Arguments.notNull("norm", "p", p);
        return end(start("norm", this), MatrixNormOps.namedNorm((Tensor) this, p, dim, keepdim, dtype));
    }

    /** Returns the Euclidean norm of all elements; {@code torch.linalg.vector_norm}. */
    default Tensor linalgVectorNorm() {
        return linalgVectorNorm(2, null, false, null);
    }

    /** Returns the norm of order {@code ord} of all elements; {@code torch.linalg.vector_norm}. */
    default Tensor linalgVectorNorm(Number ord) {
        return end(
                start("linalg_vector_norm", this),
                NormOps.vectorNorm(
                        AutocastMode.singleOnCuda((Tensor) this),
                        Arguments.notNull("linalg.vector_norm", "ord", ord),
                        null,
                        false,
                        null));
    }

    /** Returns the norm of order {@code ord} along a dimension; {@code torch.linalg.vector_norm}. */
    default Tensor linalgVectorNorm(Number ord, int dim, boolean keepdim) {
        return linalgVectorNorm(ord, new int[] {dim}, keepdim);
    }

    /** Returns the norm of order {@code ord} over dimensions; {@code torch.linalg.vector_norm}. */
    default Tensor linalgVectorNorm(Number ord, int[] dim, boolean keepdim) {
        Arguments.notNull("linalg.vector_norm", "ord", ord);
        return end(
                start("linalg_vector_norm", this),
                NormOps.vectorNorm(
                        AutocastMode.singleOnCuda((Tensor) this),
                        ord,
                        Arguments.notNull("linalg.vector_norm", "dim", dim),
                        keepdim,
                        null));
    }

    /** Returns the norm of order {@code ord} over dimensions; {@code torch.linalg.vector_norm}. */
    default Tensor linalgVectorNorm(Number ord, int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype) {
        Arguments.notNull("linalg_vector_norm", "ord", ord);
        return end(
                start("linalg_vector_norm", this),
                NormOps.vectorNorm(AutocastMode.singleOnCuda((Tensor) this), ord, dim, keepdim, dtype));
    }

    /** Returns the Euclidean norm of all elements; {@code torch.linalg.norm}. */
    default Tensor linalgNorm() {
        return end(
                start("linalg_norm", this),
                MatrixNormOps.norm(AutocastMode.singleOnCuda((Tensor) this), null, null, false, null));
    }

    /** Returns the norm of order {@code ord} of all elements of a vector or a matrix; {@code torch.linalg.norm}. */
    default Tensor linalgNorm(Number ord) {
        return end(
                start("linalg_norm", this),
                MatrixNormOps.norm(
                        AutocastMode.singleOnCuda((Tensor) this),
                        Arguments.notNull("linalg.norm", "ord", ord),
                        null,
                        false,
                        null));
    }

    /** Returns the norm of order {@code ord} along a dimension; {@code torch.linalg.norm}. */
    default Tensor linalgNorm(Number ord, int dim, boolean keepdim) {
        return linalgNorm(ord, new int[] {dim}, keepdim);
    }

    /** Returns the norm of order {@code ord} over dimensions; {@code torch.linalg.norm}. */
    default Tensor linalgNorm(Number ord, int[] dim, boolean keepdim) {
        Arguments.notNull("linalg.norm", "ord", ord);
        return end(
                start("linalg_norm", this),
                MatrixNormOps.norm(
                        AutocastMode.singleOnCuda((Tensor) this),
                        ord,
                        Arguments.notNull("linalg.norm", "dim", dim),
                        keepdim,
                        null));
    }

    /**
     * Returns the norm of vectors over one dimension, or of matrices over two, where 1 and infinity are the maximum
     * column and row sums of magnitudes, and their negatives the minimum sums; {@code torch.linalg.norm}.
     */
    default Tensor linalgNorm(@Nullable Number ord, int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype) {
        return end(
                start("linalg_norm", this),
                MatrixNormOps.norm(AutocastMode.singleOnCuda((Tensor) this), ord, dim, keepdim, dtype));
    }

    /** Returns the Frobenius norm, {@code "fro"}, of matrices; {@code torch.linalg.norm}. */
    default Tensor linalgNorm(@Nullable String ord, int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype) {
        return end(
                start("linalg_norm", this),
                MatrixNormOps.norm(AutocastMode.singleOnCuda((Tensor) this), ord, dim, keepdim, dtype));
    }

    /** Returns the Euclidean distance to another tensor; {@code torch.dist}. */
    default Tensor dist(Tensor other) {
        return dist(other, 2);
    }

    /** Returns the norm of order {@code p} of the difference from another tensor; {@code torch.dist}. */
    default Tensor dist(Tensor other, Number p) {
        Arguments.notNull("dist", "p", p);
        return end(
                start("dist", this, other),
                NormOps.dist(AutocastMode.singleOnCuda((Tensor) this), AutocastMode.singleOnCuda(other), p));
    }

    /** Scales slices along a dimension down to a maximum norm; {@code torch.renorm}. */
    default Tensor renorm(Number p, int dim, Number maxnorm) {
        Arguments.notNull("renorm", "p", p);
        Arguments.notNull("renorm", "maxnorm", maxnorm);
        return end(start("renorm", this), NormOps.renorm(AutocastMode.singleOnCuda((Tensor) this), p, dim, maxnorm));
    }

    /** Works as {@link #renorm}, in place; {@code torch.Tensor.renorm_}. */
    default Tensor renorm_(Number p, int dim, Number maxnorm) {
        Arguments.notNull("renorm_", "p", p);
        Arguments.notNull("renorm_", "maxnorm", maxnorm);
        Tensor t = (Tensor) this;
        return end(start("renorm_", this), t.copy_(NormOps.renorm(t.clone(), p, dim, maxnorm)));
    }

    /** Returns the distances of vectors along the last dimension; {@code torch.nn.functional.pairwise_distance}. */
    default Tensor pairwiseDistance(Tensor x2) {
        Arguments.notNull("pairwise_distance", "x2", x2);
        return pairwiseDistance(x2, 2, 1e-6, false);
    }

    /**
     * Returns the norms of order {@code p} of the differences (plus {@code eps}) along the last dimension; {@code
     * torch.nn.functional.pairwise_distance}.
     */
    default Tensor pairwiseDistance(Tensor x2, Number p, double eps, boolean keepdim) {
        Arguments.notNull("pairwise_distance", "x2", x2);
        Arguments.notNull("pairwise_distance", "p", p);
        return end(start("pairwise_distance", this, x2), NormOps.pairwiseDistance((Tensor) this, x2, p, eps, keepdim));
    }

    /**
     * Returns the cosines of the angles of vectors along dimension 1; {@code torch.nn.functional.cosine_similarity}.
     */
    default Tensor cosineSimilarity(Tensor x2) {
        Arguments.notNull("cosine_similarity", "x2", x2);
        return cosineSimilarity(x2, 1, 1e-8);
    }

    /**
     * Returns the cosines of the angles of vectors along a dimension, with lengths bounded below by {@code eps};
     * {@code torch.nn.functional.cosine_similarity}.
     */
    default Tensor cosineSimilarity(Tensor x2, int dim, double eps) {
        Arguments.notNull("cosine_similarity", "x2", x2);
        return end(
                start("cosine_similarity", this, x2),
                NormOps.cosineSimilarity(
                        AutocastMode.singleOnCuda((Tensor) this), AutocastMode.singleOnCuda(x2), dim, eps));
    }

    /** Scales vectors along dimension 1 to length 1; {@code torch.nn.functional.normalize}. */
    default Tensor normalize() {
        return normalize(2, 1, 1e-12);
    }

    /**
     * Divides vectors along a dimension by their norm of order {@code p}, at least {@code eps}; {@code
     * torch.nn.functional.normalize}.
     */
    default Tensor normalize(Number p, int dim, double eps) {
        Arguments.notNull("normalize", "p", p);
        return end(start("normalize", this), NormOps.normalize((Tensor) this, p, dim, eps));
    }

    /** Works as {@link #cdist(Tensor, double)} with the Euclidean norm; {@code torch.cdist}. */
    default Tensor cdist(Tensor x2) {
        return cdist(x2, 2, DistanceMode.USE_MM_FOR_EUCLID_DIST_IF_NECESSARY);
    }

    /**
     * Works as {@link #cdist(Tensor, double, DistanceMode)}, with Euclidean distances by a matrix product for many
     * points.
     */
    default Tensor cdist(Tensor x2, double p) {
        return cdist(x2, p, DistanceMode.USE_MM_FOR_EUCLID_DIST_IF_NECESSARY);
    }

    /**
     * Computes the p-norm distance of each row of this, [..., P, M], from each row of another tensor, [..., R, M]:
     * [..., P, R]; {@code torch.cdist}.
     */
    default Tensor cdist(Tensor x2, double p, DistanceMode computeMode) {
        return end(
                start("cdist", this, x2),
                DistanceOps.cdist(
                        AutocastMode.single((Tensor) this),
                        AutocastMode.single(Arguments.notNull("cdist", "x2", x2)),
                        p,
                        Arguments.notNull("cdist", "compute_mode", computeMode)));
    }

    /** Works as {@link #pdist(double)} with the Euclidean norm; {@code torch.nn.functional.pdist}. */
    default Tensor pdist() {
        return end(start("pdist", this), DistanceOps.pdist(AutocastMode.singleOnCuda((Tensor) this), 2));
    }

    /** Computes the distances of all pairs of rows of a matrix, in order; {@code torch.nn.functional.pdist}. */
    default Tensor pdist(double p) {
        return end(start("pdist", this), DistanceOps.pdist(AutocastMode.singleOnCuda((Tensor) this), p));
    }
}
