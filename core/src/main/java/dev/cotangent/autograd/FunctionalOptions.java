package dev.cotangent.autograd;

import dev.cotangent.CotangentException;

/**
 * Options of the functions of {@link Functional}. Immutable; each method returns changed options.
 *
 * @param createsGraph whether outputs and results are differentiable with respect to the inputs, PyTorch's {@code
 *     create_graph}
 * @param isStrict whether an output or gradient that does not depend on an input throws instead of being zero
 * @param isVectorized PyTorch's {@code vectorize}; the results are the same
 */
public record FunctionalOptions(boolean createsGraph, boolean isStrict, boolean isVectorized) {
    static final FunctionalOptions DEFAULT = new FunctionalOptions(false, false, false);

    /** Sets PyTorch's {@code create_graph=True}. */
    public FunctionalOptions createGraph() {
        return new FunctionalOptions(true, isStrict, isVectorized);
    }

    /** Sets PyTorch's {@code strict=True}. */
    public FunctionalOptions strict() {
        return new FunctionalOptions(createsGraph, true, isVectorized);
    }

    /**
     * Sets PyTorch's {@code vectorize=True} for {@link Functional#jacobian} and {@link Functional#hessian}. Rows are
     * computed sequentially either way.
     */
    public FunctionalOptions vectorize() {
        return new FunctionalOptions(createsGraph, isStrict, true);
    }

    void checkVectorized() {
        if (isStrict && isVectorized) {
            throw new CotangentException("torch.autograd.functional.jacobian: `strict=True` and `vectorized=True` are"
                    + " not supported together. Please either set `strict=False` or `vectorize=False`. In Java: call"
                    + " either strict() or vectorize() on the options.");
        }
    }
}
