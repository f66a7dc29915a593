package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Makes one step of a {@link GRU}; PyTorch's {@code nn.GRUCell}. */
public final class GRUCell extends RecurrentCell {
    /** Creates a cell with biases. */
    public GRUCell(int inputSize, int hiddenSize) {
        this(inputSize, hiddenSize, true);
    }

    /** Creates a cell with or without biases. */
    public GRUCell(int inputSize, int hiddenSize, boolean bias) {
        super(inputSize, hiddenSize, bias, 3);
    }

    /** Returns the next hidden state after one of zeros. */
    @Override
    public Tensor forward(Tensor input) {
        return forward(input, zeros(input));
    }

    /** Returns the next hidden state. */
    @Override
    public Tensor forward(Tensor input, Tensor hidden) {
        return Gates.gru(inputGates(input), hiddenGates(hidden), hidden);
    }
}
