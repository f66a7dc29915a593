package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Makes one step of an {@link LSTM}; PyTorch's {@code nn.LSTMCell}. */
public final class LSTMCell extends RecurrentCell {
    /**
     * The states after a step.
     *
     * @param hidden the hidden state
     * @param cell the cell
     */
    public record State(Tensor hidden, Tensor cell) {}

    /** Creates a cell with biases. */
    public LSTMCell(int inputSize, int hiddenSize) {
        this(inputSize, hiddenSize, true);
    }

    /** Creates a cell with or without biases. */
    public LSTMCell(int inputSize, int hiddenSize, boolean bias) {
        super(inputSize, hiddenSize, bias, 4);
    }

    /** Returns the states after ones of zeros. */
    public State run(Tensor input) {
        return run(input, zeros(input), zeros(input));
    }

    /** Returns the next states. */
    public State run(Tensor input, Tensor hidden, Tensor cell) {
        Tensor[] next = Gates.lstm(inputGates(input), hiddenGates(hidden), cell);
        return new State(next[0], next[1]);
    }

    /** Returns the hidden state after states of zeros. */
    @Override
    public Tensor forward(Tensor input) {
        return run(input).hidden();
    }
}
