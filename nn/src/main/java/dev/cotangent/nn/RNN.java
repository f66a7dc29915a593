package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.ValueException;

/** Computes {@code h = tanh(W_ih x + b_ih + W_hh h + b_hh)} step by step; PyTorch's {@code nn.RNN}. */
public final class RNN extends RecurrentModule {
    /**
     * The result for a sequence.
     *
     * @param output the output of each step, of the shape of the input but for the features
     * @param hidden the last hidden states, layers and directions first
     */
    public record Output(Tensor output, Tensor hidden) {}

    /** Returns the options with PyTorch's defaults. */
    public static RecurrentOptions options() {
        return RecurrentOptions.DEFAULT;
    }

    /** Creates one layer. */
    public RNN(int inputSize, int hiddenSize) {
        this(inputSize, hiddenSize, options());
    }

    /** Creates one with options. */
    public RNN(int inputSize, int hiddenSize, RecurrentOptions options) {
        super(inputSize, hiddenSize, withoutProjection(options), 1);
    }

    private static RecurrentOptions withoutProjection(RecurrentOptions options) {
        if (options.projSize() != 0) {
            throw new ValueException("proj_size argument is only supported for LSTM, not RNN or GRU");
        }
        return options;
    }

    /** Returns the outputs and the last states, beginning with zeros. */
    public Output run(Tensor input) {
        return output(all(input, null));
    }

    /** Returns the outputs and the last states, beginning with states of all layers and directions. */
    public Output run(Tensor input, Tensor hidden) {
        return output(all(input, new Tensor[] {hidden}));
    }

    private static Output output(Tensor[] all) {
        return new Output(all[0], all[1]);
    }

    @Override
    long[] stateSizes() {
        return new long[] {stateSize()};
    }

    @Override
    Tensor[] step(Weights w, Tensor inputGates, Tensor[] states) {
        Tensor hidden = states[0].linear(w.hh(), w.biasHh());
        return new Tensor[] {Gates.simple(inputGates, hidden, given().nonlinearity())};
    }
}
