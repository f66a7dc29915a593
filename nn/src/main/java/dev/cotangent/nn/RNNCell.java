package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Makes one step of an {@link RNN}; PyTorch's {@code nn.RNNCell}. */
public final class RNNCell extends RecurrentCell {
    private final RecurrentOptions.Nonlinearity nonlinearity;

    /** Creates a cell with biases and the hyperbolic tangent. */
    public RNNCell(int inputSize, int hiddenSize) {
        this(inputSize, hiddenSize, true, RecurrentOptions.Nonlinearity.TANH);
    }

    /** Creates a cell with or without biases. */
    public RNNCell(int inputSize, int hiddenSize, boolean bias, RecurrentOptions.Nonlinearity nonlinearity) {
        super(inputSize, hiddenSize, bias, 1);
        this.nonlinearity = nonlinearity;
    }

    /** Returns the next hidden state after one of zeros. */
    @Override
    public Tensor forward(Tensor input) {
        return forward(input, zeros(input));
    }

    /** Returns the next hidden state. */
    @Override
    public Tensor forward(Tensor input, Tensor hidden) {
        return Gates.simple(inputGates(input), hiddenGates(hidden), nonlinearity);
    }

    @Override
    protected String extraRepr() {
        boolean relu = nonlinearity == RecurrentOptions.Nonlinearity.RELU;
        return super.extraRepr() + (relu ? ", nonlinearity=relu" : "");
    }
}
