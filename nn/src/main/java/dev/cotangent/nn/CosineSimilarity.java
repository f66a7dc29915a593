package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Computes the cosine of the angle between vectors of a dimension; PyTorch's {@code nn.CosineSimilarity}. */
public final class CosineSimilarity extends Module {
    private static final double EPS = 1e-8;

    private final int dim;
    private final double eps;

    /** Creates one along dimension 1. */
    public CosineSimilarity() {
        this(1, EPS);
    }

    /** Creates one along a dimension, with the smallest length that is divided by. */
    public CosineSimilarity(int dim, double eps) {
        this.dim = dim;
        this.eps = eps;
    }

    @Override
    public Tensor forward(Tensor input, Tensor other) {
        return input.cosineSimilarity(other, dim, eps);
    }
}
