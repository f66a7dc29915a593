package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Computes the p-norm of differences of vectors; PyTorch's {@code nn.PairwiseDistance}. */
public final class PairwiseDistance extends Module {
    private static final double EPS = 1e-6;

    private final Number p;
    private final double eps;
    private final boolean keepdim;

    /** Creates one of the Euclidean norm. */
    public PairwiseDistance() {
        this(2.0, EPS, false);
    }

    /** Creates one of the p-norm, with {@code eps} added to differences. */
    public PairwiseDistance(Number p, double eps, boolean keepdim) {
        this.p = p;
        this.eps = eps;
        this.keepdim = keepdim;
    }

    @Override
    public Tensor forward(Tensor input, Tensor other) {
        return input.pairwiseDistance(other, p, eps, keepdim);
    }
}
