package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** A step of each kind of recurrent cell. */
final class Gates {
    private Gates() {}

    private static Tensor part(Tensor gates, int index, int of) {
        long size = gates.size(-1) / of;
        return gates.narrow(-1, index * size, size);
    }

    /** Returns {@code f(input + hidden)}. */
    static Tensor simple(Tensor input, Tensor hidden, RecurrentOptions.Nonlinearity f) {
        Tensor sum = input.add(hidden);
        return f == RecurrentOptions.Nonlinearity.RELU ? sum.relu() : sum.tanh();
    }

    /** Returns hidden state and cell of an LSTM; gates are in the order input, forget, cell, output. */
    static Tensor[] lstm(Tensor input, Tensor hidden, Tensor cell) {
        Tensor gates = input.add(hidden);
        Tensor next = part(gates, 1, 4)
                .sigmoid()
                .mul(cell)
                .add(part(gates, 0, 4).sigmoid().mul(part(gates, 2, 4).tanh()));
        return new Tensor[] {part(gates, 3, 4).sigmoid().mul(next.tanh()), next};
    }

    /** Returns the hidden state of a GRU; gates are in the order reset, update, new. */
    static Tensor gru(Tensor input, Tensor hidden, Tensor state) {
        Tensor reset = part(input, 0, 3).add(part(hidden, 0, 3)).sigmoid();
        Tensor update = part(input, 1, 3).add(part(hidden, 1, 3)).sigmoid();
        Tensor fresh = part(input, 2, 3).add(reset.mul(part(hidden, 2, 3))).tanh();
        return fresh.add(update.mul(state.sub(fresh)));
    }
}
