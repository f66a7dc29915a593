package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.nn.internal.PythonText;

/** Computes {@link Tensor#leakyRelu(Number)}; PyTorch's {@code nn.LeakyReLU}. */
public final class LeakyReLU extends Module {
    private final Number negativeSlope;
    private final boolean inplace;

    /** Creates one with PyTorch's default, 1e-2. */
    public LeakyReLU() {
        this(1e-2);
    }

    /** Creates one with the slope of the negative part. */
    public LeakyReLU(Number negativeSlope) {
        this(negativeSlope, false);
    }

    /** Creates it as {@link #LeakyReLU(Number)}, writing into its input if {@code inplace}. */
    public LeakyReLU(Number negativeSlope, boolean inplace) {
        this.inplace = inplace;
        this.negativeSlope = negativeSlope;
    }

    @Override
    public Tensor forward(Tensor input) {
        return inplace ? input.leakyRelu_(negativeSlope) : input.leakyRelu(negativeSlope);
    }

    @Override
    protected String extraRepr() {
        return "negative_slope=" + PythonText.of(negativeSlope) + (inplace ? ", inplace=True" : "");
    }
}
