package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.nn.internal.PythonText;

/** Computes {@link Tensor#softplus(Number, Number)}; PyTorch's {@code nn.Softplus}. */
public final class Softplus extends Module {
    private final Number beta;
    private final Number threshold;

    /** Creates one with PyTorch's defaults, 1 and 20. */
    public Softplus() {
        this(1.0);
    }

    /** Creates one with a beta. */
    public Softplus(Number beta) {
        this(beta, 20.0);
    }

    /** Creates one with a beta and the value of {@code beta * x} from which on it is linear. */
    public Softplus(Number beta, Number threshold) {
        this.beta = beta;
        this.threshold = threshold;
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.softplus(beta, threshold);
    }

    @Override
    protected String extraRepr() {
        return "beta=" + PythonText.of(beta) + ", threshold=" + PythonText.of(threshold);
    }
}
