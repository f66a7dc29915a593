package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.nn.internal.PythonText;

/** Computes {@link Tensor#celu(Number)}; PyTorch's {@code nn.CELU}. */
public final class CELU extends Module {
    private final Number alpha;
    private final boolean inplace;

    /** Creates one with PyTorch's default, 1.0. */
    public CELU() {
        this(1.0);
    }

    /** Creates one with a scale of the negative part. */
    public CELU(Number alpha) {
        this(alpha, false);
    }

    /** Creates it as {@link #CELU(Number)}, writing into its input if {@code inplace}. */
    public CELU(Number alpha, boolean inplace) {
        this.inplace = inplace;
        this.alpha = alpha;
    }

    @Override
    public Tensor forward(Tensor input) {
        return inplace ? input.celu_(alpha) : input.celu(alpha);
    }

    @Override
    protected String extraRepr() {
        return "alpha=" + PythonText.of(alpha) + (inplace ? ", inplace=True" : "");
    }
}
