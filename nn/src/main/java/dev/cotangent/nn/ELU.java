package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.nn.internal.PythonText;

/** Computes {@link Tensor#elu(Number)}; PyTorch's {@code nn.ELU}. */
public final class ELU extends Module {
    private final Number alpha;
    private final boolean inplace;

    /** Creates one with PyTorch's default, 1.0. */
    public ELU() {
        this(1.0);
    }

    /** Creates one with a factor of the negative part. */
    public ELU(Number alpha) {
        this(alpha, false);
    }

    /** Creates it as {@link #ELU(Number)}, writing into its input if {@code inplace}. */
    public ELU(Number alpha, boolean inplace) {
        this.inplace = inplace;
        this.alpha = alpha;
    }

    @Override
    public Tensor forward(Tensor input) {
        return inplace ? input.elu_(alpha) : input.elu(alpha);
    }

    @Override
    protected String extraRepr() {
        return "alpha=" + PythonText.of(alpha) + (inplace ? ", inplace=True" : "");
    }
}
