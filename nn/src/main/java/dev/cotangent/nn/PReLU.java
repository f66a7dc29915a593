package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;

/** Computes {@link Tensor#prelu(Tensor)} with learned slopes; PyTorch's {@code nn.PReLU}. */
public final class PReLU extends Module {
    private static final double SLOPE = 0.25;

    private final int numParameters;
    private final Tensor weight;

    /** Creates one with one slope. */
    public PReLU() {
        this(1);
    }

    /** Creates one with a slope for each channel, 0.25 at first. */
    public PReLU(int numParameters) {
        this(numParameters, SLOPE);
    }

    /** Creates one with a slope for each channel. */
    public PReLU(int numParameters, double init) {
        this.numParameters = numParameters;
        weight = registerParameter("weight", Tensors.zeros(numParameters).fill_(init));
    }

    /** Returns the slopes. */
    public Tensor weight() {
        return weight;
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.prelu(weight);
    }

    @Override
    protected String extraRepr() {
        return "num_parameters=" + numParameters;
    }
}
