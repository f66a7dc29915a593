package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Computes long short-term memory (Hochreiter and Schmidhuber 1997) step by step; PyTorch's {@code nn.LSTM}. */
public final class LSTM extends RecurrentModule {
    /**
     * The result for a sequence.
     *
     * @param output the output of each step, of the shape of the input but for the features
     * @param hidden the last hidden states, layers and directions first
     * @param cell the last cells, layers and directions first
     */
    public record Output(Tensor output, Tensor hidden, Tensor cell) {}

    /** Returns the options with PyTorch's defaults. */
    public static RecurrentOptions options() {
        return RecurrentOptions.DEFAULT;
    }

    /** Creates one layer. */
    public LSTM(int inputSize, int hiddenSize) {
        this(inputSize, hiddenSize, options());
    }

    /** Creates one with options. */
    public LSTM(int inputSize, int hiddenSize, RecurrentOptions options) {
        super(inputSize, hiddenSize, options, 4);
    }

    /** Returns the outputs and the last states, beginning with zeros. */
    public Output run(Tensor input) {
        return output(all(input, null));
    }

    /** Returns the outputs and the last states, beginning with states of all layers and directions. */
    public Output run(Tensor input, Tensor hidden, Tensor cell) {
        return output(all(input, new Tensor[] {hidden, cell}));
    }

    private static Output output(Tensor[] all) {
        return new Output(all[0], all[1], all[2]);
    }

    @Override
    long[] stateSizes() {
        return new long[] {stateSize(), hiddenSize()};
    }

    @Override
    Tensor[] step(Weights w, Tensor inputGates, Tensor[] states) {
        Tensor[] next = Gates.lstm(inputGates, states[0].linear(w.hh(), w.biasHh()), states[1]);
        Tensor projection = w.projection();
        if (projection != null) next[0] = next[0].linear(projection, null);
        return next;
    }
}
