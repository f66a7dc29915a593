package dev.cotangent.nn;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.Warnings;
import dev.cotangent.nn.internal.PythonText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads sequences step by step, in one or several layers, in one or both directions; what {@link RNN}, {@link LSTM} and
 * {@link GRU} share.
 *
 * <p>Inputs are T x N x C (sequence, batch, features), N x T x C with {@code batchFirst}, or T x C without a batch. {@link
 * #forward(Tensor)} returns the outputs alone; {@code run} returns the last states too.
 */
public abstract sealed class RecurrentModule extends Module permits RNN, LSTM, GRU {
    private final int inputSize;
    private final int hiddenSize;
    private final RecurrentOptions options;
    private final List<Weights> weights = new ArrayList<>();

    /** The parameters of a layer in one direction. */
    record Weights(
            Tensor ih,
            Tensor hh,
            @Nullable Tensor biasIh,
            @Nullable Tensor biasHh,
            @Nullable Tensor projection) {}

    RecurrentModule(int inputSize, int hiddenSize, RecurrentOptions options, int gates) {
        if (hiddenSize <= 0) throw new ValueException("hidden_size must be greater than zero");
        if (options.numLayers() <= 0) throw new ValueException("num_layers must be greater than zero");
        if (!(options.dropout() >= 0 && options.dropout() <= 1)) {
            throw new ValueException("dropout should be a number in range [0, 1] representing the probability of an"
                    + " element being zeroed");
        }
        if (options.projSize() < 0) {
            throw new ValueException("proj_size should be a positive integer or zero to disable projections");
        }
        if (options.projSize() >= hiddenSize) throw new ValueException("proj_size has to be smaller than hidden_size");
        if (options.dropout() > 0 && options.numLayers() == 1) {
            Warnings.warn("dropout option adds dropout after all but last recurrent layer, so non-zero dropout expects"
                    + " num_layers greater than 1, but got dropout=" + PythonText.of(options.dropout())
                    + " and num_layers=1");
        }
        this.inputSize = inputSize;
        this.hiddenSize = hiddenSize;
        this.options = options;
        for (int layer = 0; layer < options.numLayers(); layer++) {
            for (int direction = 0; direction < directions(); direction++) {
                String suffix = "_l" + layer + (direction == 1 ? "_reverse" : "");
                long in = layer == 0 ? inputSize : (long) directions() * stateSize();
                weights.add(new Weights(
                        parameter("weight_ih" + suffix, (long) gates * hiddenSize, in),
                        parameter("weight_hh" + suffix, (long) gates * hiddenSize, stateSize()),
                        options.bias() ? parameter("bias_ih" + suffix, (long) gates * hiddenSize) : null,
                        options.bias() ? parameter("bias_hh" + suffix, (long) gates * hiddenSize) : null,
                        options.projSize() > 0
                                ? parameter("weight_hr" + suffix, options.projSize(), hiddenSize)
                                : null));
            }
        }
    }

    private Tensor parameter(String name, long... sizes) {
        double bound = 1 / Math.sqrt(hiddenSize);
        return registerParameter(name, Tensors.zeros(sizes).uniform_(-bound, bound));
    }

    final int directions() {
        return options.bidirectional() ? 2 : 1;
    }

    /** Returns the size of a hidden state, that of the projection if there is one. */
    final int stateSize() {
        return options.projSize() > 0 ? options.projSize() : hiddenSize;
    }

    final int hiddenSize() {
        return hiddenSize;
    }

    final RecurrentOptions given() {
        return options;
    }

    /** Computes the next states from the input's part of the gates. */
    abstract Tensor[] step(Weights w, Tensor inputGates, Tensor[] states);

    /** Returns the outputs of all steps, beginning with states of zeros. */
    @Override
    public Tensor forward(Tensor input) {
        return all(input, null)[0];
    }

    /** Returns the outputs and the last states, the states of all layers and directions being stacked. */
    final Tensor[] all(Tensor given, Tensor @Nullable [] first) {
        int dim = given.dim();
        if (dim != 2 && dim != 3) {
            throw new ValueException(name() + ": Expected input to be 2D or 3D, got " + dim + "D instead");
        }
        if (given.size(-1) != inputSize) {
            throw new CotangentException(
                    "input.size(-1) must be equal to input_size. Expected " + inputSize + ", got " + given.size(-1));
        }
        boolean batched = dim == 3;
        Tensor x = given;
        if (!batched) x = x.unsqueeze(1);
        else if (options.batchFirst()) x = x.transpose(0, 1);
        Tensor[] starts = starts(x, first, batched);
        List<List<Tensor>> lasts = new ArrayList<>();
        for (int s = 0; s < starts.length; s++) lasts.add(new ArrayList<>());
        for (int layer = 0; layer < options.numLayers(); layer++) {
            List<Tensor> outputs = new ArrayList<>();
            for (int direction = 0; direction < directions(); direction++) {
                int index = layer * directions() + direction;
                Tensor[] states = new Tensor[starts.length];
                for (int s = 0; s < states.length; s++) states[s] = starts[s].select(0, index);
                outputs.add(read(weights.get(index), x, states, direction == 1));
                for (int s = 0; s < states.length; s++) lasts.get(s).add(states[s]);
            }
            x = outputs.size() == 1 ? outputs.getFirst() : Tensors.cat(outputs, -1);
            if (layer + 1 < options.numLayers()) x = x.dropout(options.dropout(), isTraining());
        }
        Tensor[] results = new Tensor[1 + starts.length];
        results[0] = !batched ? x.squeeze(1) : options.batchFirst() ? x.transpose(0, 1) : x;
        for (int s = 0; s < starts.length; s++) {
            Tensor last = Tensors.stack(lasts.get(s));
            results[1 + s] = batched ? last : last.squeeze(1);
        }
        return results;
    }

    abstract long[] stateSizes();

    private Tensor[] starts(Tensor x, Tensor @Nullable [] given, boolean batched) {
        long[] sizes = stateSizes();
        Tensor[] all = new Tensor[sizes.length];
        long layers = (long) options.numLayers() * directions();
        for (int s = 0; s < all.length; s++) {
            long[] expected = {layers, x.size(1), sizes[s]};
            if (given == null) {
                all[s] = x.detach().newZeros(expected);
                continue;
            }
            Tensor state = given[s];
            if (state.dim() != (batched ? 3 : 2)) {
                throw new CotangentException(
                        batched
                                ? "For batched 3-D input, hx should also be 3-D but got " + state.dim() + "-D tensor"
                                : "For unbatched 2-D input, hx should also be 2-D but got " + state.dim()
                                        + "-D tensor");
            }
            Tensor shaped = batched ? state : state.unsqueeze(1);
            if (!java.util.Arrays.equals(shaped.shape().toArray(), expected)) {
                String which = all.length == 1 ? "hidden" : "hidden[" + s + "]";
                throw new CotangentException("Expected " + which + " size " + Sizes.text(expected) + ", got "
                        + java.util.Arrays.toString(shaped.shape().toArray()));
            }
            all[s] = shaped;
        }
        return all;
    }

    /** Reads a sequence; leaves the last states in {@code states}. */
    private Tensor read(Weights w, Tensor x, Tensor[] states, boolean backwards) {
        Tensor gates = x.linear(w.ih, w.biasIh);
        int length = Math.toIntExact(x.size(0));
        List<Tensor> outputs = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            Tensor[] next = step(w, gates.select(0, backwards ? length - 1 - i : i), states);
            System.arraycopy(next, 0, states, 0, states.length);
            outputs.add(states[0]);
        }
        if (backwards) Collections.reverse(outputs);
        return Tensors.stack(outputs);
    }

    @Override
    protected String extraRepr() {
        StringBuilder text = new StringBuilder(inputSize + ", " + hiddenSize);
        if (options.projSize() != 0) text.append(", proj_size=").append(options.projSize());
        if (options.numLayers() != 1) text.append(", num_layers=").append(options.numLayers());
        if (!options.bias()) text.append(", bias=False");
        if (options.batchFirst()) text.append(", batch_first=True");
        if (options.dropout() != 0) text.append(", dropout=").append(PythonText.of(options.dropout()));
        if (options.bidirectional()) text.append(", bidirectional=True");
        return text.toString();
    }
}
