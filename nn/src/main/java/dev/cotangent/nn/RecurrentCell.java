package dev.cotangent.nn;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import org.jspecify.annotations.Nullable;

/** Makes one step of a recurrent net; what {@link RNNCell}, {@link LSTMCell} and {@link GRUCell} share. */
public abstract sealed class RecurrentCell extends Module permits RNNCell, LSTMCell, GRUCell {
    private final int inputSize;
    private final int hiddenSize;
    private final Tensor weightIh;
    private final Tensor weightHh;
    private final @Nullable Tensor biasIh;
    private final @Nullable Tensor biasHh;

    RecurrentCell(int inputSize, int hiddenSize, boolean bias, int gates) {
        this.inputSize = inputSize;
        this.hiddenSize = hiddenSize;
        long rows = (long) gates * hiddenSize;
        weightIh = registerParameter("weight_ih", drawn(rows, inputSize));
        weightHh = registerParameter("weight_hh", drawn(rows, hiddenSize));
        biasIh = registerParameter("bias_ih", bias ? drawn(rows) : null);
        biasHh = registerParameter("bias_hh", bias ? drawn(rows) : null);
    }

    private Tensor drawn(long... sizes) {
        double bound = hiddenSize > 0 ? 1 / Math.sqrt(hiddenSize) : 0;
        return Tensors.zeros(sizes).uniform_(-bound, bound);
    }

    final Tensor inputGates(Tensor input) {
        if (input.dim() != 1 && input.dim() != 2) {
            throw new CotangentException(name() + ": Expected input to be 1D or 2D, got " + input.dim() + "D instead");
        }
        if (input.size(-1) != inputSize) {
            throw new CotangentException(
                    "input has inconsistent input_size: got " + input.size(-1) + " expected " + inputSize);
        }
        return input.linear(weightIh, biasIh);
    }

    final Tensor hiddenGates(Tensor hidden) {
        if (hidden.size(-1) != hiddenSize) {
            throw new CotangentException(
                    "hidden0 has inconsistent hidden_size: got " + hidden.size(-1) + ", expected " + hiddenSize);
        }
        return hidden.linear(weightHh, biasHh);
    }

    /** Returns zeros for a first state. */
    final Tensor zeros(Tensor input) {
        long[] sizes = input.shape().toArray();
        sizes[sizes.length - 1] = hiddenSize;
        return input.detach().newZeros(sizes);
    }

    @Override
    protected String extraRepr() {
        return inputSize + ", " + hiddenSize + (biasIh == null ? ", bias=False" : "");
    }
}
